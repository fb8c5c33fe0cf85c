import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ClientRequests } from '../../../src/client/contract';
import {
  CLIENT_INFO,
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

const META_KEYS = [
  'io.modelcontextprotocol/clientCapabilities',
  'io.modelcontextprotocol/clientInfo',
  'io.modelcontextprotocol/protocolVersion',
];
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel';
/** Nothing is logged before it is known whether the server logs, nor ever on a subscription. */
const WITHOUT_LOGS = ['server/discover', 'subscriptions/listen'];

const EVERYTHING: Record<string, Answer> = {
  'tools/list': () => ({ tools: [] }),
  'tools/call': () => textResult('done'),
  'resources/list': () => ({ resources: [] }),
  'resources/templates/list': () => ({ resourceTemplates: [] }),
  'resources/read': () => ({ contents: [{ uri: 'a:b', text: 'x' }] }),
  'resources/subscribe': () => ({}),
  'resources/unsubscribe': () => ({}),
  'prompts/list': () => ({ prompts: [] }),
  'prompts/get': () => ({ messages: [] }),
  'completion/complete': () => ({ completion: { values: ['a'] } }),
};

const COMPLETE: ClientRequests['complete']['params'] = {
  ref: { kind: 'prompt', name: 'p' },
  argument: { name: 'a', value: 'v' },
  resolved: { other: 'known' },
};

async function useEverything({ host }: ClientHarness): Promise<void> {
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const)
    await host.request('list', { kind });
  await host.request('callTool', { callId: 1, name: 't', arguments: { a: 1 } });
  await host.request('readResource', { callId: 2, uri: 'a:b' });
  await host.request('getPrompt', { callId: 3, name: 'p', arguments: { a: 'x' } });
  await host.request('complete', COMPLETE);
  await host.request('subscribe', { uri: 'a:b' });
  await host.request('unsubscribe', { uri: 'a:b' });
}

test('every request of the stateless era carries the three keys and only legal ones', async () => {
  const harness = await ClientHarness.connected(modernAnswers(EVERYTHING));
  await useEverything(harness);
  await harness.settle();
  const requests = harness.frames.filter((frame) => 'method' in frame && 'id' in frame);
  assert.ok(requests.length > 9);
  for (const request of requests) {
    const meta = paramsOf(request)['_meta'] as Record<string, unknown>;
    const { method } = request as { readonly method: string };
    assert.deepEqual(
      Object.keys(meta)
        .filter((key) => key !== 'progressToken')
        .sort(),
      [...META_KEYS, ...(WITHOUT_LOGS.includes(method) ? [] : [LOG_LEVEL])].sort(),
      method,
    );
    assert.equal(meta['io.modelcontextprotocol/protocolVersion'], '2026-07-28');
    assert.deepEqual(meta['io.modelcontextprotocol/clientInfo'], CLIENT_INFO);
    assert.deepEqual(meta['io.modelcontextprotocol/clientCapabilities'], {
      sampling: {},
      roots: {},
      extensions: { 'io.modelcontextprotocol/tasks': {} },
    });
  }
  assert.equal(harness.sent('resources/subscribe').length, 0, 'the stateless era has no such method');
  await harness.end();
});

test('no request of the stateful era carries keys of the stateless one, and only calls, reads and prompts ask for progress', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING));
  await useEverything(harness);
  for (const frame of harness.frames) {
    if (!('method' in frame) || frame.method === 'server/discover') continue;
    assert.ok(!JSON.stringify(frame).includes('io.modelcontextprotocol/'), frame.method);
    const meta = frame.params?.['_meta'];
    const asks = ['tools/call', 'resources/read', 'prompts/get'].includes(frame.method);
    assert.deepEqual(Object.keys(meta ?? {}), asks ? ['progressToken'] : [], frame.method);
  }
  assert.deepEqual(paramsOf(harness.sent('resources/subscribe')[0]), { uri: 'a:b' });
  assert.deepEqual(paramsOf(harness.sent('completion/complete')[0]), {
    ref: { type: 'ref/prompt', name: 'p' },
    argument: { name: 'a', value: 'v' },
    context: { arguments: { other: 'known' } },
  });
  assert.equal(harness.sent('subscriptions/listen').length, 0);
  await harness.end();
});

