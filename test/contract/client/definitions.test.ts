import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { describeFailure } from '../../../src/presentation/failureTexts';
import type { Failure } from '../../../src/protocol/failure';
import { ClientHarness, failureOf, legacyAnswers, modernAnswers } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: 'object' }, ...more };
}

async function listing(answer: Answer): Promise<{ harness: ClientHarness }> {
  return { harness: await ClientHarness.connected(legacyAnswers({ 'tools/list': answer })) };
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
  const more = '{"annotations":{"other":1}}';
  assert.deepEqual(described, { ...summary, inputSchema, outputSchema: { type: 'array' }, more });
  assert.equal(JSON.stringify(described.inputSchema), JSON.stringify(inputSchema));
  assert.equal(harness.sent('tools/list').length, 1, 'listed because nothing was known');
  assert.deepEqual((await harness.host.request('list', { kind: 'tools' })).items, [summary]);
  await harness.host.request('describeTool', { name: 't' });
  assert.equal(harness.sent('tools/list').length, 2);
  await harness.end();
});

test('a wish for headers makes no tool unusable where there are none (HDR4)', async () => {
  const wishing = tool('t', { inputSchema: { type: 'object', 'x-mcp-header': 'a b' } });
  const harness = await ClientHarness.connected(
    modernAnswers({ 'tools/list': () => ({ tools: [wishing] }) }),
  );
  const { items, rejected } = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual([items.length, rejected], [1, []]);
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

test('a tool that is not in what was read of a list that is not whole is not called gone (T102)', async () => {
  let second = (): JsonValue => ({ tools: [tool('b')] });
  const { harness } = await listing((params) =>
    params['cursor'] === undefined ? { tools: [tool('a')], nextCursor: '2' } : second(),
  );
  const failure = (): Promise<Failure> => failureOf(harness.host.request('describeTool', { name: 'b' }));
  await harness.host.request('list', { kind: 'tools' });
  assert.equal((await harness.host.request('describeTool', { name: 'b' })).name, 'b');
  second = () => {
    throw new ScriptedError(-32000, 'no');
  };
  await harness.host.request('list', { kind: 'tools' });
  assert.equal((await failure()).code, 'server-error', 'why it could not be looked up');
  second = () => ({ tools: [tool('x')], nextCursor: '2' });
  assert.match(describeFailure(await failure()), /could not be read whole/);
  second = () => ({ tools: [] });
  assert.match(describeFailure(await failure()), /no longer has this tool/);
  await harness.end();
});

test('what a tool needs is kept while its list is read again and breaks off, as the host keeps the list (T102)', async () => {
  let second = (): JsonValue => ({ tools: [tool('b')] });
  const { harness } = await listing((params) =>
    params['cursor'] === undefined ? { tools: [tool('a')], nextCursor: '2' } : second(),
  );
  const relist = async (): Promise<boolean> => {
    const listing = await harness.host.request('relist', { kind: 'tools', known: undefined });
    return listing?.cut !== undefined;
  };
  const describes = (name: string): Promise<boolean> =>
    harness.host.request('describeTool', { name }).then(
      () => true,
      () => false,
    );
  await harness.host.request('list', { kind: 'tools' });
  second = () => {
    throw new ScriptedError(-32000, 'no');
  };
  assert.deepEqual([await relist(), await describes('b')], [true, true]);
  assert.deepEqual([await relist(), await describes('b')], [true, true], 'as often as it breaks off');
  second = () => ({ tools: [] });
  assert.deepEqual([await relist(), await describes('b')], [false, false]);
  second = () => ({ tools: [tool('b')] });
  assert.deepEqual([await relist(), await describes('b')], [false, true]);
  second = () => {
    throw new ScriptedError(-32000, 'no');
  };
  await harness.host.request('list', { kind: 'tools' });
  assert.equal(await describes('b'), false, 'a host that has no list gets what there is');
  await harness.end();
});

/** A schema of about so many characters. */
function schemaOf(chars: number): JsonObject {
  return { type: 'object', description: 'd'.repeat(chars) };
}

/** Stands for a schema that stays with the client. */
const ANYTHING = { type: 'object', additionalProperties: true };

test('a schema that is too large to hand over is withheld, and its tool stays listed', async () => {
  const objects = Array.from({ length: 10_001 }, () => ({}));
  const tools = {
    fits: tool('fits', { inputSchema: schemaOf(200_000), outputSchema: schemaOf(60_000) }),
    'long input': tool('long input', { inputSchema: schemaOf(300_000), outputSchema: schemaOf(10) }),
    'long output': tool('long output', { outputSchema: schemaOf(300_000) }),
    'long together': tool('long together', {
      inputSchema: schemaOf(200_000),
      outputSchema: schemaOf(200_000),
    }),
    'long names': tool('long names', { inputSchema: { ['k'.repeat(300_000)]: 1 } }),
    'many objects': tool('many objects', { inputSchema: { type: 'object', x: objects } }),
  };
  const { harness } = await listing(() => ({ tools: Object.values(tools) }));
  const { items, rejected } = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual([items.length, rejected.length], [6, 0]);
  const describe = (name: string): Promise<unknown> => harness.host.request('describeTool', { name });
  assert.deepEqual(await describe('fits'), tools.fits);
  assert.deepEqual(await describe('long input'), {
    name: 'long input',
    inputSchema: ANYTHING,
    outputSchema: schemaOf(10),
    withheld: ['inputSchema'],
  });
  assert.deepEqual(await describe('long output'), { ...tool('long output'), withheld: ['outputSchema'] });
  assert.deepEqual(await describe('long together'), {
    name: 'long together',
    inputSchema: schemaOf(200_000),
    withheld: ['outputSchema'],
  });
  for (const name of ['long names', 'many objects'])
    assert.deepEqual(await describe(name), { name, inputSchema: ANYTHING, withheld: ['inputSchema'] });
  await harness.end();
});

test('beyond sixteen megabytes of definitions schemas are withheld, and what fits behind them is kept', async () => {
  const { harness } = await listing(() => ({
    tools: [
      ...Array.from({ length: 70 }, (_, index) =>
        tool(`t${index}`, { inputSchema: schemaOf(250_000), description: 'd'.repeat(5_000) }),
      ),
      tool('small'),
    ],
  }));
  const { items, rejected } = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual([items.length, rejected.length], [71, 0]);
  const kept = await harness.host.request('describeTool', { name: 't64' });
  assert.deepEqual([kept.withheld, kept.description?.length], [undefined, 5_000]);
  assert.deepEqual(await harness.host.request('describeTool', { name: 't69' }), {
    name: 't69',
    description: 'd'.repeat(2_048),
    inputSchema: ANYTHING,
    withheld: ['inputSchema'],
  });
  assert.deepEqual(await harness.host.request('describeTool', { name: 'small' }), tool('small'));
  await harness.end();
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
    description: 'd'.repeat(2_048),
    annotations: {},
  });
  await harness.end();
});
