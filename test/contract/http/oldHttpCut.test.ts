/** What becomes of a session over HTTP+SSE whose stream is cut, or that the server does not know any more (SSE1, T069). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { event, idOf, stream, type HttpExchange } from '../../support/scriptedHttp';
import { Remote, type Table } from './remote';

/** A connection, and the stream that carries it; calls are held. */
async function connected(more: Table = {}): Promise<{ remote: Remote; open: HttpExchange }> {
  const streams: HttpExchange[] = [];
  const remote = await Remote.serving({
    GET: (exchange) => {
      streams.push(exchange);
      stream(exchange);
      exchange.response.write('event: endpoint\ndata: /post\n\n');
    },
    initialize: (exchange) => {
      exchange.response.writeHead(202).end();
      const serverInfo = { name: 'x', version: '1' };
      const result = { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo };
      for (const open of streams) event(open, { jsonrpc: '2.0', id: idOf(exchange), result });
    },
    'tools/list': ({ response }) => void response.writeHead(404).end('Could not find session'),
    'tools/call': ({ response }) => void response.writeHead(202).end(),
    ...more,
  });
  await remote.connect({ transport: 'sse' });
  const [open] = streams;
  assert.ok(open);
  return { remote, open };
}

test('a call whose stream is cut fails as one that may have acted, and the connection is over', async () => {
  const { remote, open } = await connected();
  const call = failsSaying(remote.call('t'), /broke before the answer came.*may still have acted/);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  open.response.destroy();
  await call;
  await remote.until(() => remote.heard('ended').length === 1, 'the host hears of it');
  assert.deepEqual(remote.heard('ended'), [{ failure: { code: 'connection-closed' } }]);
  await failsSaying(remote.call('t'), /^The connection to the server closed\.$/);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  await remote.end();
});

test('a 404 for a message says that the session is gone, as the end of its stream does (SESS2)', async () => {
  const { remote, open } = await connected();
  const call = failsSaying(remote.call('t'), /may still have acted/);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  await call;
  await remote.until(() => remote.heard('ended').length === 1, 'the host hears of it');
  await remote.http.until(() => open.aborted, 'the stream is let go of');
  await remote.end();
});

test('a call whose own connection is cut, while the stream lives, fails as one that may have acted, and is not sent again (T127)', async () => {
  const { remote, open } = await connected({
    'tools/call': ({ response }) => void response.destroy(),
    'tools/list': (exchange) => {
      exchange.response.writeHead(202).end();
      event(open, { jsonrpc: '2.0', id: idOf(exchange), result: { tools: [] } });
    },
  });
  await failsSaying(remote.call('t'), /may still have acted/);
  // What comes for it all the same is for nobody, and the session goes on.
  const [call, ...more] = remote.http.got('POST', 'tools/call');
  assert.ok(call);
  assert.deepEqual(more, []);
  event(open, { jsonrpc: '2.0', id: idOf(call), result: { content: [] } });
  assert.deepEqual((await remote.request('list', { kind: 'tools' })).items, []);
  assert.deepEqual(remote.heard('ended'), []);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  await remote.end();
});

test('a call that is refused because the session is gone, or whose turn has not come, has not acted', async () => {
  const refused = await connected({
    'tools/call': ({ response }) => void response.writeHead(404).end('Could not find session'),
  });
  await failsSaying(refused.remote.call('t'), /^(?!.*acted).*HTTP 404/);
  await refused.remote.until(() => refused.remote.heard('ended').length === 1, 'the host hears of it');
  await refused.remote.end();

  let held: HttpExchange | undefined;
  const waiting = await connected({ 'notifications/initialized': (exchange) => void (held = exchange) });
  await waiting.remote.http.until(() => held !== undefined, 'the notification before the call');
  const call = failsSaying(waiting.remote.call('t'), /^The connection to the server closed\.$/);
  waiting.open.response.destroy();
  await call;
  assert.deepEqual(waiting.remote.http.got('POST', 'tools/call'), []);
  await waiting.remote.end();
});

test('a call that somebody before the server gave up on, or whose own connection was cut, may have acted', async () => {
  for (const [answer, text] of [
    [({ response }) => void response.writeHead(504).end(), /HTTP 504 .*acted\.$/],
    [({ response }) => void response.socket?.destroy(), /acted\.$/],
    [({ response }) => void response.writeHead(400).end(), /HTTP 400 \(bad request\)\.$/],
  ] satisfies readonly [(exchange: HttpExchange) => void, RegExp][]) {
    const { remote } = await connected({ 'tools/call': answer });
    await failsSaying(remote.call('t'), text);
    await remote.end();
  }
});

test('a stream that is cut before the handshake is over says nothing of having acted', async () => {
  let open: HttpExchange | undefined;
  const remote = await Remote.serving({
    GET: (exchange) => {
      open = exchange;
      stream(exchange);
      exchange.response.write('event: endpoint\ndata: /post\n\n');
    },
    initialize: ({ response }) => {
      response.writeHead(202).end();
      open?.response.destroy();
    },
  });
  await failsSaying(remote.connect({ transport: 'sse' }), /^(?!.*acted)/);
  await remote.end();
});
