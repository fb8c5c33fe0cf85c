import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  event,
  idOf,
  paramsOf,
  result,
  rpcError,
  stream,
  type HttpExchange,
} from '../../support/scriptedHttp';
import { elapse, legacy, Remote, settled } from './remote';

const TOOLS = { tools: [{ name: 't', inputSchema: { type: 'object' } }] };
const DONE = { content: [{ type: 'text', text: 'done' }] };

test('a session: the probe, the handshake without a session, then every request with it, and DELETE at the end', async () => {
  const remote = await Remote.connected(legacy({ 'tools/list': (exchange) => result(exchange, TOOLS) }));
  const listing = await remote.request('list', { kind: 'tools' });
  assert.equal(listing.items.length, 1);
  const [initialize] = remote.http.got('POST', 'initialize');
  assert.equal(initialize?.headers['mcp-session-id'], undefined);
  assert.equal(initialize?.headers['mcp-protocol-version'], undefined);
  for (const method of ['notifications/initialized', 'tools/list']) {
    const [exchange] = remote.http.got('POST', method);
    assert.equal(exchange?.headers['mcp-session-id'], 'session-1', method);
    assert.equal(exchange?.headers['mcp-protocol-version'], '2025-11-25', method);
    assert.equal(exchange?.headers['accept'], 'application/json, text/event-stream');
  }
  await remote.end();
  const [deleted] = remote.http.got('DELETE');
  assert.equal(deleted?.headers['mcp-session-id'], 'session-1');
});

test('no request is sent before the server has taken notifications/initialized', async () => {
  let release: () => void = () => undefined;
  const remote = await Remote.connected(
    legacy({
      'notifications/initialized': async ({ response }) => {
        await new Promise<void>((resolve) => (release = resolve));
        response.writeHead(202).end();
      },
      'tools/list': (exchange) => result(exchange, TOOLS),
    }),
  );
  const listing = remote.request('list', { kind: 'tools' });
  await remote.http.until(
    () => remote.http.got('POST', 'notifications/initialized').length === 1,
    'it is told',
  );
  assert.equal(remote.http.got('POST', 'tools/list').length, 0);
  release();
  assert.equal((await listing).items.length, 1);
  await remote.end();
});

test('revision 2025-03-26 has no version header', async () => {
  const remote = await Remote.connected(
    legacy({ 'tools/list': (exchange) => result(exchange, TOOLS) }, 's', '2025-03-26'),
  );
  await remote.request('list', { kind: 'tools' });
  assert.equal(remote.http.got('POST', 'tools/list')[0]?.headers['mcp-protocol-version'], undefined);
  await remote.end();
});

test("a request on a call's own stream is known to come from that call, and is answered by a POST", async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/list': (exchange) => result(exchange, TOOLS),
      'tools/call': async (exchange) => {
        stream(exchange);
        const params = { messages: [{ role: 'user', content: { type: 'text', text: 'q' } }], maxTokens: 5 };
        const ask = `ask-${idOf(exchange)}`;
        event(exchange, { jsonrpc: '2.0', id: ask, method: 'sampling/createMessage', params });
        await remote.http.until(
          () => remote.http.got('POST').some(({ body }) => isAnswerTo(body, ask)),
          'an answer',
        );
        event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: DONE });
        exchange.response.end();
      },
    }),
  );
  await remote.call('first');
  await remote.call('t');
  assert.deepEqual(
    remote.sampled.map(({ origin }) => origin),
    [
      { kind: 'call', callId: 1 },
      { kind: 'call', callId: 2 },
    ],
  );
  await remote.end();
});

function isAnswerTo(body: unknown, id: string): boolean {
  const message = body as { readonly id?: unknown; readonly result?: unknown };
  return message.id === id && message.result !== undefined;
}

test('what the server says by itself comes on a stream of its own, which is opened again with the last id', async () => {
  const streams: HttpExchange[] = [];
  const remote = await Remote.connected(
    legacy({
      GET: (exchange) => {
        streams.push(exchange);
        stream(exchange);
        event(exchange, { jsonrpc: '2.0', method: 'notifications/tools/list_changed' }, `e${streams.length}`);
        if (streams.length === 1) exchange.response.end('retry: 0\n\n');
      },
    }),
  );
  const changes = (): number => remote.events.filter(({ name }) => name === 'listChanged').length;
  await remote.http.until(() => streams.length === 1 && remote.http.open > 0, 'a first stream');
  await settled(() => changes() === 1);
  assert.equal(remote.clock.waiting > 0, true, 'it waits, whatever the server says');
  await elapse(remote, () => streams.length === 2);
  assert.equal(streams[1]?.headers['last-event-id'], 'e1');
  assert.equal(streams[1]?.headers['mcp-session-id'], 'session-1');
  await elapse(remote, () => changes() === 2);
  await remote.end();
});

test('a server without such a stream is asked for it once', async () => {
  for (const refuse of [405, 404, 204, 200]) {
    const remote = await Remote.connected(
      legacy({
        GET: ({ response }) => void response.writeHead(refuse, { 'content-type': 'text/plain' }).end(),
        'tools/list': (exchange) => result(exchange, TOOLS),
      }),
    );
    await remote.http.until(() => remote.http.got('GET').length === 1, 'it is asked');
    await remote.request('list', { kind: 'tools' });
    remote.clock.advance(600_000);
    await remote.request('list', { kind: 'tools' });
    assert.equal(remote.http.got('GET').length, 1, String(refuse));
    await remote.end();
  }
});

