import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../src/base/json';
import {
  MAX_FIELDS,
  planArguments,
  planTool,
  skeletonOf,
  type Field,
} from '../../../src/presentation/argumentPlan';
import { describeInput } from '../../../src/presentation/fieldInput';

function fieldsOf(schema: JsonObject): readonly Field[] {
  const plan = planArguments(schema);
  assert.equal(plan.kind, 'fields', plan.kind === 'json' ? plan.reason : '');
  return plan.kind === 'fields' ? plan.fields : [];
}

function fieldOf(schema: JsonObject, whole: JsonObject = {}): Field {
  const [field] = fieldsOf({ ...whole, type: 'object', properties: { it: schema } });
  assert.ok(field);
  return field;
}

test('required arguments come first, each group in the order of the schema', () => {
  const properties = {
    a: { type: 'string' },
    b: { type: 'string' },
    c: { type: 'string' },
    d: { type: 'string' },
  };
  const fields = fieldsOf({ type: 'object', properties, required: ['d', 'b'] });
  assert.deepEqual(
    fields.map(({ key, required }) => [key, required]),
    [
      ['b', true],
      ['d', true],
      ['a', false],
      ['c', false],
    ],
  );
});

test('each kind of schema asks its kind of question', () => {
  const cases: [JsonObject, unknown][] = [
    [{ type: 'boolean' }, { kind: 'boolean' }],
    [
      { type: 'integer', minimum: 1, maximum: 20 },
      { kind: 'number', integer: true, minimum: 1, maximum: 20 },
    ],
    [
      { type: 'number', exclusiveMinimum: 0 },
      { kind: 'number', integer: false, exclusiveMinimum: 0 },
    ],
    [
      { type: 'string', format: 'date' },
      { kind: 'string', format: 'date' },
    ],
    [
      { type: 'string', minLength: 3, maxLength: 60, pattern: '^a' },
      { kind: 'string', minLength: 3, maxLength: 60, pattern: '^a' },
    ],
    [
      { type: 'string', enum: ['a', 'b'] },
      { kind: 'choice', choices: [{ value: 'a' }, { value: 'b' }] },
    ],
    [
      { type: 'string', enum: ['a'], enumNames: ['Alpha'] },
      { kind: 'choice', choices: [{ value: 'a', title: 'Alpha' }] },
    ],
    [
      {
        oneOf: [
          { const: 1, title: 'One' },
          { const: 2, description: 'the second' },
        ],
      },
      {
        kind: 'choice',
        choices: [
          { value: 1, title: 'One' },
          { value: 2, description: 'the second' },
        ],
      },
    ],
    [
      { anyOf: [{ const: 'x' }, { const: 'y' }] },
      { kind: 'choice', choices: [{ value: 'x' }, { value: 'y' }] },
    ],
    [{ const: 'only' }, { kind: 'choice', choices: [{ value: 'only' }] }],
    [
      { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1, maxItems: 2 },
      { kind: 'choices', choices: [{ value: 'a' }, { value: 'b' }], minItems: 1, maxItems: 2 },
    ],
    [
      { type: 'array', items: { type: 'string' } },
      { kind: 'json', type: 'array' },
    ],
    [
      { type: 'array', items: { enum: ['a'] }, minItems: 2 },
      { kind: 'json', type: 'array' },
    ],
    [
      { type: 'object', properties: { x: { type: 'number' } } },
      { kind: 'json', type: 'object' },
    ],
    [{ type: ['string', 'number'] }, { kind: 'json', type: 'any' }],
    [{}, { kind: 'json', type: 'any' }],
    [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, { kind: 'json', type: 'any' }],
  ];
  for (const [schema, input] of cases) assert.deepEqual(fieldOf(schema).input, input, JSON.stringify(schema));
});

test('null is taken out of a schema and offered beside it', () => {
  for (const schema of [
    { type: ['string', 'null'], maxLength: 3 },
    { anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] },
    { type: 'string', maxLength: 3, nullable: true },
  ]) {
    const field = fieldOf(schema);
    assert.equal(field.nullable, true);
    assert.deepEqual(field.input, { kind: 'string', maxLength: 3 });
  }
  assert.deepEqual(fieldOf({ type: ['string', 'null'], enum: ['a', null] }).input, {
    kind: 'choice',
    choices: [{ value: 'a' }],
  });
});

test('references within the schema are followed, and words beside them win', () => {
  const whole = { $defs: { level: { enum: ['low', 'high'], title: 'Level', description: 'of water' } } };
  const field = fieldOf({ $ref: '#/$defs/level', title: 'Water' }, whole);
  assert.equal(field.title, 'Water');
  assert.equal(field.description, 'of water');
  assert.deepEqual(field.input, { kind: 'choice', choices: [{ value: 'low' }, { value: 'high' }] });
});

