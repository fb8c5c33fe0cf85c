import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import type { JsonObject } from '../../../src/base/json';
import { headerValue, paramHeadersOf, readParamHeaders } from '../../../src/protocol/paramHeaders';

function schema(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, ...more };
}

const WRONG: readonly (readonly [string, JsonObject])[] = [
  ['an empty name', schema({ a: { type: 'string', 'x-mcp-header': '' } })],
  ['a name with a space', schema({ a: { type: 'string', 'x-mcp-header': 'a b' } })],
  ['a name with a colon', schema({ a: { type: 'string', 'x-mcp-header': 'a:b' } })],
  ['a name with a line break', schema({ a: { type: 'string', 'x-mcp-header': 'a\nHost' } })],
  ['a name that is not ASCII', schema({ a: { type: 'string', 'x-mcp-header': 'ä' } })],
  ['a name that is no string', schema({ a: { type: 'string', 'x-mcp-header': 7 } })],
  ['a number', schema({ a: { type: 'number', 'x-mcp-header': 'A' } })],
  ['an array', schema({ a: { type: 'array', 'x-mcp-header': 'A' } })],
  ['several types', schema({ a: { type: ['string', 'null'], 'x-mcp-header': 'A' } })],
  ['no type', schema({ a: { 'x-mcp-header': 'A' } })],
  [
    'two of one name, told apart by case',
    schema({ a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } }),
  ],
  ['the items of an array', schema({ a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } })],
  ['an alternative', schema({}, { anyOf: [{ properties: { a: { type: 'string', 'x-mcp-header': 'A' } } }] })],
  [
    'a definition',
    schema({ a: { $ref: '#/$defs/x' } }, { $defs: { x: { type: 'string', 'x-mcp-header': 'A' } } }),
  ],
  ['the schema itself', { type: 'object', 'x-mcp-header': 'A' }],
];

for (const [what, wrong] of WRONG)
  test(`a header wish on ${what} makes the tool unusable`, () => {
    assert.equal(readParamHeaders(wrong).ok, false);
  });

test('wishes are found along properties, at any depth', () => {
  const inner = { type: 'object', properties: { b: { type: 'boolean', 'x-mcp-header': 'B' } } };
  const read = readParamHeaders(
    schema({ a: { type: 'integer', 'x-mcp-header': 'A' }, o: inner, p: { type: 'string' } }),
  );
  assert.deepEqual(read, {
    ok: true,
    value: [
      { path: ['a'], name: 'A' },
      { path: ['o', 'b'], name: 'B' },
    ],
  });
});

test('a schema is looked at up to a bound, and wishes beyond it are not seen', () => {
  const misplaced = { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } };
  const wide = (count: number): JsonObject =>
    schema({
      ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, {}])),
      last: misplaced,
    });
  assert.equal(readParamHeaders(wide(1_000)).ok, false);
  assert.deepEqual(readParamHeaders(wide(25_000)), { ok: true, value: [] });
});

test('names of inherited properties are names like any other', () => {
  const properties = JSON.parse('{"__proto__":{"type":"string","x-mcp-header":"P"}}') as JsonObject;
  const read = readParamHeaders(schema(properties));
  assert.ok(read.ok);
  assert.deepEqual(paramHeadersOf(read.value, {}), []);
  assert.deepEqual(paramHeadersOf(read.value, JSON.parse('{"__proto__":"x"}') as JsonObject), [
    ['Mcp-Param-P', 'x'],
  ]);
});

test('whatever the text, its header is one line of visible ASCII that can be read back', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom('', ' a', 'a\r\nX: y', '=?base64?eA==?='),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const value = headerValue(text);
      assert.match(value, /^[\x20-\x7e]*$/);
      assert.equal(value.trim(), value);
      const marked = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
      const back = marked === undefined ? value : Buffer.from(marked, 'base64').toString('utf8');
      assert.equal(back, Buffer.from(text, 'utf8').toString('utf8'));
    }),
  );
});

test('no schema, however it is made, makes the reader throw', () => {
  fc.assert(
    fc.property(
      fc.object({ key: fc.constantFrom('properties', 'x-mcp-header', 'type', 'items', 'a'), maxDepth: 6 }),
      (raw) => {
        readParamHeaders(JSON.parse(JSON.stringify(raw)) as JsonObject);
      },
    ),
  );
});
