/** HTTP+SSE, where everything the server says comes on one stream (SSE1). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { FailureError } from '../../../src/protocol/failure';
import { failsSaying } from '../../support/failures';
import { event, idOf, stream, type HttpExchange } from '../../support/scriptedHttp';
import { Remote } from './remote';

type Handlers = Parameters<typeof Remote.serving>[0];
type Say = (exchange: HttpExchange, result: JsonObject) => void;
type Tell = (message: JsonObject) => void;

/** A connection to a server whose answers come over its stream. */
async function answering(
  handlers: (say: Say, tell: Tell) => Handlers,
): Promise<{ remote: Remote; say: Say; tell: Tell }> {
  const streams: HttpExchange[] = [];
  const tell: Tell = (message) => {
    for (const open of streams) event(open, message);
  };
  const say: Say = (exchange, result) => {
    exchange.response.writeHead(202).end();
    tell({ jsonrpc: '2.0', id: idOf(exchange), result });
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
    ...handlers(say, tell),
  });
  await remote.connect({ transport: 'sse' });
  return { remote, say, tell };
}

test('a call that is cancelled before its turn has come never leaves, and the server hears nothing of it', async () => {
  const taken: HttpExchange[] = [];
  const { remote } = await answering((say) => ({
    'notifications/initialized': (exchange) => void taken.push(exchange),
    'tools/list': (exchange) => say(exchange, { tools: [] }),
  }));
  await remote.http.until(() => taken.length === 1, 'what takes its time');
  const abort = new AbortController();
  const call = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  abort.abort();
  await call;
  // The client has heard of both when it answers this.
  await assert.rejects(remote.request('readHeld', { handle: 0, offset: 0, length: 1 }));
  taken[0]?.response.writeHead(202).end();
  // What was to leave before this has left.
  await remote.request('list', { kind: 'tools' });
  assert.deepEqual(
    remote.http.got('POST').map(({ body }) => (body as { readonly method?: string }).method),
    ['initialize', 'notifications/initialized', 'tools/list'],
  );
  await remote.end();
});

test('a request that the server takes when it has carried it out holds up no other one, and no answer to what is asked meanwhile', async () => {
  const calls: HttpExchange[] = [];
  let asks: (() => void) | undefined;
  const answers = (): HttpExchange[] =>
    remote.http.got('POST').filter(({ body }) => (body as { readonly id?: unknown }).id === 'question');
  const { remote, say, tell } = await answering((say, tell) => ({
    'tools/call': (exchange) => {
      calls.push(exchange);
      asks ??= () => tell({ jsonrpc: '2.0', id: 'question', method: 'ping' });
    },
    'tools/list': (exchange) => say(exchange, { tools: [] }),
  }));
  const call = remote.call('t');
  await remote.http.until(() => calls.length === 1, 'the call');
  asks?.();
  await remote.http.until(() => answers().length === 1, 'the question is answered');
  const list = remote.request('list', { kind: 'tools' });
  await remote.http.until(
    () => remote.http.got('POST', 'tools/list').length === 1,
    'the list is asked for while the call goes on',
  );
  assert.deepEqual((await list).items, []);
  // Longer than any other message may take.
  remote.clock.advance(40_000);
  tell({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: 'still at it' },
  });
  await remote.until(() => remote.heard('logMessage').length === 1, 'it is heard');
  const [held] = calls;
  assert.ok(held);
  assert.ok(!held.aborted);
  say(held, { content: [] });
  assert.deepEqual((await call).content, []);
  await remote.end();
});

test('a request that is answered and never taken is let go of, and so is one that is cancelled', async () => {
  const calls: HttpExchange[] = [];
  const { remote, tell } = await answering(() => ({ 'tools/call': (exchange) => void calls.push(exchange) }));
  const call = remote.call('t');
  await remote.http.until(() => calls.length === 1, 'the call');
  const [first] = calls;
  assert.ok(first);
  tell({ jsonrpc: '2.0', id: idOf(first), result: { content: [] } });
  await call;
  remote.clock.advance(1_900);
  assert.ok(!first.aborted);
  remote.clock.advance(100);
  await remote.http.until(() => first.aborted, 'nobody waits for it');
  const abort = new AbortController();
  const second = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  await remote.http.until(() => calls.length === 2, 'the other call');
  abort.abort();
  await second;
  await remote.http.until(() => calls[1]?.aborted === true, 'it is let go of');
  await remote.http.until(
    () => remote.http.got('POST', 'notifications/cancelled').length === 1,
    'the server is told',
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

test('an address for messages at another place is told as what the server has to set right, and one that cannot be used is not named (T073)', async () => {
  const told = async (address: string, what: RegExp): Promise<void> => {
    const remote = await naming(address);
    await failsSaying(remote.connect({ transport: 'sse' }), what);
    await remote.end();
  };
  const isUseless =
    /wants its messages sent to an address that cannot be used, and not to where its URL leads/;
  await told(
    'http://inside.example:3000/messages',
    /sent to http:\/\/inside\.example:3000, and not to where/,
  );
  await told('javascript:alert(1)', isUseless);
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

test('a notification that the server does not take within 30 s holds up nothing any more (T066)', async () => {
  const { remote } = await answering((say) => ({
    'notifications/initialized': () => undefined,
    'tools/list': (exchange) => say(exchange, { tools: [] }),
  }));
  await remote.http.until(
    () => remote.http.got('POST', 'notifications/initialized').length === 1,
    'the end of the handshake',
  );
  const list = remote.request('list', { kind: 'tools' });
  // The client has heard of it when it answers this.
  await assert.rejects(remote.request('readHeld', { handle: 0, offset: 0, length: 1 }));
  remote.clock.advance(29_999);
  assert.equal(remote.http.got('POST', 'tools/list').length, 0);
  remote.clock.advance(1);
  assert.deepEqual((await list).items, []);
  await remote.end();
});
