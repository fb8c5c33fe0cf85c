import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { readSamplingRequest, writeSamplingAnswer } from '../../../src/protocol/readSampling';

const MESSAGE = { role: 'user', content: { type: 'text', text: 'hello' } };

function read(more: JsonObject): ReturnType<typeof readSamplingRequest> {
  return readSamplingRequest({ messages: [MESSAGE], maxTokens: 100, ...more });
}

function value(more: JsonObject): Extract<ReturnType<typeof readSamplingRequest>, { ok: true }>['value'] {
  const request = read(more);
  assert.ok(request.ok);
  return request.value;
}

test('a whole request is read', () => {
  assert.deepEqual(
    value({
      systemPrompt: 's',
      temperature: 0.5,
      includeContext: 'allServers',
      stopSequences: ['a', '', 5, 'b'],
      modelPreferences: {
        hints: [{ name: 'x' }, {}, { name: '' }, 5, { name: 'y' }],
        costPriority: 0,
        speedPriority: 2,
        intelligencePriority: 1,
      },
      metadata: {},
      maxTokens: 10.9,
    }),
    {
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
      systemPrompt: 's',
      maxTokens: 10,
      temperature: 0.5,
      stopSequences: ['a', 'b'],
      preferences: { hints: ['x', 'y'], costPriority: 0, intelligencePriority: 1 },
      includeContext: 'allServers',
      ignored: ['metadata'],
    },
  );
});

test('optional parts of another type count as absent', () => {
  assert.deepEqual(
    value({
      systemPrompt: 5,
      temperature: 'hot',
      includeContext: {},
      stopSequences: 'x',
      modelPreferences: [],
    }),
    {
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
      maxTokens: 100,
      stopSequences: [],
      preferences: { hints: [] },
      ignored: [],
    },
  );
});

test('a temperature beyond all numbers counts as absent', () => {
  assert.equal('temperature' in value(JSON.parse('{ "temperature": 1e999 }') as JsonObject), false);
});

test('hints and stop sequences are bounded (T140)', () => {
  const many = Array<string>(10_000).fill('x'.repeat(10_000));
  const request = value({ stopSequences: many, modelPreferences: { hints: many.map((name) => ({ name })) } });
  assert.deepEqual([request.stopSequences.length, request.stopSequences[0]?.length], [64, 1_000]);
  assert.deepEqual([request.preferences.hints.length, request.preferences.hints[0]?.length], [20, 200]);
});

test('the text of a request is bounded in all, the system prompt with it', () => {
  const half = { role: 'user', content: { type: 'text', text: 'x'.repeat(1_048_576) } };
  assert.equal(read({ messages: [half, half] }).ok, true);
  assert.equal(read({ messages: [half, half], systemPrompt: 'x' }).ok, false);
});

test('tools are an error even when they are empty', () => {
  for (const key of ['tools', 'toolChoice'])
    for (const given of [[], null, {}] as JsonValue[])
      assert.deepEqual(read({ [key]: given }), {
        ok: false,
        error: 'tools were not declared by this client',
      });
});

test('maxTokens must be a positive number (T140)', () => {
  for (const maxTokens of [0, -1, 0.5, '5', null, Number.NaN, Infinity] as JsonValue[])
    assert.equal(read({ maxTokens }).ok, false);
});

test('blocks of kinds that were not declared are refused', () => {
  for (const content of [
    { type: 'tool_use' },
    { type: 'tool_result' },
    { type: 'resource' },
    {},
    5,
    'text',
    [[]],
  ] as JsonValue[])
    assert.equal(read({ messages: [{ role: 'user', content }] }).ok, false);
});

test('an answer is one block, without a reason nobody gave', () => {
  const answer = { role: 'assistant', text: 't', model: 'm' } as const;
  assert.deepEqual(writeSamplingAnswer(answer), {
    role: 'assistant',
    content: { type: 'text', text: 't' },
    model: 'm',
  });
  assert.equal(writeSamplingAnswer({ ...answer, stopReason: 'maxTokens' })['stopReason'], 'maxTokens');
});
