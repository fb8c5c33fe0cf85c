import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonValue } from '../../../src/base/json';
import { canonicalJson } from '../../../src/policy/canonicalJson';

const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<JsonValue>;

/** The same value with the keys of every object in another order. */
function reordered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.create(null) as Record<string, JsonValue>;
  for (const [key, item] of Object.entries(value).reverse()) copy[key] = reordered(item ?? null);
  return copy;
}

test('the order of keys does not show', () => {
  fc.assert(
    fc.property(json, (value) => assert.equal(canonicalJson(reordered(value)), canonicalJson(value))),
  );
});

test('texts are equal exactly when values are', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const plain = (value: JsonValue): unknown => JSON.parse(JSON.stringify(value));
      assert.equal(canonicalJson(a) === canonicalJson(b), isDeepStrictEqual(plain(a), plain(b)));
    }),
  );
});

test('the text reads back as the same value', () => {
  fc.assert(
    fc.property(json, (value) =>
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value))),
    ),
  );
});

test('keys are sorted by UTF-16 code units, as in the example of RFC 8785', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
  assert.deepEqual(
    [...canonicalJson(value).matchAll(/:(\d)/g)].map(([, digit]) => digit),
    ['2', '4', '6', '7', '1', '5', '3'],
  );
});

const TABLE: readonly (readonly [JsonValue, string])[] = [
  [{ b: [1, { d: null, c: true }], a: 'x' }, '{"a":"x","b":[1,{"c":true,"d":null}]}'],
  [[], '[]'],
  [{}, '{}'],
  [[[], {}], '[[],{}]'],
  [1e21, '1e+21'],
  [-0, '0'],
  ['\u2028"\\\n', '"\u2028\\"\\\\\\n"'],
  ['\ud800', '"\\ud800"'],
  [JSON.parse('{"__proto__":{"a":1},"constructor":2}') as JsonValue, '{"__proto__":{"a":1},"constructor":2}'],
  [{ a: undefined, b: 1 }, '{"b":1}'],
];
for (const [value, text] of TABLE) test(`prints ${text}`, () => assert.equal(canonicalJson(value), text));

test('deep nesting costs no stack', () => {
  let value: JsonValue = [];
  for (let depth = 0; depth < 200_000; depth += 1) value = [value];
  assert.equal(canonicalJson(value).length, 400_002);
});

test('numbers that JSON does not have are refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => canonicalJson({ value }), RangeError);
});
