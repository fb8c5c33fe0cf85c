import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '../../../src/base/json';
import type { JsonRpcError, JsonRpcResult } from '../../../src/protocol/jsonrpc';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';
import { ANSWER, openSamplings, sampling, send } from './asking';

test('a request that the server takes back is withdrawn and never answered', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { replies, signals } = openSamplings(harness);
  send(harness, 5, 'sampling/createMessage', sampling());
  send(harness, '5', 'sampling/createMessage', sampling());
  await harness.settle();
  for (const requestId of [6, null, {}, '7', undefined] as JsonValue[])
    harness.server.notify('notifications/cancelled', { requestId });
  harness.server.notify('notifications/cancelled');
  await harness.settle();
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, false],
  );
  harness.server.notify('notifications/cancelled', { requestId: 5, reason: 'x' });
  await harness.settle();
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
  for (const reply of replies) reply.resolve(ANSWER);
  await harness.settle();
  assert.deepEqual(harness.responses.map(idOf), ['5']);
  await harness.end();
});

test('a request that is taken back in the same breath never reaches the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { replies } = openSamplings(harness);
  send(harness, 'q', 'sampling/createMessage', sampling());
  harness.server.notify('notifications/cancelled', { requestId: 'q' });
  await harness.settle();
  assert.equal(replies.length, 0);
  assert.deepEqual(harness.responses, []);
  await harness.end();
});

test('a cancellation of the server never ends a call of ours, not even with an equal id', async () => {
  const silent: Record<string, Answer> = { 'tools/call': () => undefined };
  const harness = await ClientHarness.connected(legacyAnswers(silent));
  const { signals } = openSamplings(harness);
  const call = harness.callTool();
  await harness.settle();
  const id = idOf(harness.sent('tools/call')[0]);
  send(harness, id, 'sampling/createMessage', sampling());
  await harness.settle();
  harness.server.notify('notifications/cancelled', { requestId: id });
  harness.server.notify('$/cancelRequest', { id });
  await harness.settle();
  assert.equal(signals[0]?.aborted, true);
  harness.server.respond(id, textResult('still here'));
  assert.equal((await call).content.length, 1);
  assert.deepEqual(harness.responses, []);
  await harness.end();
});

test('questions are withdrawn when the server or the host goes away', async () => {
  for (const way of ['server', 'close'] as const) {
    const harness = await ClientHarness.connected(legacyAnswers());
    const { signals } = openSamplings(harness);
    send(harness, 1, 'sampling/createMessage', sampling());
    await harness.settle();
    if (way === 'server') harness.server.transport.exit({ code: 0, signal: null });
    else await harness.host.request('close', undefined);
    await harness.settle();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
    await harness.end();
  }
});

test('requests of a server of the stateless era are neither served nor answered', async () => {
  const answers = modernAnswers({}, { capabilities: {} });
  const good = answers.get('server/discover');
  answers.set('server/discover', async (params, request) => {
    // In the same breath as the answer: not served, because by its turn the era is known.
    const result = await good?.(params, request);
    harness.server.respond(request.id, result ?? null);
    send(harness, 'early', 'sampling/createMessage', sampling());
    return undefined;
  });
  const harness = new ClientHarness(answers);
  let asked = 0;
  harness.serve.sample = () => Promise.reject(new Error(String(++asked)));
  await harness.connect();
  await harness.settle();
  for (const method of ['ping', 'sampling/createMessage', 'roots/list', 'unknown'])
    send(harness, method, method, sampling());
  for (let request = 0; request < 100; request++) send(harness, request, 'ping');
  await harness.settle();
  assert.equal(asked, 0);
  assert.deepEqual(harness.responses, []);
  await harness.end();
});

test('what answers no call, and what is no answer at all, changes nothing', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => undefined }));
  const call = failureOf(harness.callTool());
  await harness.settle();
  const id = idOf(harness.sent('tools/call')[0]);
  const { clientTransport } = harness.server;
  const raw = clientTransport.receive.bind(clientTransport);
  for (const line of ['null', '[]', '{}', `{"jsonrpc":"2.0","id":"${String(id)}"}`, 'not json']) raw(line);
  raw(`{"jsonrpc":"2.0","id":${String(id)}.5,"result":{}}`);
  raw(`{"level":"info","id":${String(id)}}`);
  raw(`{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}`);
  await harness.settle();
  assert.equal(harness.heard('wire').length, 8);
  const answer: JsonRpcResult | JsonRpcError = { jsonrpc: '2.0', id, error: { code: 7, message: 'the end' } };
  harness.server.transport.send(answer);
  assert.deepEqual(await call, { code: 'server-error', rpcCode: 7, message: 'the end' });
  await harness.end();
});
