import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonValue } from '../../../src/base/json';
import { jsonChars } from '../../../src/protocol/jsonSize';

const ENDLESS = { chars: 1e9, containers: 1e9 };

/** JSON whose texts need no escapes, the names of members like `__proto__` included. */
const json = fc.letrec<{ value: JsonValue }>((tie) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '_', ' ') });
  const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toString'));
  return {
    value: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.array(fc.tuple(name, tie('value'))).map((members) => Object.fromEntries(members) as JsonValue),
    ),
  };
}).value;

test('the characters of a value are those of its compact JSON', () => {
  fc.assert(
    fc.property(json, (value) => assert.equal(jsonChars(value, ENDLESS), JSON.stringify(value).length)),
  );
});

test('a value that has just as much as it may is within its bounds, and with one character more it is not', () => {
  fc.assert(
    fc.property(json, (value) => {
      const chars = JSON.stringify(value).length;
      assert.equal(jsonChars(value, { ...ENDLESS, chars }), chars);
      assert.equal(jsonChars(value, { ...ENDLESS, chars: chars - 1 }), undefined);
    }),
  );
});

test('objects and arrays are bounded by their number, also where they are empty', () => {
  const value = [{}, [], { a: {} }];
  assert.equal(jsonChars(value, { ...ENDLESS, containers: 5 }), JSON.stringify(value).length);
  assert.equal(jsonChars(value, { ...ENDLESS, containers: 4 }), undefined);
});

test('the deepest value a message can hold is counted', () => {
  let value: JsonValue = 'a';
  for (let level = 0; level < 200; level += 1) value = level % 2 === 0 ? [value] : { b: value };
  assert.equal(jsonChars(value, ENDLESS), JSON.stringify(value).length);
});
