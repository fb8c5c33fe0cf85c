/** Sessions of the stateful era over HTTP: headers, answers and errors. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { event, idOf, paramsOf, result, rpcError, stream } from '../../support/scriptedHttp';
import { arrived, DONE, legacy, Remote, TOOLS } from './remote';

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

test('nothing that waits for the handshake is sent before the server has taken notifications/initialized', async () => {
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
  await remote.request('notifyRootsChanged', undefined);
  await arrived(remote);
  const later = ['tools/list', 'notifications/roots/list_changed'];
  for (const method of later) assert.equal(remote.http.got('POST', method).length, 0, method);
  release();
  assert.equal((await listing).items.length, 1);
  await remote.http.until(
    () => later.every((method) => remote.http.got('POST', method).length === 1),
    'all of it is sent',
  );
  await remote.end();
});

test('what a tool wants as headers in another era is nothing to this one (HDR4)', async () => {
  const inputSchema = { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'A' } } };
  const tools = ['good', 'bad'].map((name) => ({ name, inputSchema }));
  Object.assign(tools[1] ?? assert.fail(), { inputSchema: { ...inputSchema, 'x-mcp-header': 'a b' } });
  const remote = await Remote.connected(
    legacy({
      'tools/list': (exchange) => result(exchange, { tools }),
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  assert.deepEqual((await remote.request('list', { kind: 'tools' })).rejected, []);
  await remote.call('good', { a: 'x' });
  assert.equal(remote.http.got('POST', 'tools/call')[0]?.headers['mcp-param-a'], undefined);
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

test('a call that is cancelled is told to the server with a message, and its stream is not held', async () => {
  const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => stream(exchange) }));
  const abort = new AbortController();
  const call = remote.call('t', {}, abort.signal);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  abort.abort();
  await failsSaying(call, /Cancelled/);
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
  await failsSaying(remote.request('list', { kind: 'tools' }), /error -32602/);
  await failsSaying(remote.call('t'), /HTTP 503.*web page.*in 7 s/);
  await remote.end();
});

test('connections are few, however many calls are made one after the other', async () => {
  const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => result(exchange, DONE) }));
  for (let round = 0; round < 50; round++) await remote.call('t');
  assert.ok(remote.http.open <= 3, `${remote.http.open} connections`);
  await remote.end();
});
