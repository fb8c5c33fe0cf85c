import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';

import type { JsonValue } from '../../../src/base/json';
import { isSameJson } from '../../../src/base/sameJson';

const anyJson = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

test('two values are the same JSON when all in them is, whatever the order of names', () => {
  fc.assert(
    fc.property(anyJson, (value) => isSameJson(value, JSON.parse(JSON.stringify(value)) as JsonValue)),
  );
  fc.assert(fc.property(anyJson, anyJson, (a, b) => isSameJson(a, b) === isDeepStrictEqual(a, b)));
  const parse = (json: string): JsonValue => JSON.parse(json) as JsonValue;
  assert.equal(isSameJson(parse('{"a":1,"b":[{"c":null}]}'), parse('{"b":[{"c":null}],"a":1}')), true);
  for (const [a, b] of [
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"__proto__":{}}', '{"toString":{}}'],
    ['{"a":null}', '{"b":null}'],
    ['[1,2]', '[2,1]'],
    ['[]', '{}'],
    ['"1"', '1'],
  ] as const)
    assert.equal(isSameJson(parse(a), parse(b)), false, `${a} ${b}`);
});

test('what is nested too deep is not looked through', () => {
  const deep = (): JsonValue => JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as JsonValue;
  assert.equal(isSameJson(deep(), deep()), false);
});
