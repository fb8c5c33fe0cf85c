/** What servers may ask a person for, in which revision, and how it is read. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { clientCapabilities, elicitationModes } from '../../../src/protocol/codec';
import type { ElicitationInput } from '../../../src/protocol/elicitation';
import { contentProblems, fieldProblem } from '../../../src/protocol/elicitationValues';
import { readElicitation, readRequiredUrls, writeElicitation } from '../../../src/protocol/readElicitation';
import { LEGACY_REVISIONS, MODERN_REVISIONS, type Revision } from '../../../src/protocol/revisions';
import { processorMs } from '../../support/processorTime';
import { raw, read, refusal } from './forms';

function inputOf(schema: JsonObject, revision?: Revision): ElicitationInput {
  const [field] = read({ f: schema }, revision).fields;
  assert.ok(field);
  return field.input;
}

test('every form of field that the revisions know is read', () => {
  const choices = [
    { value: 'a', title: 'A' },
    { value: 'b', title: 'B' },
  ];
  const titled = [
    { const: 'a', title: 'A' },
    { const: 'b', title: 'B' },
  ];
  const cases: [JsonObject, ElicitationInput][] = [
    [{ type: 'boolean' }, { kind: 'boolean' }],
    [{ type: 'string' }, { kind: 'string' }],
    [
      { type: 'string', minLength: 1, maxLength: 9, format: 'email', pattern: '^a' },
      { kind: 'string', minLength: 1, maxLength: 9, format: 'email', pattern: '^a' },
    ],
    [
      { type: 'integer', minimum: 1, maximum: 2 },
      { kind: 'number', integer: true, minimum: 1, maximum: 2 },
    ],
    [{ type: 'number' }, { kind: 'number', integer: false }],
    [
      { type: 'string', enum: ['a'] },
      { kind: 'choice', choices: [{ value: 'a' }] },
    ],
    [
      { type: 'string', enum: ['a', 'b'], enumNames: ['A', 'B'] },
      { kind: 'choice', choices },
    ],
    [
      { type: 'string', oneOf: titled },
      { kind: 'choice', choices },
    ],
    [
      { type: 'array', items: { type: 'string', enum: ['a'] }, minItems: 1, maxItems: 1 },
      { kind: 'choices', choices: [{ value: 'a' }], minItems: 1, maxItems: 1 },
    ],
    [
      { type: 'array', items: { anyOf: titled } },
      { kind: 'choices', choices },
    ],
  ];
  for (const [schema, input] of cases) assert.deepEqual(inputOf(schema), input);
});

test('names beside choices count only when there is one for each', () => {
  assert.deepEqual(inputOf({ type: 'string', enum: ['a', 'b'], enumNames: ['A'] }), {
    kind: 'choice',
    choices: [{ value: 'a' }, { value: 'b' }],
  });
});

test('fields keep their order, their words and what is required', () => {
  const { fields } = read(
    { z: { type: 'string', title: 'Z', description: 'd' }, a: { type: 'boolean' } },
    '2026-07-28',
    { required: ['a'], $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false },
  );
  assert.deepEqual(fields, [
    { key: 'z', required: false, title: 'Z', description: 'd', input: { kind: 'string' } },
    { key: 'a', required: true, input: { kind: 'boolean' } },
  ]);
});

test('lists and titled choices do not exist before 2025-11-25', () => {
  const later = [
    { type: 'array', items: { type: 'string', enum: ['a'] } },
    { type: 'string', oneOf: [{ const: 'a', title: 'A' }] },
  ];
  for (const schema of later) {
    assert.match(refusal(raw({ f: schema }), '2025-06-18'), /^field 1 .*later revision$/);
    inputOf(schema, '2025-11-25');
    inputOf(schema, '2026-07-28');
  }
});

test('what no form of ours could ask is refused, in our own words', () => {
  const fields: JsonValue[] = [
    true,
    null,
    {},
    { type: 'object', properties: {} },
    { type: 'null' },
    { type: ['string', 'null'] },
    { type: 'array' },
    { type: 'array', items: { type: 'string' } },
    { type: 'array', items: { type: 'number', enum: [1] } },
    { type: 'string', enum: [] },
    { type: 'string', enum: [1] },
    { type: 'string', enum: ['a', 'a'] },
    { type: 'string', enum: Array.from({ length: 501 }, (_, index) => String(index)) },
    { type: 'string', oneOf: [{ title: 'CANARY' }] },
    { type: 'string', anyOf: [] },
    { type: 'string', $ref: '#/CANARY' },
    { type: 'string', const: 'CANARY' },
    { type: 'number', oneOf: [] },
    { type: 'string', not: {} },
    { type: 'string', pattern: 'CANARY'.repeat(200) },
  ];
  for (const field of fields) {
    const why = refusal(raw({ CANARY: field }));
    assert.match(why, /^field 1 [a-zA-Z0-9$ ,]+$/);
    assert.ok(!why.includes('CANARY'));
  }
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, { type: 'string' }]));
  const requests: JsonObject[] = [
    {},
    { message: 5 },
    { message: 'm' },
    { message: 'm', requestedSchema: { type: 'array' } },
    { message: 'm', requestedSchema: { type: 'object' } },
    raw(many),
    raw(
      Object.fromEntries(
        ['a', 'b', 'c'].map((key) => [
          key,
          { type: 'string', enum: Array.from({ length: 100 }, (_, n) => `${n}`.padEnd(900, 'x')) },
        ]),
      ),
    ),
    raw(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, n) => [`k${n}`, { type: 'string', default: 'x'.repeat(60_000) }]),
      ),
    ),
    raw({}, { oneOf: [] }),
    raw({}, { required: ['CANARY'] }),
    raw({}, { required: [5] }),
    raw({}, { required: 'CANARY' }),
    raw({ ['k'.repeat(201)]: { type: 'string' } }),
    { ...raw({}), message: 'CANARY'.repeat(2_000) },
    { ...raw({}), mode: 'CANARY' },
    { ...raw({}), mode: null },
  ];
  for (const params of requests) assert.ok(!refusal(params).includes('CANARY'));
});

test('a default that does not fit is no default', () => {
  const fields: [JsonObject, JsonValue | undefined][] = [
    [{ type: 'string', default: 'x' }, 'x'],
    [{ type: 'string', format: 'email', default: 'x' }, undefined],
    [{ type: 'integer', default: 3 }, 3],
    [{ type: 'integer', default: 3.5 }, undefined],
    [{ type: 'number', maximum: 2, default: 3 }, undefined],
    [{ type: 'boolean', default: true }, true],
    [{ type: 'boolean', default: 'true' }, undefined],
    [{ type: 'string', enum: ['a'], default: 'a' }, 'a'],
    [{ type: 'string', enum: ['a'], default: 'b' }, undefined],
    [{ type: 'array', items: { enum: ['a', 'b'], type: 'string' }, default: ['b'] }, ['b']],
    [{ type: 'array', items: { enum: ['a'], type: 'string' }, default: ['a', 'a'] }, undefined],
    [{ type: 'string', default: null }, undefined],
  ];
  for (const [schema, value] of fields)
    assert.deepEqual(read({ f: schema }).fields[0]?.defaultValue, value, JSON.stringify(schema));
});

test('defaults of every type are known of their fields', () => {
  const { fields } = read({
    s: { type: 'string', default: 'x' },
    i: { type: 'integer', default: 42 },
    n: { type: 'number', default: 1.5 },
    e: { type: 'string', enum: ['a', 'b'], default: 'b' },
    b: { type: 'boolean', default: true },
    m: { type: 'array', items: { type: 'string', enum: ['a', 'b'] }, default: ['a'] },
    none: { type: 'string' },
  });
  assert.deepEqual(
    fields.map(({ defaultValue }) => defaultValue),
    ['x', 42, 1.5, 'b', true, ['a'], undefined],
  );
});

test('a field named __proto__ is a field like any other', () => {
  const properties = JSON.parse('{"__proto__":{"type":"string"}}') as JsonObject;
  const form = read(properties);
  assert.deepEqual(
    form.fields.map(({ key }) => key),
    ['__proto__'],
  );
  const content = Object.fromEntries(form.fields.map(({ key }) => [key, 'd']));
  assert.equal(
    JSON.stringify(writeElicitation({ action: 'accept', content })),
    '{"action":"accept","content":{"__proto__":"d"}}',
  );
  assert.deepEqual(contentProblems(form, content), []);
});

test('no text takes long to be checked, and what is read never throws', () => {
  const formats = ['email', 'uri', 'date', 'date-time'];
  const startedAt = processorMs();
  for (const format of formats)
    for (const text of [
      'a'.repeat(65_000),
      'a.'.repeat(32_000),
      'a@' + 'b.'.repeat(32_000),
      'a:' + '%'.repeat(65_000),
    ])
      fieldProblem({ required: false, input: { kind: 'string', format } }, text);
  assert.ok(processorMs() - startedAt < 1_000);
  fc.assert(
    fc.property(
      fc.jsonValue(),
      fc.constantFrom(...LEGACY_REVISIONS, ...MODERN_REVISIONS),
      (value, revision) => {
        readElicitation(raw({ f: value }), revision);
        readElicitation({ message: 'm', mode: 'url', url: value }, revision);
        readRequiredUrls(JSON.stringify({ elicitations: [value] }), revision);
      },
    ),
  );
});

test('each revision is told of the modes it knows and of none that is not offered', () => {
  const both = { form: true, url: true };
  const cases: [Revision, { form: boolean; url: boolean } | false, JsonObject | undefined][] = [
    ['2026-07-28', both, { form: {}, url: {} }],
    ['2025-11-25', both, { form: {}, url: {} }],
    ['2025-11-25', { form: true, url: false }, { form: {} }],
    ['2025-11-25', { form: false, url: true }, { url: {} }],
    ['2025-06-18', both, {}],
    ['2025-06-18', { form: false, url: true }, undefined],
    ['2025-03-26', both, undefined],
    ['2024-11-05', both, undefined],
    ['2025-11-25', false, undefined],
    ['2025-11-25', { form: false, url: false }, undefined],
  ];
  for (const [revision, elicitation, declared] of cases) {
    const offers = { sampling: false, roots: false, elicitation };
    assert.deepEqual(clientCapabilities(offers, revision)['elicitation'], declared);
    assert.equal(elicitationModes(offers, revision) !== undefined, declared !== undefined);
  }
});
