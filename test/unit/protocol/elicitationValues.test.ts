/** What a person may answer, and how the answer is written. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ElicitationField } from '../../../src/protocol/elicitation';
import { contentProblems, fieldProblem } from '../../../src/protocol/elicitationValues';
import { writeElicitation } from '../../../src/protocol/readElicitation';
import { read } from './forms';

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

test('only an accepted form carries content', () => {
  assert.deepEqual(writeElicitation({ action: 'accept', content: { a: [] } }), {
    action: 'accept',
    content: { a: [] },
  });
  assert.deepEqual(writeElicitation({ action: 'accept' }), { action: 'accept' });
  assert.deepEqual(writeElicitation({ action: 'decline' }), { action: 'decline' });
  assert.deepEqual(writeElicitation({ action: 'cancel' }), { action: 'cancel' });
});
