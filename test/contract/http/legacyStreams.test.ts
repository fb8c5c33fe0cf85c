/** The server's own stream and the streams of answers in the stateful era: how each is opened again, or not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { event, idOf, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { arrived, DONE, elapse, legacy, onlyRest, Remote, settled, TOOLS } from './remote';

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
  for (const ms of [500, 499]) {
    remote.clock.advance(ms);
    await arrived(remote);
  }
  assert.equal(streams.length, 1, 'it waits for a second, whatever the server says');
  await elapse(remote, () => streams.length === 2);
  assert.deepEqual(
    streams.map(({ headers }) => headers['accept']),
    ['text/event-stream', 'text/event-stream'],
  );
  assert.equal(streams[1]?.headers['last-event-id'], 'e1');
  assert.equal(streams[1]?.headers['mcp-session-id'], 'session-1');
  await elapse(remote, () => changes() === 2);
  await remote.end();
});

test('a server without such a stream is asked for it once', async () => {
  const refusals = [405, 404, 204, 200].map((status) => [status, 'text/plain'] as const);
  for (const [status, type] of [...refusals, [204, 'text/event-stream'] as const]) {
    const refuse = `${status} ${type}`;
    const remote = await Remote.connected(
      legacy({
        GET: ({ response }) => void response.writeHead(status, { 'content-type': type }).end(),
        'tools/list': (exchange) => result(exchange, TOOLS),
      }),
    );
    await remote.http.until(() => remote.http.got('GET').length === 1, 'it is asked');
    await remote.request('list', { kind: 'tools' });
    remote.clock.advance(600_000);
    await remote.request('list', { kind: 'tools' });
    assert.equal(remote.http.got('GET').length, 1, refuse);
    assert.equal(remote.http.got('POST', 'ping').length, 0, refuse);
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
      GET: onlyRest((exchange) => {
        // Any status of success is one.
        exchange.response.writeHead(201, { 'content-type': 'text/event-stream' });
        const [call] = remote.http.got('POST', 'tools/call');
        assert.ok(call);
        event(exchange, { jsonrpc: '2.0', id: idOf(call), result: DONE });
        exchange.response.end();
      }),
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

/** How a server ends the stream of a call that goes on: with another position each time, or, as the official SDK does, with nothing new. */
const POLLED: readonly (readonly [how: string, text: (id: number) => string])[] = [
  ['another id each time', (id) => `id: p${id}\nretry: 2000\ndata:\n\n`],
  ['an id and a time once', (id) => (id === 0 ? 'id: p0\nretry: 2000\ndata:\n\n' : ': nothing yet\n\n')],
  ['the same id each time', () => 'id: p0\nretry: 2000\ndata:\n\n'],
];

for (const [how, text] of POLLED)
  test(`a server that has its clients poll, with ${how}, is asked as often as it says, until the answer is there (HTTPL9, HTTPL10)`, async () => {
    const prime = (exchange: HttpExchange, id: number): void => {
      stream(exchange);
      exchange.response.end(text(id));
    };
    const polls = (): number =>
      remote.http.got('GET').filter(({ headers }) => 'last-event-id' in headers).length;
    const remote = await Remote.connected(
      legacy({
        'tools/call': (exchange) => prime(exchange, 0),
        GET: onlyRest((exchange) => {
          const [asked] = remote.http.got('POST', 'tools/call');
          if (!asked || polls() <= 12) return prime(exchange, polls());
          stream(exchange);
          event(exchange, { jsonrpc: '2.0', id: idOf(asked), result: DONE });
          exchange.response.end();
        }),
      }),
    );
    let isOver = false;
    const call = remote.call('t').finally(() => (isOver = true));
    const since = remote.clock.monotonic();
    await elapse(remote, () => isOver);
    assert.equal((await call).isError, false);
    assert.equal(polls(), 13);
    const waited = remote.clock.monotonic() - since;
    assert.ok(waited >= 13 * 2_000 * 0.8, 'never sooner than it says');
    assert.ok(waited <= 13 * 2_000 * 1.5, 'and not ever more rarely');
    await remote.end();
  });

test('an answer whose stream takes its id back is not fetched: there is nothing to go on from', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.end('id: p1\ndata:\n\nid\ndata:\n\n');
      },
      GET: onlyRest(() => assert.fail('it is not asked for')),
    }),
  );
  await failsSaying(remote.call('t'), /may still have acted/);
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
  await failsSaying(remote.call('t'), /may still have acted/);
  await remote.end();
});

test('a stream that the server leaves open behind its answer is closed from here', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: DONE });
      },
    }),
  );
  assert.equal((await remote.call('t')).isError, false);
  const [call] = remote.http.got('POST', 'tools/call');
  await elapse(remote, () => call?.aborted === true);
  await remote.end();
});

test('a server that does not answer DELETE holds the end up for a second', async () => {
  const remote = await Remote.connected(legacy({ DELETE: () => undefined }));
  const end = remote.end();
  await remote.http.until(() => remote.http.got('DELETE').length === 1, 'it is told');
  remote.clock.advance(1_000);
  await end;
});
