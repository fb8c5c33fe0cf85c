/** Requests and answers that are longer than the page begins with: told, a click away, and never let go before (T135). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { samplingPage, type SamplingPageOptions } from '../../../src/presentation/samplingPage';
import type { AnsweredStage, AskedStage, PagePart } from '../../../src/presentation/samplingPageMessages';
import { VisibleTexts } from '../../../src/presentation/visibleText';
import type { SamplingMessage, SamplingRequest } from '../../../src/protocol/sampling';
import { facts } from '../policy/grants';
import { sampling, samplingAnswer } from './waiting';

const OPTIONS: SamplingPageOptions = {
  formatTime: String,
  editorName: 'Editor',
  waiting: [],
  hasContext: false,
  cost: [],
  texts: new VisibleTexts(),
};

const says = (text: string): SamplingMessage => ({ role: 'user', content: [{ type: 'text', text }] });

function asked(request: Partial<SamplingRequest>, whole = false): AskedStage {
  const entry = sampling(request);
  const subject = { ...entry.subject, grant: { facts: facts(), isOwn: true } };
  const { stage } = samplingPage({ kind: 'asked', entry: { ...entry, subject } }, { ...OPTIONS, whole });
  assert.ok(stage.kind === 'asked');
  return stage;
}

function answered(text: string, whole = false): AnsweredStage {
  const { stage } = samplingPage(
    { kind: 'answered', entry: samplingAnswer({ text }) },
    { ...OPTIONS, whole },
  );
  assert.ok(stage.kind === 'answered');
  return stage;
}

const shownOf = (parts: readonly PagePart[]): readonly string[] =>
  parts.map((part) => ('shown' in part ? part.shown.text : part.label));

test('T135: of what is longer than a page begins with, the rest is a click away, and nothing is sent or returned before', () => {
  const long = 'y'.repeat(300_000);
  const messages = [says(long), says('the last')];
  const stage = asked({ messages });
  const [, first, last] = stage.blocks.map(({ parts }) => parts[0]);
  assert.ok(first?.kind === 'text' && last?.kind === 'text');
  assert.deepEqual([first.edit, first.shown.text.length], [undefined, 262_144]);
  assert.equal(first.shown.more, '37,856 more characters not shown');
  assert.equal(last.shown.more, '8 more characters not shown');
  for (const cut of [stage, answered(long)]) {
    assert.equal(cut.hasMore, true);
    assert.match(cut.whyNot ?? '', /only its beginning is shown\. Show all of it before you let it go\./);
    assert.ok(cut.warnings.includes(cut.whyNot ?? ''), 'it is said where it is read, too');
  }
  assert.equal(stage.canGrant, false, 'nor is a rule made of it');
  const all = asked({ messages }, true);
  const shown = all.blocks.flatMap(({ parts }) => shownOf(parts));
  assert.deepEqual([shown.slice(1), all.hasMore, all.whyNot], [[long, 'the last'], false, undefined]);
  assert.equal(all.canGrant, true);
  const [part] = all.blocks[1]?.parts ?? [];
  assert.equal(part?.kind === 'text' && part.edit?.raw, long);
  const answer = answered(long, true);
  assert.deepEqual([answer.hasMore, answer.whyNot], [false, undefined]);
});

test('T135: two hundred kilobytes and forty messages are there at once', () => {
  const messages = Array.from({ length: 40 }, (_, index) => says(`${index} ${'z'.repeat(5_000)}`));
  const stage = asked({ messages });
  assert.deepEqual([stage.hasMore, stage.whyNot], [false, undefined]);
  for (const index of [0, 20, 39])
    assert.equal(shownOf(stage.blocks[index + 1]?.parts ?? [])[0]?.length, `${index} `.length + 5_000);
});

test('T135: what no page holds is decided in its document only, and says so', () => {
  const stage = asked({ messages: [says('y'.repeat(4_194_305))] }, true);
  assert.equal(stage.hasMore, false);
  assert.match(stage.whyNot ?? '', /Open it as a document: there all of it stands, and there you can decide/);
});