test('an answer whose stream the server closes is fetched from where it stopped, not sooner than the server says', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.end('id: p1\nretry: 2000\ndata:\n\n');
      },
      GET: (exchange) => {
        if (exchange.headers['last-event-id'] === undefined)
          return void exchange.response.writeHead(405).end();
        stream(exchange);
        const [call] = remote.http.got('POST', 'tools/call');
        assert.ok(call);
        event(exchange, { jsonrpc: '2.0', id: idOf(call), result: DONE });
        exchange.response.end();
      },
    }),
  );
  const call = remote.call('t');
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  await settled(() => remote.http.got('POST', 'tools/call')[0]?.response.closed === true);
  // The end of the stream is on its way to the client; another request behind it comes back later.
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  remote.clock.advance(1_900);
  const resumed = (): HttpExchange[] =>
    remote.http.got('GET').filter(({ headers }) => headers['last-event-id'] === 'p1');
  assert.equal(resumed().length, 0);
  await elapse(remote, () => resumed().length === 1);
  assert.equal((await call).isError, false);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  await remote.end();
});

test('an answer that cannot be fetched any more is lost, and the person is told that the server may have acted', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.end(': nothing\n\n');
      },
    }),
  );
  await assert.rejects(remote.call('t'), /may still have acted/);
  await remote.end();
});

test('a lost session is opened again once: lists are asked again, a tool call is not, and all is told as changed', async () => {
  let session = 0;
  let known = '';
  const guarded = (exchange: HttpExchange, then: () => void): void => {
    if (exchange.headers['mcp-session-id'] === known) then();
    else exchange.response.writeHead(404).end();
  };
  const remote = await Remote.connected(
    legacy({
      initialize: (exchange) => {
        assert.equal(exchange.headers['mcp-session-id'], undefined);
        known = `s${++session}`;
        result(
          exchange,
          {
            protocolVersion: '2025-11-25',
            capabilities: { tools: {}, resources: { subscribe: true } },
            serverInfo: { name: 'x', version: '1' },
          },
          { 'mcp-session-id': known },
        );
      },
      'tools/list': (exchange) => guarded(exchange, () => result(exchange, TOOLS)),
      'tools/call': (exchange) => guarded(exchange, () => result(exchange, DONE)),
      'resources/subscribe': (exchange) => guarded(exchange, () => result(exchange, {})),
    }),
  );
  await remote.request('subscribe', { uri: 'test://one' });
  known = 'forgotten';
  const listings = await Promise.all([
    remote.request('list', { kind: 'tools' }),
    remote.request('list', { kind: 'tools' }),
  ]);
  assert.deepEqual(
    listings.map(({ items }) => items.length),
    [1, 1],
  );
  assert.equal(session, 2);
  await remote.http.until(
    () => remote.http.got('POST', 'resources/subscribe').length === 2,
    'it is watched again',
  );
  await elapse(remote, () => remote.events.some(({ name }) => name === 'resourceUpdated'));

  known = 'forgotten again';
  remote.clock.advance(10_000);
  await assert.rejects(remote.call('t'), /not repeated/);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  assert.equal((await remote.call('t')).isError, false);

  known = 'and again at once';
  await assert.rejects(remote.request('list', { kind: 'tools' }), /lost its session/);
  assert.equal(session, 3);
  await remote.end();
});

test('a call that is cancelled is told to the server with a message, and its stream is not held', async () => {
  const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => stream(exchange) }));
  const abort = new AbortController();
  const call = remote.call('t', {}, abort.signal);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  abort.abort();
  await assert.rejects(call, /Cancelled/);
  await remote.http.until(
    () => remote.http.got('POST', 'notifications/cancelled').length === 1,
    'the cancellation',
  );
  const [cancelled] = remote.http.got('POST', 'notifications/cancelled');
  const [sent] = remote.http.got('POST', 'tools/call');
  assert.ok(cancelled && sent);
  assert.equal(paramsOf(cancelled)['requestId'], idOf(sent));
  await remote.http.until(() => sent.aborted, 'the stream is closed');
  await remote.end();
});

test('an error answer is told with its code, and one that is no JSON-RPC with its status', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/list': (exchange) => rpcError(exchange, 400, -32602),
      'tools/call': ({ response }) =>
        void response
          .writeHead(503, { 'content-type': 'text/html', 'retry-after': '7' })
          .end('<html>busy</html>'),
    }),
  );
  await assert.rejects(remote.request('list', { kind: 'tools' }), /error -32602/);
  await assert.rejects(remote.call('t'), /web page.*HTTP 503.*in 7 s/);
  await remote.end();
});

test('an answer to the server does not wait for the end of the handshake: the server may be waiting for it', async () => {
  const answered = (): boolean => remote.http.got('POST').some(({ body }) => isAnswerTo(body, 'early'));
  const remote = await Remote.serving(
    legacy({
      initialize: async (exchange) => {
        stream(exchange);
        event(exchange, {
          jsonrpc: '2.0',
          id: idOf(exchange),
          result: {
            protocolVersion: '2025-11-25',
            capabilities: {},
            serverInfo: { name: 'x', version: '1' },
          },
        });
        await remote.http.until(
          () => remote.http.got('POST', 'notifications/initialized').length === 1,
          'the end',
        );
        event(exchange, { jsonrpc: '2.0', id: 'early', method: 'ping' });
        exchange.response.end();
      },
      'notifications/initialized': async ({ response }) => {
        await remote.http.until(answered, 'an answer to the ping');
        response.writeHead(202).end();
      },
    }),
  );
  await remote.connect();
  await remote.http.until(answered, 'the ping is answered');
  await remote.end();
});

test('connections are few, however many calls are made one after the other', async () => {
  const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => result(exchange, DONE) }));
  for (let round = 0; round < 50; round++) await remote.call('t');
  assert.ok(remote.http.open <= 3, `${remote.http.open} connections`);
  await remote.end();
});
