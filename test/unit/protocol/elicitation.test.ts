import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { clientCapabilities, elicitationModes } from '../../../src/protocol/codec';
import type { ElicitationField, ElicitationForm, ElicitationInput } from '../../../src/protocol/elicitation';
import { contentProblems, fieldProblem } from '../../../src/protocol/elicitationValues';
import { readElicitation, readRequiredUrls, writeElicitation } from '../../../src/protocol/readElicitation';
import { LEGACY_REVISIONS, MODERN_REVISIONS, type Revision } from '../../../src/protocol/revisions';

function raw(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { message: 'm', requestedSchema: { type: 'object', properties, ...more } };
}

function read(
  properties: JsonObject,
  revision: Revision = '2025-11-25',
  more: JsonObject = {},
): ElicitationForm {
  const found = readElicitation(raw(properties, more), revision);
  assert.ok(found.ok, found.ok ? '' : found.error);
  const { request } = found.value;
  assert.ok(request.mode === 'form');
  return request;
}

function inputOf(schema: JsonObject, revision?: Revision): ElicitationInput {
  const [field] = read({ f: schema }, revision).fields;
  assert.ok(field);
  return field.input;
}

function refusal(params: JsonObject, revision: Revision = '2025-11-25'): string {
  const found = readElicitation(params, revision);
  assert.ok(!found.ok, 'it is refused');
  return found.error;
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

test('answers are held to everything the schema says but its pattern', () => {
  const field = (schema: JsonObject): ElicitationField => {
    const [found] = read({ f: schema }).fields;
    assert.ok(found);
    return found;
  };
  const cases: [JsonObject, readonly unknown[], readonly unknown[]][] = [
    [{ type: 'boolean' }, [true, false], ['true', 1, null, []]],
    [{ type: 'integer', minimum: 1, maximum: 3 }, [1, 2, 3], [0, 4, 1.5, '2', Number.NaN, Infinity]],
    [{ type: 'number' }, [0, -1.5], ['1', Number.NaN]],
    [{ type: 'string', minLength: 2, maxLength: 2 }, ['ab', '😀é'], ['a', 'abc', '😀', 5]],
    [{ type: 'string', enum: ['a'] }, ['a'], ['b', '', 5]],
    [
      { type: 'array', items: { type: 'string', enum: ['a', 'b', 'c'] }, minItems: 1, maxItems: 2 },
      [['a'], ['a', 'b']],
      [[], ['a', 'b', 'c'], ['a', 'a'], ['x'], 'a'],
    ],
    [
      { type: 'string', format: 'email' },
      ['a@b.co', 'first.last+tag@sub.example.com', 'ü@exämple.de'],
      ['', 'a', '@b', 'a@', 'a b@c.d', 'a@b@c', 'a@-b.c', 'a@b..c', 'a@'.repeat(10_000)],
    ],
    [
      { type: 'string', format: 'uri' },
      ['https://example.com/a?b#c', 'urn:isbn:1', 'mailto:a@b.c'],
      ['', 'example.com', '/path', 'https://a b', ' https://a', 'https://a\n', '1a:b'],
    ],
    [
      { type: 'string', format: 'date' },
      ['2026-12-31', '2024-02-29', '2000-02-29'],
      ['2026-02-29', '1900-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '31.12.2026', '2026-12-31T'],
    ],
    [
      { type: 'string', format: 'date-time' },
      ['2026-12-31T12:00:00Z', '2026-12-31t23:59:60.123+14:00'],
      [
        '2026-12-31',
        '2026-12-31T12:00:00',
        '2026-12-31T24:00:00Z',
        '2026-02-30T12:00:00Z',
        '2026-12-31 12:00:00Z',
      ],
    ],
    [{ type: 'string', format: 'unheard-of' }, ['anything'], []],
    [{ type: 'string', pattern: '^(a+)+$' }, ['a'.repeat(40) + '!'], []],
  ];
  for (const [schema, good, bad] of cases) {
    for (const value of good)
      assert.equal(fieldProblem(field(schema), value), undefined, JSON.stringify(value));
    for (const value of bad) assert.ok(fieldProblem(field(schema), value), JSON.stringify([schema, value]));
  }
});

test('answers without their required fields, or with others, may not be sent', () => {
  const form = read({ a: { type: 'string' }, b: { type: 'boolean' } }, '2025-11-25', { required: ['a'] });
  assert.deepEqual(contentProblems(form, { a: 'x' }), []);
  assert.deepEqual(
    contentProblems(form, {}).map(({ key }) => key),
    ['a'],
  );
  assert.deepEqual(
    contentProblems(form, { a: 'x', c: 1 }).map(({ key }) => key),
    ['c'],
  );
  assert.deepEqual(
    contentProblems(form, { a: 'x', toString: 'y' }).map(({ key }) => key),
    ['toString'],
  );
});

test('no text takes long to be checked, and what is read never throws', () => {
  const formats = ['email', 'uri', 'date', 'date-time'];
  const startedAt = performance.now();
  for (const format of formats)
    for (const text of [
      'a'.repeat(65_000),
      'a.'.repeat(32_000),
      'a@' + 'b.'.repeat(32_000),
      'a:' + '%'.repeat(65_000),
    ])
      fieldProblem({ required: false, input: { kind: 'string', format } }, text);
  assert.ok(performance.now() - startedAt < 1_000);
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

test('only an accepted form carries content', () => {
  assert.deepEqual(writeElicitation({ action: 'accept', content: { a: [] } }), {
    action: 'accept',
    content: { a: [] },
  });
  assert.deepEqual(writeElicitation({ action: 'accept' }), { action: 'accept' });
  assert.deepEqual(writeElicitation({ action: 'decline' }), { action: 'decline' });
  assert.deepEqual(writeElicitation({ action: 'cancel' }), { action: 'cancel' });
});

const url = (text: string): JsonObject => ({ mode: 'url', message: 'm', url: text, elicitationId: 'id' });

test('addresses are told as they will be opened', () => {
  const cases = [
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://EXAMPLE.com:443/a b'.replace(' ', '%20'), 'https://example.com/a%20b'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
    ['http://127.0.0.1/', 'http://127.0.0.1/'],
    ['http://0x7f.1/', 'http://127.0.0.1/'],
    ['http://[::1]:80/', 'http://[::1]/'],
  ];
  for (const [given = '', shown] of cases) {
    const found = readElicitation(url(given), '2025-11-25');
    assert.ok(found.ok, given);
    assert.deepEqual(found.value, {
      request: { mode: 'url', message: 'm', url: shown },
      elicitationId: 'id',
    });
  }
});

test('addresses that must not be opened are refused', () => {
  const bad = [
    '',
    'example.com',
    'file:///etc/passwd',
    'vscode://settings',
    'command:workbench.action.quit',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'https://github.com@evil.example/',
    'https://user:pass@example.com/',
    'https://@example.com/',
    'https://exam\u202eple.com/',
    'https://example.com/\u200b',
    'https://example.com/a b',
    ' https://example.com/',
    'https://example.com/\n',
    'https:\\\\example.com',
    `https://example.com/${'a'.repeat(8_192)}`,
    `https://example.com/${'ü'.repeat(3_000)}`,
    'https://',
  ];
  for (const text of bad) assert.match(refusal(url(text)), /^the URL /, text.slice(0, 60));
});

test('the stateless era has no ids, the revision before it needs them, and older ones have no addresses', () => {
  const { elicitationId: _, ...without } = url('https://a.example/');
  const modern = readElicitation(url('https://a.example/'), '2026-07-28');
  assert.ok(modern.ok && modern.value.elicitationId === undefined);
  assert.ok(readElicitation(without, '2026-07-28').ok);
  assert.match(refusal(without), /elicitationId/);
  assert.match(refusal(url('https://a.example/'), '2025-06-18'), /mode/);
});

test('the error that needs addresses opened lists one to five of them', () => {
  const item = url('https://a.example/');
  const good = readRequiredUrls(JSON.stringify({ elicitations: [item, item] }), '2025-11-25');
  assert.ok(good.ok && good.value.length === 2);
  const bad = [
    undefined,
    '',
    '{',
    '[]',
    '{}',
    '{"elicitations":[]}',
    '{"elicitations":[5]}',
    `{"elicitations":${JSON.stringify(Array(6).fill(item))}}`,
    JSON.stringify({ elicitations: [item, raw({})] }),
  ];
  for (const data of bad) assert.equal(readRequiredUrls(data, '2025-11-25').ok, false, data);
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
