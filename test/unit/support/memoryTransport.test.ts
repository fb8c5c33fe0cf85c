import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { MemoryTransport } from '../../support/memoryTransport';
import { ScriptedError, ScriptedServer, type Answer } from '../../support/scriptedServer';
import type { Transport, TransportClose } from '../../../src/transport/transport';

interface Side {
  readonly messages: JsonRpcMessage[];
  readonly noise: string[];
  readonly closed: Deferred<TransportClose>;
}

async function listen(transport: Transport, onEach?: () => void): Promise<Side> {
  const side: Side = { messages: [], noise: [], closed: new Deferred() };
  await transport.start({
    onMessage: (message) => {
      side.messages.push(message);
      onEach?.();
    },
    onRefused: () => undefined,
    onFailed: () => undefined,
    onOdd: () => undefined,
    onNoise: ({ reason }) => side.noise.push(reason),
    onStderr: () => undefined,
    onClose: (close) => side.closed.resolve(close),
  });
  return side;
}

test('messages cross in order, a pause holds at once, and the end comes after them', async () => {
  const [near, far] = MemoryTransport.pair();
  const side = await listen(near, () => near.pause());
  for (let id = 1; id <= 3; id += 1) far.send({ jsonrpc: '2.0', id, result: null });
  far.exit({ code: 1, signal: null });
  for (let count = 1; count <= 3; count += 1) {
    await new Promise(setImmediate);
    assert.equal(side.messages.length, count);
    assert.equal(side.closed.isSettled, count === 3);
    near.resume();
  }
  assert.deepEqual(await side.closed.promise, { kind: 'ended', exit: { code: 1, signal: null } });
});

test('a violation cuts at once; closing ends both sides', async () => {
  const [near, far] = MemoryTransport.pair();
  const side = await listen(near);
  far.send({ jsonrpc: '2.0', method: 'x' });
  far.violate('endless line');
  assert.deepEqual(await side.closed.promise, { kind: 'violation', detail: 'endless line' });
  assert.equal(side.messages.length, 0);

  const [client, server] = MemoryTransport.pair();
  const [one, other] = [await listen(client), await listen(server)];
  await client.close();
  assert.deepEqual(
    [await one.closed.promise, await other.closed.promise],
    [{ kind: 'closed' }, { kind: 'ended' }],
  );
});

test('what is no message is noise', async () => {
  const [near] = MemoryTransport.pair();
  const side = await listen(near);
  near.receive('text');
  near.receive('{"jsonrpc":"1.0"}');
  await new Promise(setImmediate);
  assert.deepEqual(side.noise, ['not a JSON object', 'no "jsonrpc": "2.0"']);
});

test('a scripted server answers, fails, stays silent, and asks', async () => {
  const answers = new Map<string, Answer>([
    ['add', ({ a, b }) => Number(a) + Number(b)],
    [
      'fail',
      () => {
        throw new ScriptedError(-32000, 'no', { why: 1 });
      },
    ],
    ['silent', () => undefined],
  ]);
  const server = new ScriptedServer(answers);
  const client = server.clientTransport;
  const side = await listen(client);
  client.send({ jsonrpc: '2.0', id: 1, method: 'add', params: { a: 1, b: 2 } });
  client.send({ jsonrpc: '2.0', id: 2, method: 'fail' });
  client.send({ jsonrpc: '2.0', id: 3, method: 'unknown' });
  client.send({ jsonrpc: '2.0', id: 4, method: 'silent' });
  await server.waitFor('silent');
  server.respond(4, 'late');
  const asked = server.request('ping');
  while (side.messages.length < 5) await new Promise(setImmediate);
  assert.deepEqual(side.messages.slice(0, 4), [
    { jsonrpc: '2.0', id: 1, result: 3 },
    { jsonrpc: '2.0', id: 2, error: { code: -32000, message: 'no', data: { why: 1 } } },
    { jsonrpc: '2.0', id: 3, error: { code: -32601, message: 'Method not found' } },
    { jsonrpc: '2.0', id: 4, result: 'late' },
  ]);
  client.send({ jsonrpc: '2.0', id: 'server-1', result: {} });
  assert.deepEqual(await asked, { jsonrpc: '2.0', id: 'server-1', result: {} });
  await client.close();
  assert.deepEqual(await server.whenClosed, { kind: 'ended' });
});
