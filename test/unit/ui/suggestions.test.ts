import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { CompletionResult } from '../../../src/protocol/content';
import { Suggestions } from '../../../src/ui/resources/suggestions';
import { FakeClock } from '../../support/fakeClock';

class Asked {
  readonly clock = new FakeClock();
  readonly questions: { text: string; signal: AbortSignal; answer: Deferred<CompletionResult> }[] = [];
  changes = 0;
  readonly suggestions = new Suggestions(
    this.clock,
    (text, signal) => {
      const answer = new Deferred<CompletionResult>();
      this.questions.push({ text, signal, answer });
      return answer.promise;
    },
    () => this.changes++,
  );

  async answer(index: number, ...values: string[]): Promise<void> {
    this.questions[index]?.answer.resolve({ values, hasMore: false });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('a server is asked once the typing pauses, for what is there then', () => {
  const asked = new Asked();
  for (const text of ['b', 'be', 'ber', 'bern']) {
    asked.suggestions.typed(text);
    asked.clock.advance(200);
  }
  assert.equal(asked.questions.length, 0);
  asked.clock.advance(50);
  assert.deepEqual(
    asked.questions.map(({ text }) => text),
    ['bern'],
  );
  asked.suggestions.dispose();
});

test('a new question takes the one before back, whose answer does not count any more', async () => {
  const asked = new Asked();
  asked.suggestions.askNow('a');
  asked.suggestions.askNow('b');
  assert.equal(asked.questions[0]?.signal.aborted, true);
  await asked.answer(0, 'late');
  assert.deepEqual(asked.suggestions.latest.values, []);
  assert.ok(asked.suggestions.isAsking);
  await asked.answer(1, 'now');
  assert.deepEqual(asked.suggestions.latest.values, ['now']);
  assert.equal(asked.suggestions.isAsking, false);
});

test('a failure suggests nothing, and what was suggested before is gone', async () => {
  const asked = new Asked();
  asked.suggestions.askNow('a');
  await asked.answer(0, 'one');
  asked.suggestions.askNow('b');
  asked.questions[1]?.answer.reject(new Error('no'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(asked.suggestions.latest, { values: [], hasMore: false });
});

test('once it is disposed nothing is asked, waited for or told', async () => {
  const asked = new Asked();
  asked.suggestions.askNow('a');
  asked.suggestions.typed('b');
  const { changes } = asked;
  asked.suggestions.dispose();
  assert.equal(asked.questions[0]?.signal.aborted, true);
  await asked.answer(0, 'x');
  asked.clock.advance(10_000);
  assert.equal(asked.questions.length, 1);
  assert.equal(asked.changes, changes);
  assert.equal(asked.clock.waiting, 0);
});
