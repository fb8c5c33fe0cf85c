import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { ClientHarness, failureOf, legacyAnswers, modernAnswers } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: 'object' }, ...more };
}

async function listing(answer: Answer): Promise<{ harness: ClientHarness }> {
  return { harness: await ClientHarness.connected(legacyAnswers({ 'tools/list': answer })) };
}

async function listTools(
  answer: Answer,
): Promise<{ names: string[]; rejected: readonly unknown[]; cut: string | undefined; requests: number }> {
  const { harness } = await listing(answer);
  const result = await harness.host.request('list', { kind: 'tools' });
  const requests = harness.sent('tools/list').length;
  await harness.end();
  const names = result.items.map((item) => ('name' in item ? item.name : ''));
  return { names, rejected: result.rejected, cut: result.cut, requests };
}

test('names of the prototype are names like any other', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const { harness } = await listing(() => ({
    tools: names.map((name) => tool(name, { description: name })),
  }));
  const result = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual(
    result.items.map((item) => 'name' in item && item.name),
    names,
  );
  for (const name of names)
    assert.deepEqual(await harness.host.request('describeTool', { name }), tool(name, { description: name }));
  assert.equal((await failureOf(harness.host.request('describeTool', { name: 'valueOf' }))).code, 'refused');
  await harness.end();
});

test('schemas stay with the client until they are asked for, and come back as they were', async () => {
  const inputSchema = JSON.parse(
    '{"type":"object","properties":{"__proto__":{"type":"string"},"é\\u2028":{}}}',
  ) as JsonObject;
  const given = tool('t', {
    inputSchema,
    outputSchema: { type: 'array' },
    annotations: { readOnlyHint: true, title: 'A', other: 1 },
  });
  const harness = await ClientHarness.connected(modernAnswers({ 'tools/list': () => ({ tools: [given] }) }));
  const summary = { name: 't', title: 'A', annotations: { readOnlyHint: true } };
  const described = await harness.host.request('describeTool', { name: 't' });
  assert.deepEqual(described, { ...summary, inputSchema, outputSchema: { type: 'array' } });
  assert.equal(JSON.stringify(described.inputSchema), JSON.stringify(inputSchema));
  assert.equal(harness.sent('tools/list').length, 1, 'listed because nothing was known');
  assert.deepEqual((await harness.host.request('list', { kind: 'tools' })).items, [summary]);
  await harness.host.request('describeTool', { name: 't' });
  assert.equal(harness.sent('tools/list').length, 2);
  await harness.end();
});

test('a tool that is gone from the list is not described any more', async () => {
  let tools: JsonValue = [tool('a')];
  const { harness } = await listing(() => ({ tools }));
  await harness.host.request('describeTool', { name: 'a' });
  tools = [];
  await harness.host.request('list', { kind: 'tools' });
  assert.equal((await failureOf(harness.host.request('describeTool', { name: 'a' }))).code, 'refused');
  await harness.end();
});

test('definitions that are too large together are refused one by one', async () => {
  const large = { type: 'object', description: 'd'.repeat(12_000_000) };
  const result = await listTools(() => ({
    tools: [1, 2, 3, 4].map((n) => tool(`t${n}`, { inputSchema: n < 4 ? large : {} })),
  }));
  assert.deepEqual(result.names, ['t1', 't2', 't4']);
  assert.deepEqual(result.rejected, [
    { index: 2, name: 't3', reason: 'has schemas that are too large to keep' },
  ]);
});

test('titles, descriptions and hints are bounded', async () => {
  const { harness } = await listing(() => ({
    tools: [
      tool('a', {
        title: 't'.repeat(10_000),
        description: 'd'.repeat(1_000_000),
        annotations: { destructiveHint: 'yes' },
      }),
    ],
  }));
  const [item] = (await harness.host.request('list', { kind: 'tools' })).items;
  assert.deepEqual(item, {
    name: 'a',
    title: 't'.repeat(300),
    description: 'd'.repeat(4_096),
    annotations: {},
  });
  await harness.end();
});