test('completion sends no context to revisions that do not know it', async () => {
  for (const revision of ['2025-03-26', '2024-11-05']) {
    const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING, { revision }));
    await harness.host.request('complete', COMPLETE);
    assert.equal('context' in paramsOf(harness.sent('completion/complete')[0]), false);
    await harness.end();
  }
});

test('completion of the oldest revision is tried without a capability, and its absence is no error', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({}, { revision: '2024-11-05', capabilities: {} }),
  );
  assert.deepEqual(await harness.host.request('complete', COMPLETE), { values: [], hasMore: false });
  assert.equal(harness.sent('completion/complete').length, 1);
  await harness.end();
});

test('completion values are bounded in number and length', async () => {
  const values = ['x'.repeat(1_025), 7, ...Array.from({ length: 1_000 }, (_, index) => `v${index}`)];
  const harness = await ClientHarness.connected(
    legacyAnswers({ 'completion/complete': () => ({ completion: { values } }) }),
  );
  const result = await harness.host.request('complete', COMPLETE);
  assert.deepEqual(result.values, values.slice(2, 102));
  assert.equal(result.hasMore, true);
  await harness.end();
});

test('arguments leave exactly as given', async () => {
  const given = JSON.parse(
    '{"__proto__":{"a":1},"n":9007199254740991,"z":-0.5,"s":"\\ud83d\\ude00\\u2028","e":[null,{}]}',
  ) as JsonObject;
  const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING));
  await harness.callTool(given);
  assert.equal(JSON.stringify(paramsOf(harness.sent('tools/call')[0])['arguments']), JSON.stringify(given));
  await harness.end();
});

test('what the server does not declare is not called', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING, { capabilities: {} }));
  const before = harness.frames.length;
  const calls = [
    ['tools', harness.callTool()],
    ['resources', harness.host.request('readResource', { callId: 2, uri: 'a:b' })],
    ['prompts', harness.host.request('getPrompt', { callId: 3, name: 'p', arguments: {} })],
  ] as const;
  for (const [feature, call] of calls)
    assert.deepEqual(await failureOf(call), { code: 'not-offered', feature });
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const)
    assert.deepEqual(await harness.host.request('list', { kind }), { kind, items: [], rejected: [] });
  assert.deepEqual(await harness.host.request('complete', COMPLETE), { values: [], hasMore: false });
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  assert.equal(harness.frames.length, before, 'nothing left');
  await harness.end();
});

test('ids are never reused', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING));
  for (let round = 0; round < 20; round++) await useEverything(harness);
  const ids = harness.frames.filter((frame) => 'method' in frame && 'id' in frame).map(idOf);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.ok(Number.isSafeInteger(id));
  await harness.end();
});

test('an answer whose id has another type answers nothing', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => undefined }));
  const call = harness.callTool();
  await harness.settle();
  const id = idOf(harness.sent('tools/call')[0]);
  harness.server.respond(String(id), textResult('of another type'));
  harness.server.respond(999_999, textResult('of nobody'));
  harness.server.respond(id, textResult('first'));
  harness.server.respond(id, textResult('second'));
  const result = await call;
  assert.deepEqual(result.content, [{ type: 'text', text: { kind: 'inline', text: 'first' } }]);
  await harness.settle();
  assert.deepEqual(
    harness.heard('wire').map(({ message }) => message),
    Array<string>(3).fill('The server answered a request that waits for no answer.'),
  );
  await harness.end();
});

test('an error of the server is told with bounded message and data', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'tools/call': () => {
        throw new ScriptedError(-32042, 'm'.repeat(100_000), { big: 'd'.repeat(1_000_000) });
      },
    }),
  );
  const failure = await failureOf(harness.callTool());
  assert.ok(failure.code === 'server-error');
  assert.equal(failure.rpcCode, -32042);
  assert.equal(failure.message.length, 2_000);
  assert.equal(failure.data?.length, 65_536);
  await harness.end();
});

