/** HTTP+SSE, where messages leave one after the other (SSE1). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { FailureError } from '../../../src/protocol/failure';
import { failsSaying } from '../../support/failures';
import { event, idOf, stream, type HttpExchange } from '../../support/scriptedHttp';
import { Remote } from './remote';

type Handlers = Parameters<typeof Remote.serving>[0];
type Say = (exchange: HttpExchange, result: JsonObject) => void;

/** A connection to a server whose answers come over its stream. */
async function answering(handlers: (say: Say) => Handlers): Promise<{ remote: Remote; say: Say }> {
  const streams: HttpExchange[] = [];
  const say: Say = (exchange, result) => {
    exchange.response.writeHead(202).end();
    for (const open of streams) event(open, { jsonrpc: '2.0', id: idOf(exchange), result });
  };
  const serverInfo = { name: 'x', version: '1' };
  const remote = await Remote.serving({
    GET: (exchange) => {
      streams.push(exchange);
      stream(exchange);
      exchange.response.write('event: endpoint\ndata: /post\n\n');
    },
    initialize: (exchange) =>
      say(exchange, { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo }),
    ...handlers(say),
  });
  await remote.connect({ transport: 'sse' });
  return { remote, say };
}

test('a call that is cancelled while others go before it never leaves, and the server hears nothing of it', async () => {
  const slow: HttpExchange[] = [];
  const { remote, say } = await answering((say) => ({
    'tools/list': (exchange) => {
      slow.push(exchange);
      if (slow.length > 1) say(exchange, { tools: [] });
    },
  }));
  const first = remote.request('list', { kind: 'tools' });
  await remote.http.until(() => slow.length === 1, 'what takes its time');
  const abort = new AbortController();
  const call = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  abort.abort();
  await call;
  // The client has heard of both when it answers this.
  await assert.rejects(remote.request('readHeld', { handle: 0, offset: 0, length: 1 }));
  const [held] = slow;
  assert.ok(held);
  say(held, { tools: [] });
  await first;
  // What was to leave before this has left.
  await remote.request('list', { kind: 'tools' });
  assert.deepEqual(
    remote.http.got('POST').map(({ body }) => (body as { readonly method?: string }).method),
    ['initialize', 'notifications/initialized', 'tools/list', 'tools/list'],
  );
  await remote.end();
});

test('events of a kind that nobody knows are passed over, whatever they hold', async () => {
  const streams: HttpExchange[] = [];
  const { remote } = await answering((say) => ({
    'tools/list': (exchange) => {
      const answer = { jsonrpc: '2.0', id: idOf(exchange), result: { tools: [{ name: 'no' }] } };
      streams.push(exchange);
      for (const open of remote.http.got('GET'))
        open.response.write(`event: weird\ndata: ${JSON.stringify(answer)}\n\n`);
      say(exchange, { tools: [] });
    },
  }));
  const { items, rejected } = await remote.request('list', { kind: 'tools' });
  assert.deepEqual([items, rejected, streams.length], [[], [], 1]);
  await remote.end();
});

/** A server that names this address for messages, and answers nothing there. */
function naming(address: string): Promise<Remote> {
  return Remote.serving({
    GET: (exchange) => {
      stream(exchange);
      exchange.response.write(`event: endpoint\ndata: ${address}\n\n`);
    },
  });
}

test('an address for messages that is longer than any is not taken', async () => {
  const remote = await naming(`/post?sessionId=${'x'.repeat(8_192)}`);
  await assert.rejects(
    remote.connect({ transport: 'sse' }),
    (error: FailureError) => error.failure.code === 'invalid-result',
  );
  await remote.end();
});

test('what an address for messages holds is told as a secret, however long it is', async () => {
  const id = 'x'.repeat(4_000);
  const remote = await naming(`/post?sessionId=${id}`);
  await assert.rejects(remote.connect({ transport: 'sse' }));
  assert.deepEqual(remote.heard('secrets'), [{ of: 'session', values: [id] }]);
  await remote.end();
});

test('the first address for messages counts: another one, of whatever origin, changes nothing (T073)', async () => {
  const streams: HttpExchange[] = [];
  const remote = await Remote.serving({
    GET: (exchange) => {
      streams.push(exchange);
      stream(exchange);
      for (const address of ['/first', '/second', 'http://127.0.0.2:9/third'])
        exchange.response.write(`event: endpoint\ndata: ${address}\n\n`);
    },
    initialize: (exchange) => {
      exchange.response.writeHead(202).end();
      const result = {
        protocolVersion: '2024-11-05',
        capabilities: {},
        serverInfo: { name: 'x', version: '1' },
      };
      for (const open of streams) event(open, { jsonrpc: '2.0', id: idOf(exchange), result });
    },
  });
  await remote.connect({ transport: 'sse' });
  await remote.http.until(() => remote.http.got('POST').length === 2, 'the end of the handshake');
  assert.deepEqual(
    remote.http.got('POST').map(({ path }) => path),
    ['/first', '/first'],
  );
  await remote.end();
});

test('a message that the server does not take within 30 s holds up no other one (T066)', async () => {
  const { remote } = await answering((say) => ({
    'tools/call': () => undefined,
    'tools/list': (exchange) => say(exchange, { tools: [] }),
  }));
  const call = failsSaying(remote.call('t'), /did not answer in time/);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  const list = remote.request('list', { kind: 'tools' });
  remote.clock.advance(30_000);
  await call;
  assert.deepEqual((await list).items, []);
  await remote.end();
});
