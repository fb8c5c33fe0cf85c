/** How this client behaves on the wire, whatever the server does: what never leaves, and what is borne. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isRequest, isResponse } from '../../../src/protocol/jsonrpc';
import { failsSaying } from '../../support/failures';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';

const TABLES = { legacy: legacyAnswers, modern: modernAnswers };
const CALLED = { 'tools/call': () => textResult('x'), 'tools/list': () => ({ tools: [] }) };

for (const era of ['legacy', 'modern'] as const) {
  test(`every message of the ${era} era is one object with an id of its own, text or whole number, never null`, async () => {
    const harness = await ClientHarness.connected(TABLES[era](CALLED));
    await Promise.all(Array.from({ length: 5 }, () => harness.callTool()));
    await harness.host.request('list', { kind: 'tools' });
    const ids = new Set<unknown>();
    for (const frame of harness.frames) {
      assert.ok(!Array.isArray(frame), 'never a batch');
      assert.equal(frame.jsonrpc, '2.0');
      if (!isRequest(frame)) continue;
      assert.ok(typeof frame.id === 'string' || Number.isSafeInteger(frame.id));
      assert.ok(!ids.has(frame.id));
      ids.add(frame.id);
    }
    assert.ok(ids.size >= 7);
    await harness.end();
  });

  test(`notifications of a server of the ${era} era get no answer, however wrong they are`, async () => {
    const harness = await ClientHarness.connected(TABLES[era](CALLED));
    const before = harness.frames.length;
    for (const method of [
      'notifications/message',
      'notifications/progress',
      'notifications/cancelled',
      'notifications/tools/list_changed',
      'notifications/resources/updated',
      'sampling/createMessage',
      'ping',
      'no/such/method',
    ])
      for (const params of [undefined, {}, { level: 7 }, { requestId: null }, { uri: [] }])
        harness.server.notify(method, params);
    await harness.settle();
    assert.deepEqual(harness.frames.slice(before), []);
    await harness.end();
  });
}

test('a server of the stateless era is never pinged, told of roots, or sent any answer', async () => {
  const harness = await ClientHarness.connected(modernAnswers(CALLED));
  void harness.server.request('ping');
  void harness.server.request('roots/list');
  await harness.host.request('notifyRootsChanged', undefined);
  await harness.pass(3_600_000);
  for (const method of ['ping', 'notifications/roots/list_changed', 'notifications/initialized'])
    assert.deepEqual(harness.sent(method), [], method);
  assert.equal(harness.frames.some(isResponse), false);
  await harness.end();
});

test('what a server logs before the handshake is over is heard, and nothing else it says then', async () => {
  const harness = new ClientHarness(
    legacyAnswers({
      initialize: () => {
        harness.server.notify('notifications/message', { level: 'warning', data: 'starting slowly' });
        harness.server.notify('notifications/tools/list_changed');
        return { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } };
      },
    }),
  );
  await harness.connect();
  await harness.settle();
  assert.deepEqual(harness.heard('logMessage'), [{ level: 'warning', text: 'starting slowly' }]);
  assert.deepEqual(harness.heard('listChanged'), []);
  await harness.end();
});

test('why a server takes back what it asked for is told, and only when there was such a request', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  harness.serve.sample = (_params, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  void harness.server.request('sampling/createMessage', {
    messages: [{ role: 'user', content: { type: 'text', text: 'q' } }],
    maxTokens: 5,
  });
  await harness.settle();
  harness.server.notify('notifications/cancelled', { requestId: 'nobody', reason: 'of nothing' });
  harness.server.notify('notifications/cancelled', { requestId: 'server-1', reason: 'changed my mind' });
  await harness.settle();
  assert.deepEqual(harness.heard('wire'), [
    {
      message: 'The server took back what it had asked for.',
      excerpt: 'changed my mind',
    },
  ]);
  assert.deepEqual(harness.responses, []);
  await harness.end();
});

for (const code of [-32002, -32602])
  test(`a resource that is not there fails the read with ${code}, which nothing else depends on`, async () => {
    const harness = await ClientHarness.connected(
      legacyAnswers({
        'resources/read': () => {
          throw new ScriptedError(code, 'Resource not found');
        },
        'tools/call': () => textResult('x'),
      }),
    );
    const failure = await failureOf(harness.host.request('readResource', { callId: 1, uri: 'test://gone' }));
    assert.deepEqual(failure, { code: 'server-error', rpcCode: code, message: 'Resource not found' });
    await harness.callTool();
    assert.equal(harness.sent('resources/read').length, 1, 'it is not asked again');
    await harness.end();
  });

test('a server that needs what was not declared is told apart, with what it says', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/call': () => {
        throw new ScriptedError(-32021, 'elicitation is required', {
          requiredCapabilities: { elicitation: {} },
        });
      },
    }),
  );
  await failsSaying(harness.callTool(), /needs a feature that this host does not offer.*error -32021/);
  assert.equal(harness.sent('tools/call').length, 1, 'nothing is declared that is not there');
  await harness.end();
});

test('unrelated calls share one connection and one process, each answered under its own id', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'tools/call': () => undefined,
      'prompts/get': () => ({ messages: [] }),
      'resources/read': () => ({ contents: [] }),
    }),
  );
  const slow = [harness.callTool({ n: 1 }), harness.callTool({ n: 2 })];
  await harness.host.request('getPrompt', { callId: 50, name: 'p', arguments: {} });
  await harness.host.request('readResource', { callId: 51, uri: 'test://r' });
  const [first, second] = harness.sent('tools/call');
  harness.server.respond(idOf(second), textResult('two'));
  harness.server.respond(idOf(first), textResult('one'));
  const texts = (await Promise.all(slow)).map(({ content }) => JSON.stringify(content));
  assert.match(texts[0] ?? '', /one/);
  assert.match(texts[1] ?? '', /two/);
  assert.equal(harness.servers.length, 1);
  assert.equal(harness.heard('ended').length, 0);
  await harness.end();
});

test('a server that wishes for a task of ours gets its answer at once, because none was declared', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const answer = await harness.server.request('sampling/createMessage', {
    messages: [{ role: 'user', content: { type: 'text', text: 'q' } }],
    maxTokens: 5,
    task: { ttl: 60_000 },
  });
  assert.ok('result' in answer);
  assert.equal((answer.result as { readonly model?: string }).model, 'a-model');
  assert.doesNotMatch(JSON.stringify(answer), /taskId/);
  for (const method of ['tasks/get', 'tasks/result', 'tasks/list', 'tasks/cancel']) {
    const refused = await harness.server.request(method, { taskId: 'x' });
    assert.ok('error' in refused && refused.error.code === -32601, method);
  }
  const declared = JSON.stringify(harness.sent('initialize'));
  assert.doesNotMatch(declared, /"tasks"/);
  await harness.end();
});