test('references that lead outside, nowhere or in a circle are asked as JSON', () => {
  const circle = { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } };
  for (const $ref of [
    'https://example.com/s.json',
    'file:///etc/passwd',
    '#/$defs/none',
    '#/$defs/a',
    '#/%zz',
    '',
  ]) {
    const plan = planArguments({ type: 'object', $defs: circle, properties: { it: { $ref } } });
    assert.equal(plan.kind, 'json', $ref);
  }
});

test('a schema that forms cannot show is asked as JSON', () => {
  const many = Object.fromEntries([...Array(MAX_FIELDS + 1).keys()].map((index) => [`f${index}`, {}]));
  for (const schema of [
    { type: 'array' },
    { type: 'object', properties: many },
    { type: 'object', additionalProperties: true },
    { type: 'object', patternProperties: { '^x': {} } },
    { type: 'object', properties: { a: {} }, required: ['b'] },
    { type: 'object', properties: { a: {} }, oneOf: [{ required: ['a'] }] },
  ] as JsonObject[])
    assert.equal(planArguments(schema).kind, 'json', JSON.stringify(schema).slice(0, 80));
});

test('a tool without arguments has no fields', () => {
  for (const schema of [
    {},
    { type: 'object' },
    { type: 'object', properties: {}, additionalProperties: false },
  ])
    assert.deepEqual(planArguments(schema), { kind: 'fields', fields: [] });
});

test('defaults, examples and texts are kept, and keys such as __proto__ are ordinary', () => {
  const schema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"integer","default":0,"examples":[1,2],"title":"T","description":"D"}}}',
  ) as JsonObject;
  const [field] = fieldsOf(schema);
  assert.equal(field?.key, '__proto__');
  assert.equal(field.defaultValue, 0);
  assert.deepEqual(field.examples, [1, 2]);
  assert.deepEqual([field.title, field.description], ['T', 'D']);
});

test('a pointer names the place of a field, with its key escaped', () => {
  const [field] = fieldsOf({ type: 'object', properties: { 'a/b ~': { type: 'string' } } });
  assert.equal(field?.pointer, '/properties/a~1b%20~0');
});

test('the skeleton holds what is required, and nothing else', () => {
  const plan = planArguments({
    type: 'object',
    properties: {
      name: { type: 'string' },
      level: { enum: ['low', 'high'] },
      count: { type: 'integer', minimum: 3 },
      size: { type: 'number', default: 1.5 },
      place: { type: 'object' },
      note: { type: 'string', default: 'x' },
    },
    required: ['name', 'level', 'count', 'size', 'place'],
  });
  assert.deepEqual(skeletonOf(plan), { name: '', level: 'low', count: 3, size: 1.5, place: {} });
});

test('what is accepted is told in a few words', () => {
  const text = (schema: JsonObject): string => describeInput(fieldOf(schema).input);
  assert.equal(text({ type: 'integer', minimum: 1, maximum: 20 }), 'integer from 1 to 20');
  assert.equal(text({ type: 'number', exclusiveMinimum: 0, maximum: 100 }), 'number, at most 100, above 0');
  assert.equal(text({ type: 'string', format: 'email', maxLength: 60 }), 'email, at most 60 characters');
  assert.equal(text({ type: 'string', minLength: 3, maxLength: 60 }), '3 to 60 characters');
  assert.equal(text({ type: 'object' }), 'JSON object');
});

test('no schema makes the planner throw', () => {
  const keyword = fc.constantFrom(
    ...[
      'type',
      'properties',
      'required',
      '$ref',
      'enum',
      'const',
      'oneOf',
      'anyOf',
      'items',
      'default',
      '$defs',
      'a',
    ],
  );
  const value = fc.oneof(
    fc.constantFrom('object', 'string', 'array', '#', '#/$defs/a', '#/properties/a', null, true, -1),
    fc.jsonValue(),
  );
  // Bounded, or a schema now and then grows until building it takes minutes.
  const depth = { maxDepth: 3, depthIdentifier: fc.createDepthIdentifier() };
  const schema = fc.letrec((tie) => ({
    node: fc.dictionary(
      keyword,
      fc.oneof(depth, value, tie('node'), fc.array(tie('node'), { maxLength: 3 })),
      { maxKeys: 5 },
    ),
  })).node;
  fc.assert(
    fc.property(schema, (each) => {
      skeletonOf(planArguments(each as JsonObject));
    }),
    { numRuns: 2_000 },
  );
});

test('a tool whose input schema was too large to be handed over is asked for as JSON, and says why', () => {
  const inputSchema = { type: 'object', additionalProperties: true };
  const plan = planTool({ name: 'heavy', inputSchema, withheld: ['inputSchema'] });
  assert.ok(plan.kind === 'json');
  assert.match(plan.reason, /too large/);
  assert.doesNotMatch(JSON.stringify(planTool({ name: 'light', inputSchema })), /too large/);
});
