import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { readInputMessage, type ControlShape } from '../../../src/presentation/inputMessages';

const CONTROLS: readonly ControlShape[] = [
  { kind: 'text' },
  { kind: 'one', choices: ['a', 'b'] },
  { kind: 'several', choices: ['a', 'b', 'c'] },
];
const edit = (field: number, entered: unknown, revision: unknown = 1): unknown => ({
  type: 'edit',
  revision,
  field,
  entered,
});

test('what a page of ours says is read', () => {
  for (const message of [
    ...['ready', 'back', 'open', 'decline', 'cancel'].map((type) => ({ type })),
    { type: 'seen', fields: [0, 2] },
    { type: 'seen', fields: [] },
    { type: 'submit', revision: 0, anyway: false },
    edit(0, { kind: 'text', text: '' }),
    edit(1, { kind: 'one' }),
    edit(1, { kind: 'one', index: 1 }),
    edit(2, { kind: 'several', indexes: [0, 2] }),
  ])
    assert.deepEqual(readInputMessage(message, CONTROLS), message);
});

test('anything else of a page is not acted on (T116)', () => {
  for (const message of [
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'ready', more: 1 },
    { type: 'allow' },
    { type: 'seen', fields: [0, 0] },
    { type: 'seen', fields: [2, 1] },
    { type: 'seen', fields: [3] },
    { type: 'seen', fields: 'all' },
    { type: 'submit', revision: 1 },
    { type: 'submit', revision: -1, anyway: true },
    { type: 'submit', revision: 1, anyway: 'yes' },
    { type: 'submit', revision: 1, anyway: true, content: { k: 'v' } },
    edit(3, { kind: 'text', text: '' }),
    edit(-1, { kind: 'text', text: '' }),
    edit(0, { kind: 'text', text: '' }, 1.5),
    edit(0, { kind: 'text', text: 'x'.repeat(100_001) }),
    edit(0, { kind: 'text', text: 1 }),
    edit(0, { kind: 'one', index: 0 }),
    edit(0, { kind: 'text', text: '', index: 0 }),
    edit(1, { kind: 'text', text: '' }),
    edit(1, { kind: 'one', index: 2 }),
    edit(1, { kind: 'one', index: '0' }),
    edit(2, { kind: 'several' }),
    edit(2, { kind: 'several', indexes: [1, 1] }),
    edit(2, { kind: 'several', indexes: [0, 1, 2, 3] }),
    edit(2, null),
  ])
    assert.equal(readInputMessage(message, CONTROLS), undefined, JSON.stringify(message));
  assert.equal(
    readInputMessage(edit(0, { kind: 'text', text: '' }), []),
    undefined,
    'an address has no fields',
  );
});

test('no message makes the reader throw, or say more than the message did (T116)', () => {
  fc.assert(
    fc.property(fc.anything(), (raw) => {
      const read = readInputMessage(raw, CONTROLS);
      if (read) assert.deepEqual(read, raw);
    }),
  );
});