test('a malformed error still settles the call', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => undefined }));
  for (const error of [7, {}, { code: 'x', message: {} }, { code: 1.5 }] as never[]) {
    const call = harness.callTool();
    await harness.settle();
    harness.server.transport.send({ jsonrpc: '2.0', id: idOf(harness.sent('tools/call').at(-1)), error });
    assert.deepEqual(await failureOf(call), {
      code: 'server-error',
      rpcCode: -32603,
      message: 'The server sent a malformed error.',
    });
  }
  await harness.end();
});

test('results that are no objects are invalid in both eras', async () => {
  for (const answers of [legacyAnswers, modernAnswers])
    for (const result of [null, 0, '', [], true] as const) {
      const harness = await ClientHarness.connected(answers({ 'tools/call': () => result }));
      assert.equal((await failureOf(harness.callTool())).code, 'invalid-result');
      await harness.end();
    }
});

test('an unknown resultType is invalid in the stateless era and means nothing in the stateful one', async () => {
  for (const resultType of ['task', '', 'COMPLETE', null, 5]) {
    const answers = { 'tools/call': () => textResult('x', { resultType }) };
    const modern = await ClientHarness.connected(modernAnswers(answers));
    assert.equal((await failureOf(modern.callTool())).code, 'invalid-result');
    await modern.end();
    const legacy = await ClientHarness.connected(legacyAnswers(answers));
    assert.equal((await legacy.callTool()).content.length, 1);
    await legacy.end();
  }
});

test('a result without resultType is complete', async () => {
  const harness = await ClientHarness.connected(modernAnswers({ 'tools/call': () => textResult('x') }));
  assert.equal((await harness.callTool()).content.length, 1);
  await harness.end();
});

test('only calls, reads and prompts may be answered with a request for input', async () => {
  const asks: Answer = () => ({ resultType: 'input_required', requestState: 's' });
  const harness = await ClientHarness.connected(
    modernAnswers({ 'tools/list': asks, 'completion/complete': asks, 'resources/list': asks }),
  );
  for (const kind of ['tools', 'resources'] as const)
    assert.equal((await failureOf(harness.host.request('list', { kind }))).code, 'invalid-result');
  assert.equal((await failureOf(harness.host.request('complete', COMPLETE))).code, 'invalid-result');
  await harness.end();
});

test('changed roots are told only to a server of the stateful era that was told of roots', async () => {
  const told = [
    [legacyAnswers(), true, 1],
    [legacyAnswers(), false, 0],
    [modernAnswers(), true, 0],
  ] as const;
  for (const [answers, roots, times] of told) {
    const harness = await ClientHarness.connected(answers, { offers: { sampling: true, roots } });
    await harness.host.request('notifyRootsChanged', undefined);
    await harness.settle();
    assert.equal(harness.sent('notifications/roots/list_changed').length, times);
    await harness.end();
  }
});

test('a call that cannot be written fails by itself and does not blame the server', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(EVERYTHING));
  const { clientTransport } = harness.server;
  const send = clientTransport.send.bind(clientTransport);
  clientTransport.send = () => {
    throw new RangeError('CANARY stack');
  };
  assert.equal((await failureOf(harness.callTool())).code, 'internal');
  clientTransport.send = send;
  assert.equal((await harness.callTool()).isError, false);
  await harness.end();
});

test('calls before and after a connection fail as closed', async () => {
  const harness = new ClientHarness(legacyAnswers(EVERYTHING));
  assert.equal((await failureOf(harness.callTool())).code, 'connection-closed');
  await harness.connect();
  harness.server.transport.exit({ code: 9, signal: null });
  await harness.settle();
  assert.deepEqual(await failureOf(harness.callTool()), {
    code: 'connection-closed',
    exit: { code: 9, signal: null },
  });
  await harness.end();
});
