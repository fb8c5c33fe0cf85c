/** T116: the page that reviews sampling is foreign to its panel, and is believed only what a page of ours would say of what it shows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { readSamplingMessage } from '../../../src/presentation/readSamplingMessage';

const SHOWN = { conversation: 3, id: 7, others: new Set([4]) };

test('more than any request of a server holds is not read', () => {
  const send = (length: number): object => ({
    type: 'send',
    id: 7,
    edit: { texts: [0, 1].map((place) => [place, 'x'.repeat(length)]) },
  });
  assert.ok(readSamplingMessage(send(1_048_576), SHOWN));
  assert.equal(readSamplingMessage(send(1_048_577), SHOWN), undefined);
});

const GOOD: readonly object[] = [
  { type: 'ready' },
  { type: 'close' },
  { type: 'select', conversation: 4 },
  { type: 'stop', conversation: 3 },
  { type: 'deny', id: 7 },
  { type: 'allow-for', id: 7 },
  { type: 'model', id: 7 },
  { type: 'document', id: 7 },
  { type: 'again', id: 7 },
  { type: 'attach', id: 7 },
  { type: 'show-all', id: 7 },
  { type: 'return', id: 7 },
  { type: 'return', id: 7, text: 'x' },
  { type: 'send', id: 7, edit: { texts: [] } },
  {
    type: 'send',
    id: 7,
    edit: {
      texts: [
        [0, ''],
        [1, 'x'],
      ],
      without: [0, 2],
      roles: [[1, 'assistant']],
      added: [{ role: 'user', text: '' }],
      maxTokens: 5,
      temperature: null,
      stopSequences: ['a'],
    },
  },
  { type: 'answer', id: 7, answer: { text: 'x', stopReason: 'endTurn' } },
  { type: 'answer', id: 7, answer: { text: '', stopReason: 'toolUse', tool: { name: 'a', input: '{}' } } },
];

const BAD: readonly unknown[] = [
  undefined,
  null,
  'ready',
  [],
  {},
  { type: 'ready', id: 7 },
  { type: 'allow', id: 7 },
  { type: 'allow-once', id: 7 },
  { type: 'send' },
  { type: 'send', id: 7 },
  { type: 'send', id: 8, edit: { texts: [] } },
  { type: 'send', id: '7', edit: { texts: [] } },
  { type: 'send', id: 7, edit: { texts: [] }, model: {} },
  { type: 'send', id: 7, edit: { texts: [], model: 'x' } },
  { type: 'send', id: 7, edit: { texts: [[-1, 'x']] } },
  { type: 'send', id: 7, edit: { texts: [[0.5, 'x']] } },
  { type: 'send', id: 7, edit: { texts: [[0, 1]] } },
  {
    type: 'send',
    id: 7,
    edit: {
      texts: [
        [0, 'x'],
        [0, 'y'],
      ],
    },
  },
  { type: 'send', id: 7, edit: { texts: [[0, 'x'.repeat(2_097_153)]] } },
  { type: 'send', id: 7, edit: { texts: [], maxTokens: '5' } },
  { type: 'send', id: 7, edit: { texts: [], without: [1, 1] } },
  { type: 'send', id: 7, edit: { texts: [], without: [-1] } },
  { type: 'send', id: 7, edit: { texts: [], without: ['1'] } },
  { type: 'send', id: 7, edit: { texts: [], without: Array.from({ length: 501 }, (_, index) => index) } },
  { type: 'send', id: 7, edit: { texts: [], roles: [[1, 'system']] } },
  {
    type: 'send',
    id: 7,
    edit: {
      texts: [],
      roles: [
        [1, 'user'],
        [1, 'assistant'],
      ],
    },
  },
  { type: 'send', id: 7, edit: { texts: [], added: [{ role: 'user' }] } },
  { type: 'send', id: 7, edit: { texts: [], added: [{ role: 'system', text: 'x' }] } },
  { type: 'send', id: 7, edit: { texts: [], added: [{ role: 'user', text: 'x', image: 1 }] } },
  {
    type: 'send',
    id: 7,
    edit: { texts: [[0, 'x'.repeat(1_048_576)]], added: [{ role: 'user', text: 'x'.repeat(1_048_577) }] },
  },
  { type: 'send', id: 7, edit: { texts: [], stopSequences: [1] } },
  { type: 'send', id: 7, edit: { texts: [], stopSequences: new Array<string>(65).fill('a') } },
  { type: 'answer', id: 7, answer: { text: 'x' } },
  { type: 'answer', id: 7, answer: { text: 'x', stopReason: 'other' } },
  { type: 'answer', id: 7, answer: { text: 'x', stopReason: 'endTurn', model: 'gpt' } },
  { type: 'answer', id: 7, answer: { text: 'x', stopReason: 'endTurn', tool: { name: 'a', input: '{}' } } },
  { type: 'answer', id: 7, answer: { text: 'x', stopReason: 'toolUse', tool: { name: 'a' } } },
  { type: 'return', id: 8 },
  { type: 'return', id: 7, text: 5 },
  { type: 'stop', conversation: 4 },
  { type: 'select', conversation: 9 },
  { type: 'select', conversation: 4, id: 7 },
];

test('what a page of ours says is read as it is', () => {
  for (const message of GOOD) assert.deepEqual(readSamplingMessage(message, SHOWN), message);
});

test('nothing else is read, nor anything about what is not shown', () => {
  for (const message of BAD)
    assert.equal(readSamplingMessage(message, SHOWN), undefined, JSON.stringify(message)?.slice(0, 100));
  const nothing = { conversation: undefined, id: undefined, others: new Set<number>() };
  for (const message of GOOD.slice(2)) assert.equal(readSamplingMessage(message, nothing), undefined);
});

test('whatever else a page sends neither throws nor decides', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record({
          type: fc.constantFrom('send', 'answer', 'return', 'deny'),
          id: fc.anything(),
          edit: fc.anything(),
        }),
      ),
      (raw) => {
        const message = readSamplingMessage(raw, SHOWN);
        if (message && 'id' in message) assert.equal(message.id, 7);
      },
    ),
    { numRuns: 2_000 },
  );
});
