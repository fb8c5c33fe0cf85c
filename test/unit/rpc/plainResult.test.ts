import assert from 'node:assert/strict';
import { test } from 'node:test';

import { plainTextOf, resultOfPlainText } from '../../../src/rpc/plainResult';

const text = { kind: 'inline', text: 'hello' };

test('a result that is one text comes back as it was', () => {
  for (const value of ['', 'hello', '\u0000\ud800', '{"isError":false}'])
    assert.equal(plainTextOf(resultOfPlainText(value)), value);
});

for (const [name, result] of Object.entries({
  'an error': { isError: true, content: [{ type: 'text', text }] },
  'no content': { isError: false, content: [] },
  'two texts': {
    isError: false,
    content: [
      { type: 'text', text },
      { type: 'text', text },
    ],
  },
  'structured content': { isError: false, content: [{ type: 'text', text }], structured: text },
  metadata: { isError: false, content: [{ type: 'text', text }], meta: text },
  'a block that says more': { isError: false, content: [{ type: 'text', text, more: 1 }] },
  'a text that says more': { isError: false, content: [{ type: 'text', text: { ...text, more: 1 } }] },
  'a held text': {
    isError: false,
    content: [{ type: 'text', text: { kind: 'held', handle: 1, bytes: 1, head: '' } }],
  },
  'an image': { isError: false, content: [{ type: 'image', mimeType: 'image/png', data: new Uint8Array() }] },
  'another result': { items: [], more: false },
  'a text': 'hello',
  nothing: undefined,
  null: null,
}))
  test(`${name} crosses as it is`, () => {
    assert.equal(plainTextOf(result), undefined);
  });
