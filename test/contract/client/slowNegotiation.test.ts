/** Servers that are slow to answer the probe or the handshake. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, failureOf, idOf, paramsOf } from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { methods, MODERN_RESULT, PROBE_MS, silent } from './negotiating';

const LEGACY_RESULT = {
  protocolVersion: '2025-06-18',
  capabilities: { tools: {} },
  serverInfo: { name: 'slow', version: '1' },
};

test('silence for the probe time leads to the handshake, and the probe is then cancelled', async () => {
  const { harness, connecting } = await silent();
  harness.server.respond(idOf(harness.sent('initialize')[0]), LEGACY_RESULT);
  assert.deepEqual((await connecting).negotiated, { era: 'legacy', revision: '2025-06-18' });
  await harness.settle();
  assert.deepEqual(methods(harness), [
    'server/discover',
    'initialize',
    'notifications/initialized',
    'notifications/cancelled',
  ]);
  assert.deepEqual(paramsOf(harness.sent('notifications/cancelled')[0]), {
    requestId: idOf(harness.sent('server/discover')[0]),
    reason: 'no longer needed',
  });
  await harness.end();
});

test('a late modern answer wins while initialize is not answered, and a later handshake changes nothing', async () => {
  const { harness, connecting } = await silent();
  harness.server.respond(idOf(harness.sent('server/discover')[0]), MODERN_RESULT);
  assert.equal((await connecting).negotiated.era, 'modern');
  harness.server.respond(idOf(harness.sent('initialize')[0]), LEGACY_RESULT);
  await harness.pass(60_000);
  assert.deepEqual(
    methods(harness),
    ['server/discover', 'initialize'],
    'initialize is neither confirmed nor cancelled',
  );
  await harness.end();
});

test('a late answer to the probe is ignored once initialize was answered', async () => {
  const { harness, connecting } = await silent();
  harness.server.respond(idOf(harness.sent('initialize')[0]), LEGACY_RESULT);
  assert.equal((await connecting).negotiated.era, 'legacy');
  harness.server.respond(idOf(harness.sent('server/discover')[0]), MODERN_RESULT);
  await harness.settle();
  const result = await harness.host.request('list', { kind: 'prompts' });
  assert.deepEqual(result.items, []);
  await harness.end();
});

test('initialize refused while the probe is still being answered does not hide a modern server', async () => {
  const { harness, connecting } = await silent();
  harness.server.transport.send({
    jsonrpc: '2.0',
    id: idOf(harness.sent('initialize')[0]),
    error: { code: -32601, message: 'no' },
  });
  await harness.pass(PROBE_MS - 1);
  harness.server.respond(idOf(harness.sent('server/discover')[0]), MODERN_RESULT);
  assert.equal((await connecting).negotiated.era, 'modern');
  await harness.end();
});

test('a refused initialize is told without waiting for the silent probe for ever', async () => {
  const { harness, connecting } = await silent();
  harness.server.transport.send({
    jsonrpc: '2.0',
    id: idOf(harness.sent('initialize')[0]),
    error: { code: -32602, message: 'no', data: { supported: ['2031-01-01'] } },
  });
  await harness.pass(PROBE_MS);
  assert.deepEqual(await failureOf(connecting), { code: 'unsupported-version', offered: ['2031-01-01'] });
  await harness.end();
});

test('a server that answers nothing is given up at the connect deadline; initialize is never cancelled', async () => {
  const { harness, connecting } = await silent();
  await harness.pass(25_000);
  assert.deepEqual(await failureOf(connecting), { code: 'timeout', ms: 30_000, limit: 'connect' });
  await harness.settle();
  const initialize = idOf(harness.sent('initialize')[0]);
  for (const cancelled of harness.sent('notifications/cancelled'))
    assert.notEqual(paramsOf(cancelled)['requestId'], initialize);
  assert.equal(harness.servers.length, 1, 'a silent server is not started twice');
  await harness.end();
});

test('aborting the connect while initialize runs sends no cancellation of it', async () => {
  const refuses = (): never => {
    throw new ScriptedError(-32601, 'no');
  };
  const harness = new ClientHarness(
    new Map([
      ['server/discover', refuses],
      ['initialize', () => undefined],
    ]),
  );
  const abort = new AbortController();
  const connecting = harness.connect({}, abort.signal);
  const failure = failureOf(connecting);
  await harness.settle();
  abort.abort();
  assert.equal((await failure).code, 'cancelled');
  await harness.settle();
  assert.deepEqual(methods(harness), ['server/discover', 'initialize']);
  await harness.server.whenClosed;
  await harness.end();
});

test('nothing but ping is served before the handshake is over', async () => {
  const harness = new ClientHarness(
    new Map([
      ['server/discover', () => fail()],
      ['initialize', () => undefined],
    ]),
  );
  function fail(): never {
    throw new ScriptedError(-32601, 'no');
  }
  let asked = 0;
  harness.serve.sample = () => {
    asked += 1;
    return Promise.resolve({ kind: 'rejected' });
  };
  const connecting = harness.connect();
  await harness.settle();
  const { server } = harness;
  const sampling = { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 5 };
  const [ping, sample, roots, unknown] = await Promise.all([
    server.request('ping'),
    server.request('sampling/createMessage', sampling),
    server.request('roots/list'),
    server.request('tools/list'),
  ]);
  assert.deepEqual('result' in ping && ping.result, {});
  assert.equal('error' in sample && sample.error.code, -32600);
  assert.equal('error' in roots && roots.error.code, -32600);
  assert.equal('error' in unknown && unknown.error.code, -32601);
  server.notify('notifications/tools/list_changed');
  server.notify('notifications/message', { level: 'info', data: 'starting' });
  await harness.settle();
  server.respond(idOf(harness.sent('initialize')[0]), LEGACY_RESULT);
  await connecting;
  await harness.settle();
  assert.equal(asked, 0);
  assert.deepEqual(harness.heard('listChanged'), []);
  assert.deepEqual(harness.heard('logMessage'), [{ level: 'info', text: 'starting' }], 'logs may come early');
  assert.equal(methods(harness).at(-1), 'notifications/initialized');
  await harness.end();
});
