/** What schemas of servers say in ways that the checker does not know by itself. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { compileSchema, runJob } from '../../../src/validation/checkSchema';
import type { Validation } from '../../../src/validation/contract';

const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

function check(schema: JsonObject, value: JsonValue): Validation {
  return runJob({ id: 1, schema, pointer: '', candidate: { value } }, compileSchema);
}

function kindOf(schema: JsonObject, value: JsonValue): Validation['kind'] {
  return check(schema, value).kind;
}

test('a reference to a name with a percent sign is found, written as a name or as a URI', () => {
  for (const $ref of ['#/$defs/50%off', '#/$defs/50%25off', '#/$defs/%5', '#/$defs/%255']) {
    const schema = { $defs: { '50%off': { type: 'string' }, '%5': { type: 'string' } }, $ref };
    assert.equal(kindOf(schema, 'a'), 'valid', $ref);
    assert.equal(kindOf(schema, 1), 'invalid', $ref);
  }
});

test('why a reference is not followed is told without names of ours', () => {
  const $id = 'https://example.com/s';
  for (const $ref of [$id, 'other.json', '#/$defs/none']) {
    const outcome = check({ $id, properties: { a: { $ref } } }, 1);
    assert.ok(outcome.kind === 'unchecked' && outcome.reason.includes($ref), JSON.stringify(outcome));
    assert.doesNotMatch(outcome.reason, /mcp-host/);
  }
});

test('what stands beside a reference counts in the dialects that say so', () => {
  const parts = {
    definitions: { a: { type: 'string' } },
    properties: { x: { $ref: '#/definitions/a', maxLength: 1 } },
  };
  for (const $schema of [DRAFT_07, 'http://json-schema.org/draft-06/schema#'])
    assert.equal(kindOf({ $schema, ...parts }, { x: 'ab' }), 'valid');
  assert.equal(kindOf({ $schema: DRAFT_07, ...parts }, { x: 1 }), 'invalid');
  assert.equal(kindOf(parts, { x: 'ab' }), 'invalid');
});

test('what is nullable takes null, wherever it says so, and costs nothing else its check', () => {
  const text = { type: 'string' };
  const takers: readonly JsonObject[] = [
    { anyOf: [text, { type: 'number' }] },
    { oneOf: [text, { type: 'number' }] },
    { oneOf: [text, { type: ['number', 'null'] }] },
    { enum: ['a', 1] },
    { $ref: '#/$defs/text' },
    { type: 'string' },
  ];
  for (const taker of takers) {
    const $defs = { text };
    const nullable = { $defs, properties: { nullable: { ...taker, nullable: true }, y: text } };
    assert.equal(kindOf(nullable, { nullable: null }), 'valid', JSON.stringify(taker));
    assert.equal(kindOf(nullable, { nullable: 'a', y: 'b' }), 'valid');
    for (const wrong of [{ nullable: true }, { y: 1 }]) assert.equal(kindOf(nullable, wrong), 'invalid');
    const other = { $defs, items: { allOf: [{ ...taker, nullable: false }, { not: { type: 'null' } }] } };
    assert.deepEqual([kindOf(other, ['a']), kindOf(other, [null])], ['valid', 'invalid']);
  }
  const value = { nullable: true, enum: ['a'] };
  assert.equal(kindOf({ properties: { x: { const: value }, nullable: true } }, { x: value }), 'valid');
  const dependent = { dependentSchemas: { nullable: false } };
  assert.equal(kindOf(dependent, { nullable: 1 }), 'invalid', 'a name that looks like the word');
});

test('a multiple of a decimal fraction is one, whatever binary fractions make of it', () => {
  for (const value of [19.99, 0.07, 1.1, 4.35, 1e12 + 0.25])
    assert.equal(kindOf({ type: 'number', multipleOf: 0.01 }, value), 'valid', String(value));
  for (const value of [19.995, 0.001, 1e-7])
    assert.equal(kindOf({ type: 'number', multipleOf: 0.01 }, value), 'invalid', String(value));
  const far: readonly (readonly [number, number, string])[] = [
    [0.01, 1_000_000.19, 'valid'],
    [0.1, 10_000_000.2, 'valid'],
    [0.0001, 1_000.0002, 'valid'],
    [0.0001, 1_000.000_25, 'invalid'],
    [1e9, 0.5, 'invalid'],
    [1e9, 0, 'valid'],
    [2 ** 31, 1, 'invalid'],
    [1, 1.000_000_000_5, 'invalid'],
    [0.123_456_789, 1e308, 'invalid'],
    [1e-8, 12_391_239_123, 'valid'],
    [1_000, 1_700_000_000_000_000, 'valid'],
    [1_000, 1_700_000_000_000_001, 'invalid'],
    [2, 2_251_799_813_685_249, 'invalid'],
    [10, -9_000_000_000_000_001, 'invalid'],
  ];
  for (const [multipleOf, value, kind] of far)
    assert.equal(kindOf({ multipleOf }, value), kind, `${value} of ${multipleOf}`);
  const outcome = check({ multipleOf: 0.5 }, 0.7);
  const message = 'must be a multiple of 0.5';
  assert.deepEqual(outcome, { kind: 'invalid', errors: [{ path: '', message }] });
});
