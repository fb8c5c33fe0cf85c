import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { RequestId } from '../../../src/protocol/jsonrpc';
import { RpcConnection } from '../../../src/rpc/rpcConnection';
import { SessionClock } from '../../../src/rpc/sessionClock';
import type { Transport, TransportHandlers } from '../../../src/transport/transport';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedServer } from '../../support/scriptedServer';

const DEADLINES = { deadlines: { idle: 1_000, total: 1_000 } };

async function session(): Promise<{
  server: ScriptedServer;
  rpc: RpcConnection;
  served: string[];
  closes: string[];
}> {
  const server = new ScriptedServer(new Map([['open', () => undefined]]));
  const served: string[] = [];
  const closes: string[] = [];
  const rpc = new RpcConnection(server.clientTransport, new SessionClock(new FakeClock()), {
    onRequest: (method) => {
      served.push(method);
      return Promise.resolve({ kind: 'result', result: {} });
    },
    onNotification: () => undefined,
    onOdd: () => undefined,
    onStderr: () => undefined,
    onClose: ({ kind }) => closes.push(kind),
  });
  await rpc.start();
  return { server, rpc, served, closes };
}

test('a request on the stream of a call belongs to that call, and to none once it is over', async () => {
  const { clientTransport } = new ScriptedServer(new Map([['open', () => undefined]]));
  let deliver: TransportHandlers['onMessage'] = () => undefined;
  const start = async (handlers: TransportHandlers): Promise<void> => {
    deliver = handlers.onMessage;
    await clientTransport.start(handlers);
  };
  const led: unknown[] = [];
  const transport = Object.create(clientTransport, { start: { value: start } }) as Transport;
  const rpc = new RpcConnection(transport, new SessionClock(new FakeClock()), {
    onRequest: (_method, _params, _signal, of) => {
      led.push(of);
      return Promise.resolve({ kind: 'result', result: {} });
    },
    onNotification: () => undefined,
    onOdd: () => undefined,
    onStderr: () => undefined,
    onClose: () => undefined,
  });
  await rpc.start();
  const cancel = new AbortController();
  let id: RequestId = -1;
  const onSent = (sent: RequestId): void => void (id = sent);
  const call = rpc.request('open', {}, { ...DEADLINES, callId: 7, signal: cancel.signal, onSent });
  deliver({ jsonrpc: '2.0', id: 'own', method: 'ask' }, id);
  deliver({ jsonrpc: '2.0', id: 'other', method: 'ask' }, undefined);
  await turns();
  cancel.abort();
  await assert.rejects(call, { failure: { code: 'cancelled' } });
  deliver({ jsonrpc: '2.0', id: 'late', method: 'ask' }, id);
  await turns();
  assert.deepEqual(led, [7, undefined, 'ended']);
  await rpc.close();
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

test('what the server takes back before it is begun is not begun', async () => {
  const { server, rpc, served } = await session();
  server.transport.send({ jsonrpc: '2.0', id: 'gone', method: 'gone' });
  server.transport.send({ jsonrpc: '2.0', id: 'kept', method: 'kept' });
  server.notify('notifications/cancelled', { requestId: 'gone' });
  await turns();
  assert.deepEqual(served, ['kept']);
  await rpc.close();
});

test('a request that is abandoned ends here, without a word to the server', async () => {
  const { server, rpc } = await session();
  const ids: (string | number)[] = [];
  const call = rpc.request('open', {}, { ...DEADLINES, onSent: (id) => ids.push(id) });
  rpc.abandon('nobody');
  rpc.abandon(ids[0] ?? 'none');
  await assert.rejects(call, { failure: { code: 'cancelled' } });
  await turns();
  assert.equal(server.received.length, 1);
  await rpc.close();
});

test('a closed session sends nothing and is told closed once', async () => {
  const { server, rpc, closes } = await session();
  const call = rpc.request('open', {}, DEADLINES);
  await Promise.all([
    rpc.close(),
    rpc.close(),
    assert.rejects(call, { failure: { code: 'connection-closed' } }),
  ]);
  rpc.notify('late');
  await assert.rejects(rpc.request('late', {}, DEADLINES), { failure: { code: 'connection-closed' } });
  await turns();
  assert.deepEqual(closes, ['closed']);
  assert.ok(server.received.every((message) => !('method' in message) || message.method !== 'late'));
});

test('a reason that is a string is told to the server, any other is not', async () => {
  const { server, rpc } = await session();
  for (const reason of ['no longer needed', new Error('CANARY'), undefined]) {
    const abort = new AbortController();
    const call = rpc.request('open', {}, { ...DEADLINES, signal: abort.signal });
    abort.abort(reason);
    await assert.rejects(call, { failure: { code: 'cancelled' } });
  }
  await server.waitFor('notifications/cancelled', 3);
  assert.deepEqual(
    server.received.flatMap((message) =>
      'method' in message && message.method === 'notifications/cancelled' ? [message.params?.['reason']] : [],
    ),
    ['no longer needed', 'cancelled by the user', 'cancelled by the user'],
  );
  await rpc.close();
});
