/** What a server claims of itself and of what it offers: taken as text, and never a reason to treat it in another way. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import {
  ClientHarness,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const LISTS: Readonly<Record<string, Answer>> = {
  'tools/list': () => ({ tools: [{ name: 't', inputSchema: { type: 'object' } }] }),
  'resources/list': () => ({ resources: [] }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'prompts/list': () => ({ prompts: [] }),
  'tools/call': () => textResult('x'),
};

/** Everything that leaves for a server while it is listed, called and let go. */
async function spokenTo(answers: Map<string, Answer>): Promise<readonly JsonRpcMessage[]> {
  const harness = await ClientHarness.connected(answers);
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const)
    await harness.host.request('list', { kind });
  await harness.callTool({ a: 1 });
  await harness.settle();
  const { frames } = harness;
  await harness.end();
  return frames;
}

/** The same answers, with one member of one result replaced. */
function saying(answers: Map<string, Answer>, method: string, change: JsonObject): Map<string, Answer> {
  const old = answers.get(method);
  assert.ok(old);
  return new Map(answers).set(method, async (params, request) => ({
    ...((await old(params, request)) as JsonObject),
    ...change,
  }));
}

test('what a server calls itself changes nothing of how it is spoken to', async () => {
  for (const name of ['', 'Claude Code', 'mcp-host', '__proto__', 'x'.repeat(10_000)]) {
    const info: JsonObject = { name, version: '999', title: name, websiteUrl: 'https://example.com' };
    assert.deepEqual(
      await spokenTo(saying(legacyAnswers(LISTS), 'initialize', { serverInfo: info })),
      await spokenTo(legacyAnswers(LISTS)),
    );
    const _meta = { 'io.modelcontextprotocol/serverInfo': info };
    assert.deepEqual(
      await spokenTo(saying(modernAnswers(LISTS), 'server/discover', { _meta })),
      await spokenTo(modernAnswers(LISTS)),
    );
  }
});

test('a server with extensions and experiments is spoken to as one without, and none of them is declared to it', async () => {
  const capabilities: JsonObject = {
    tools: {},
    prompts: {},
    resources: {},
    experimental: { anything: {} },
    extensions: { 'com.example/one': {}, 'not a valid id': {}, 'com.example/two': 7 },
  };
  for (const [answers, method] of [
    [legacyAnswers(LISTS, { capabilities: { tools: {}, prompts: {}, resources: {} } }), 'initialize'],
    [modernAnswers(LISTS, { capabilities: { tools: {}, prompts: {}, resources: {} } }), 'server/discover'],
  ] as const) {
    const frames = await spokenTo(saying(answers, method, { capabilities }));
    assert.deepEqual(frames, await spokenTo(answers));
    assert.doesNotMatch(JSON.stringify(frames), /com\.example|experimental/);
  }
});

test('the hints of a tool change nothing of how it is called', async () => {
  const calls = [];
  for (const annotations of [
    {},
    { readOnlyHint: true, destructiveHint: false },
    { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  ]) {
    const frames = await spokenTo(
      legacyAnswers({
        ...LISTS,
        'tools/list': () => ({ tools: [{ name: 't', inputSchema: { type: 'object' }, annotations }] }),
      }),
    );
    calls.push(frames.filter((frame) => 'method' in frame && frame.method === 'tools/call'));
  }
  assert.equal(calls[0]?.length, 1);
  assert.deepEqual(calls[1], calls[0]);
  assert.deepEqual(calls[2], calls[0]);
});

test('nothing is asked for on account of icons, and addresses that could act are not even kept', async () => {
  const icons: JsonValue = [
    { src: 'https://example.com/a.png', mimeType: 'image/png', sizes: ['48x48'] },
    { src: 'javascript:alert(1)' },
    { src: 'file:///etc/passwd' },
    { src: 'http://example.com/plain.png' },
  ];
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'tools/list': () => ({ tools: [{ name: 't', inputSchema: { type: 'object' }, icons }] }),
      'resources/list': () => ({ resources: [{ uri: 'test://r', name: 'r', icons }] }),
      'resources/templates/list': () => ({
        resourceTemplates: [{ uriTemplate: 'test://{x}', name: 'x', icons }],
      }),
      'prompts/list': () => ({ prompts: [{ name: 'p', icons }] }),
    }),
  );
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const) {
    const listing = await harness.host.request('list', { kind });
    assert.equal(listing.items.length, 1, 'an icon costs no item');
    assert.doesNotMatch(JSON.stringify(listing), /javascript|passwd|"http:/);
  }
  assert.deepEqual(
    harness.frames.filter((frame) => 'method' in frame && !/list$|initialize|discover/.test(frame.method)),
    [],
  );
  await harness.end();
});

test('keys of _meta that a server adds anywhere mean nothing, reserved ones included', async () => {
  const _meta: JsonObject = {
    'io.modelcontextprotocol/anything': { a: 1 },
    'com.example.mcp/x': [],
    'modelcontextprotocol.io/y': null,
    traceparent: 'not a trace',
    progressToken: 'mine',
  };
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/list': () => ({
        resultType: 'complete',
        _meta,
        tools: [{ name: 't', inputSchema: { type: 'object' }, _meta }],
      }),
      'tools/call': () => ({
        resultType: 'complete',
        _meta,
        content: [{ type: 'text', text: 'plain', _meta }],
      }),
    }),
  );
  const listing = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual(listing.rejected, []);
  assert.equal(listing.items.length, 1);
  const result = await harness.callTool();
  assert.equal(result.isError, false);
  assert.deepEqual(
    result.content.map((block) => block.type === 'text' && block.text),
    [{ kind: 'inline', text: 'plain' }],
  );
  const sent = paramsOf(harness.sent('tools/call')[0])['_meta'] as JsonObject;
  assert.equal('traceparent' in sent, false);
  await harness.end();
});

test('the title of a tool is its own, else the one among its hints, else there is none', async () => {
  const inputSchema = { type: 'object' };
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'tools/list': () => ({
        tools: [
          { name: 'a', title: 'Own', annotations: { title: 'Hint' }, inputSchema },
          { name: 'b', annotations: { title: 'Hint' }, inputSchema },
          { name: 'c', title: '', inputSchema },
        ],
      }),
    }),
  );
  const { items } = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual(
    items.map((item) => ('title' in item ? item.title : undefined)),
    ['Own', 'Hint', undefined],
  );
  await harness.end();
});
