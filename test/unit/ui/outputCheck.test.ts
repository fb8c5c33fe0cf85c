import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { ToolCallResult } from '../../../src/protocol/content';
import type { ToolDefinition } from '../../../src/protocol/model';
import { checkOutput } from '../../../src/ui/calls/outputCheck';
import { runJob } from '../../../src/validation/checkSchema';

/** The validator without its thread. */
const validator = {
  validateJson: (schema: JsonObject, json: string) =>
    Promise.resolve(runJob({ id: 1, schema, pointer: '', candidate: { json } })),
};

const SCHEMA: JsonObject = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] };

function definition(outputSchema?: JsonObject): ToolDefinition {
  return { name: 't', inputSchema: {}, ...(outputSchema ? { outputSchema } : {}) };
}

function result(structured?: JsonValue, isError = false): ToolCallResult {
  if (structured === undefined) return { isError, content: [] };
  return { isError, content: [], structured: { kind: 'inline', text: JSON.stringify(structured) } };
}

const check = (tool: ToolDefinition, given: ToolCallResult): ReturnType<typeof checkOutput> =>
  checkOutput(tool, given, validator);

test('what fits its schema is fine, and so is what no schema was promised for', async () => {
  assert.deepEqual(await check(definition(SCHEMA), result({ n: 1 })), { kind: 'fine' });
  assert.deepEqual(await check(definition(), result({ anything: true })), { kind: 'fine' });
  assert.deepEqual(await check(definition(), result()), { kind: 'fine' });
});

test('what does not fit is told with its place', async () => {
  assert.deepEqual(await check(definition(SCHEMA), result({ n: 'one' })), {
    kind: 'mismatch',
    text: '/n must be number',
  });
  assert.deepEqual(await check(definition(SCHEMA), result({})), {
    kind: 'mismatch',
    text: '"n" is required',
  });
});

test('any JSON value is checked as what it is: null, nothing and zero are not the same', async () => {
  assert.deepEqual(await check(definition({ type: 'null' }), result(null)), { kind: 'fine' });
  assert.deepEqual(await check(definition({ type: 'array' }), result([])), { kind: 'fine' });
  assert.deepEqual(await check(definition({ type: 'number' }), result(0)), { kind: 'fine' });
  assert.deepEqual(await check(definition({ type: 'null' }), result()), { kind: 'absent' });
  assert.equal((await check(definition(SCHEMA), result(null))).kind, 'mismatch');
});

test('a tool that failed promises nothing', async () => {
  assert.deepEqual(await check(definition(SCHEMA), result(undefined, true)), { kind: 'fine' });
  assert.deepEqual(await check(definition(SCHEMA), result({ n: 'x' }, true)), { kind: 'fine' });
});

test('a schema that leads outside, or whose dialect is not known, leaves the output unchecked, never fine', async () => {
  for (const outputSchema of [
    { $ref: 'https://example.com/schema.json' },
    { properties: { n: { $ref: 'file:///etc/passwd' } } },
    { $ref: '#/$defs/none' },
    { $schema: 'https://example.com/dialect' },
  ]) {
    const found = await check(definition(outputSchema), result({ n: 1 }));
    assert.equal(found.kind, 'unchecked', JSON.stringify(outputSchema));
  }
});

test('what is too large to be checked says which part is', async () => {
  const withheld: ToolDefinition = { ...definition(), withheld: ['outputSchema'] };
  assert.deepEqual(await check(withheld, result({ n: 1 })), { kind: 'unchecked', reason: 'large-schema' });
  const held: ToolCallResult = {
    isError: false,
    content: [],
    structured: { kind: 'held', handle: 1, bytes: 9_000_000, head: '{' },
  };
  assert.deepEqual(await check(definition(SCHEMA), held), { kind: 'unchecked', reason: 'large-output' });
});
