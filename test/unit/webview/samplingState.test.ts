import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Drafts } from '../../../src/webview/samplingState';

/** What the editor keeps for a page. */
class Memory {
  constructor(private state?: unknown) {}

  getState(): unknown {
    return this.state;
  }

  setState(state: unknown): void {
    this.state = structuredClone(state);
  }
}

const draftOf = (conversation: number, text: string): Parameters<Drafts['put']>[0] => ({
  key: `asked ${conversation}`,
  conversation,
  draft: { texts: [[1, text]] },
  typed: [text],
});

test('what was typed about a request is there again after another one was looked at, and after the page was drawn anew', () => {
  const memory = new Memory();
  const drafts = new Drafts(memory);
  drafts.put(draftOf(1, 'mine'));
  drafts.put(draftOf(2, 'of the other'));
  drafts.put(draftOf(2, 'of the other, longer'));
  drafts.keepOnly(new Set([2, 1]));
  for (const kept of [drafts, new Drafts(memory)]) {
    assert.deepEqual(kept.of('asked 1'), { texts: [[1, 'mine']] });
    assert.deepEqual(kept.of('asked 2'), { texts: [[1, 'of the other, longer']] });
    assert.deepEqual(kept.typedIn(1), ['mine']);
    assert.deepEqual(kept.typedIn(undefined), ['mine', 'of the other, longer']);
  }
});

test('what is of a request that does not wait any more is forgotten, by the editor too', () => {
  const memory = new Memory();
  const drafts = new Drafts(memory);
  drafts.put(draftOf(1, 'sent'));
  drafts.put(draftOf(2, 'waits'));
  drafts.keepOnly(new Set([2]));
  for (const kept of [drafts, new Drafts(memory)]) {
    assert.equal(kept.of('asked 1'), undefined);
    assert.deepEqual(kept.typedIn(undefined), ['waits']);
  }
  assert.doesNotMatch(JSON.stringify(memory.getState()), /sent/);
});

test('a memory that holds anything else is none', () => {
  const good = draftOf(1, 'mine');
  for (const state of [
    undefined,
    null,
    5,
    'text',
    [],
    { drafts: 5 },
    { drafts: [null, {}, { ...good, typed: [5] }] },
  ])
    assert.deepEqual(new Drafts(new Memory(state)).typedIn(undefined), [], JSON.stringify(state));
  assert.deepEqual(new Drafts(new Memory({ drafts: [{ ...good, key: 5 }, good] })).typedIn(undefined), [
    'mine',
  ]);
});
