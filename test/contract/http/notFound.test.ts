/** What a 404 means: no such method, a lost session, or nothing at that address; and what some servers say in its place (SESS2, T069). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureOf } from '../../support/clientHarness';
import { failsSaying } from '../../support/failures';
import { json, result, rpcError, stream, type HttpExchange } from '../../support/scriptedHttp';
import { CAPABILITIES, elapse, legacy, modern, Remote, TOOLS, type Table } from './remote';

/** A server that counts its sessions, and knows only the newest one until it forgets that too. */
class Counting {
  sessions = 0;
  private known: string | undefined;

  constructor(private readonly hasIds = true) {}

  table(more: Table): Table {
    return legacy({
      initialize: (exchange) => {
        this.known = `s${++this.sessions}`;
        const serverInfo = { name: 'x', version: '1' };
        const answer = { protocolVersion: '2025-11-25', capabilities: CAPABILITIES, serverInfo };
        result(exchange, answer, this.hasIds ? { 'mcp-session-id': this.known } : {});
      },
      ...more,
    });
  }

  forget(): void {
    this.known = undefined;
  }

  knows({ headers }: HttpExchange): boolean {
    return headers['mcp-session-id'] === this.known;
  }
}

test('a 404 that knows no such method is told as that, and costs no session', async () => {
  const server = new Counting();
  const unknown = (exchange: HttpExchange): void => rpcError(exchange, 404, -32601);
  const remote = await Remote.connected(server.table({ 'tools/list': unknown, 'tools/call': unknown }));
  await failsSaying(remote.request('list', { kind: 'tools' }), /-32601/);
  await failsSaying(remote.call('t'), /-32601/);
  assert.equal(server.sessions, 1);
  assert.equal(remote.http.got('POST', 'tools/list').length, 1);
  await remote.end();
});

for (const [how, refuse] of [
  [
    'an error of JSON-RPC',
    (exchange: HttpExchange) =>
      json(exchange, 400, {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32000, message: 'No valid Session ID' },
      }),
  ],
  ['a text', ({ response }: HttpExchange) => void response.writeHead(400).end('unknown session')],
  // As one that was made with the official SDK, and started again.
  [
    'that it is not initialized',
    (exchange: HttpExchange) =>
      json(exchange, 400, {
        jsonrpc: '2.0',
        id: null,
        error: { code: -32000, message: 'Bad Request: Server not initialized' },
      }),
  ],
] as const)
  test(`a 400 that names the session, with ${how}, is a lost one`, async () => {
    const server = new Counting();
    const remote = await Remote.connected(
      server.table({
        'tools/list': (exchange) => (server.knows(exchange) ? result(exchange, TOOLS) : refuse(exchange)),
      }),
    );
    server.forget();
    assert.equal((await remote.request('list', { kind: 'tools' })).items.length, 1);
    assert.equal(server.sessions, 2);
    await remote.end();
  });

for (const [era, table] of [
  ['stateful', (more: Table): Table => new Counting(false).table(more)],
  ['stateless', modern],
] as const)
  test(`a 404 where there is no session is only that (${era})`, async () => {
    const nothing = ({ response }: HttpExchange): void => void response.writeHead(404).end();
    const remote = await Remote.connected(table({ 'tools/list': nothing, 'tools/call': nothing }));
    const before = remote.http.got('POST', 'initialize').length;
    await failsSaying(remote.request('list', { kind: 'tools' }), /HTTP 404/);
    await failsSaying(remote.call('t'), /HTTP 404/);
    assert.equal(remote.http.got('POST', 'initialize').length, before);
    await remote.end();
  });

test('a session that is found lost by its stream is opened anew although nobody asks for anything', async () => {
  const server = new Counting();
  const streams: HttpExchange[] = [];
  const guarded = (exchange: HttpExchange, then: () => void): void => {
    if (server.knows(exchange)) then();
    else exchange.response.writeHead(404).end();
  };
  const remote = await Remote.connected(
    server.table({
      GET: (exchange) =>
        guarded(exchange, () => {
          stream(exchange);
          streams.push(exchange);
        }),
      ping: (exchange) => guarded(exchange, () => result(exchange, {})),
    }),
  );
  await remote.http.until(() => streams.length === 1, 'it listens');
  server.forget();
  streams[0]?.response.end();
  await elapse(remote, () => streams.length === 2);
  assert.equal(server.sessions, 2);
  assert.equal(streams[1]?.headers['mcp-session-id'], 's2');
  assert.ok(remote.heard('listChanged').some(({ kind }) => kind === 'tools'));
  await remote.end();
});

test('a stream that is only not given any more costs no session', async () => {
  const server = new Counting();
  const streams: HttpExchange[] = [];
  const remote = await Remote.connected(
    server.table({
      GET: (exchange) => {
        if (streams.push(exchange) === 1) stream(exchange);
        else exchange.response.writeHead(404).end();
      },
      ping: (exchange) => result(exchange, {}),
    }),
  );
  await remote.http.until(() => streams.length === 1, 'it listens');
  streams[0]?.response.end();
  await elapse(remote, () => remote.http.got('POST', 'ping').length === 1);
  remote.clock.advance(600_000);
  await failsSaying(remote.request('list', { kind: 'tools' }), /-32601/);
  assert.deepEqual([server.sessions, streams.length], [1, 2]);
  await remote.end();
});

test('of an error the words are kept that a person can read, and no others', async () => {
  let type: string | undefined;
  let words = 'because';
  const refusing = ({ response }: HttpExchange): void => {
    response.writeHead(409, type === undefined ? {} : { 'content-type': type }).end(words);
  };
  const remote = await Remote.connected(legacy({ 'tools/call': refusing }));
  const excerptOf = async (given: string | undefined): Promise<string | undefined> => {
    type = given;
    const failure = await failureOf(remote.call('t'));
    assert.ok(failure.code === 'http-error', JSON.stringify(failure));
    return failure.excerpt;
  };
  for (const readable of [
    undefined,
    'text/plain; charset=utf-8',
    'application/json',
    'application/problem+json',
    // What Express says of words of which nobody says more.
    'text/html; charset=utf-8',
  ])
    assert.equal(await excerptOf(readable), 'because', readable);
  for (const other of ['image/png', 'application/octet-stream'])
    assert.equal(await excerptOf(other), undefined, other);
  for (const page of ['because <b>of</b> it', '<!-- because -->', ' <HTML>because']) {
    words = page;
    assert.equal(await excerptOf('text/html'), undefined, page);
  }
  await remote.end();
});
