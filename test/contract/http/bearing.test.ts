/** What a server over HTTP may do without harm: batches, errors without ids, odd headers, refused notifications. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toFailure } from '../../../src/protocol/failure';
import { failsSaying } from '../../support/failures';
import { event, idOf, json, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { CAPABILITIES, DONE, legacy, modern, Remote, settled } from './remote';

const PROGRESS = {
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'info', data: 'hello' },
};

for (const [form, answer] of [
  [
    'JSON',
    (exchange: HttpExchange) =>
      json(exchange, 200, [PROGRESS, { jsonrpc: '2.0', id: idOf(exchange), result: DONE }]),
  ],
  [
    'an event',
    (exchange: HttpExchange) => {
      stream(exchange);
      const batch = [PROGRESS, { jsonrpc: '2.0', id: idOf(exchange), result: DONE }];
      exchange.response.end(`data: ${JSON.stringify(batch)}\n\n`);
    },
  ],
] as const)
  test(`a batch in ${form} is unpacked, as revision 2025-03-26 allows, and none is ever sent`, async () => {
    const remote = await Remote.connected(legacy({ 'tools/call': answer }, 's', '2025-03-26'));
    assert.equal((await remote.call('t')).content.length, 1);
    assert.ok(remote.events.some(({ name }) => name === 'logMessage'));
    assert.ok(remote.http.got('POST').every(({ body }) => body !== undefined && !Array.isArray(body)));
    await remote.end();
  });

const UNREADABLE = { jsonrpc: '2.0', error: { code: -32600, message: 'unreadable' } };

for (const [how, refuse] of [
  ['with status 400', (exchange: HttpExchange) => json(exchange, 400, UNREADABLE)],
  ['with status 200', (exchange: HttpExchange) => json(exchange, 200, { ...UNREADABLE, id: null })],
  [
    'on a stream that stays open',
    (exchange: HttpExchange) => {
      stream(exchange);
      event(exchange, UNREADABLE);
    },
  ],
] as const)
  test(`an error without an id fails the request whose exchange it came in, and no other (${how})`, async () => {
    const remote = await Remote.connected(
      legacy({
        'tools/call': refuse,
        'resources/read': (exchange) => result(exchange, { contents: [] }),
      }),
    );
    const read = remote.request('readResource', { callId: 90, uri: 'test://r' });
    await assert.rejects(remote.call('t'), (error: unknown) => {
      const failure = toFailure(error);
      assert.ok(failure.code === 'server-error', failure.code);
      assert.deepEqual([failure.rpcCode, failure.message], [-32600, 'unreadable']);
      return true;
    });
    assert.deepEqual(await read, { contents: [] });
    await remote.end();
  });

test('names of headers and types of content are read in any case and with parameters', async () => {
  const remote = await Remote.connected(
    legacy({
      initialize: ({ body, response }) => {
        const { id } = body as { readonly id: number };
        const answer = {
          protocolVersion: '2025-11-25',
          capabilities: CAPABILITIES,
          serverInfo: { name: 'x' },
        };
        response.writeHead(200, {
          'Content-Type': 'Application/JSON; charset=UTF-8',
          'MCP-Session-ID': 'CaseKept',
        });
        response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer }));
      },
      'tools/call': (exchange) => {
        exchange.response.writeHead(200, { 'CONTENT-TYPE': 'Text/Event-Stream;charset=utf-8' });
        event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: DONE });
        exchange.response.end();
      },
    }),
  );
  assert.equal((await remote.call('t')).isError, false);
  assert.equal(remote.http.got('POST', 'tools/call')[0]?.headers['mcp-session-id'], 'CaseKept');
  await remote.end();
});

test('an id of a session that no header could carry is not taken, and the session goes without', async () => {
  for (const id of ['with space', 'with\ttab', 'ümlaut', 'x'.repeat(5_000)]) {
    const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => result(exchange, DONE) }, id));
    await remote.call('t');
    assert.equal('mcp-session-id' in (remote.http.got('POST', 'tools/call')[0]?.headers ?? {}), false, id);
    await remote.end();
  }
});

test('the id of a session is told to nobody but its server, not even when it is lost', async () => {
  let lost = false;
  const remote = await Remote.connected(
    legacy(
      {
        'tools/call': (exchange) => {
          if (lost)
            json(exchange, 404, { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'SECRET' } });
          else result(exchange, DONE);
        },
        'notifications/initialized': ({ response }) => void response.writeHead(400).end('bad SECRET'),
      },
      'SECRET-session',
    ),
  );
  await remote.call('t');
  lost = true;
  await assert.rejects(remote.call('t'), (error: Error) => {
    assert.doesNotMatch(`${error.message} ${JSON.stringify(toFailure(error))}`, /SECRET/);
    return true;
  });
  // The host hears of it once, so that nothing that is shown ever holds it.
  const told = remote.events.filter(({ name }) => name !== 'secrets');
  assert.equal(told.length, remote.events.length - 1);
  assert.doesNotMatch(JSON.stringify(told), /SECRET/);
  await remote.end();
});

test('a notification that the server refuses is noted, and the session goes on', async () => {
  const remote = await Remote.connected(
    legacy({
      'notifications/initialized': (exchange) =>
        json(exchange, 400, { jsonrpc: '2.0', error: { code: -32000, message: 'no' } }),
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  assert.equal((await remote.call('t')).isError, false);
  assert.ok(remote.events.some(({ name }) => name === 'wire'));
  await remote.end();
});

for (const [status, words] of [
  [413, /too large/],
  [431, /headers are too large/],
] as const)
  test(`a request that is refused with ${status} says what was too large, and the next one goes through`, async () => {
    let refuse = true;
    const remote = await Remote.connected(
      modern({
        'tools/call': (exchange) => {
          if (refuse) exchange.response.writeHead(status).end();
          else result(exchange, DONE);
        },
      }),
    );
    await failsSaying(remote.call('t', { text: 'x'.repeat(100_000) }), words);
    refuse = false;
    assert.equal((await remote.call('t')).isError, false);
    await remote.end();
  });

test('several streams are open at once, and each answer counts for its own request whatever their order', async () => {
  const open: HttpExchange[] = [];
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        open.push(exchange);
      },
    }),
  );
  const calls = ['a', 'b', 'c'].map((name) => remote.call(name));
  await remote.http.until(() => open.length === 3, 'three streams');
  for (const exchange of open.reverse()) {
    const { params } = exchange.body as { readonly params: { readonly name: string } };
    const answer = { content: [{ type: 'text', text: params.name }] };
    event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: answer });
    exchange.response.end();
  }
  const texts = (await Promise.all(calls)).map(({ content: [block] }) =>
    block?.type === 'text' && block.text.kind === 'inline' ? block.text.text : '',
  );
  assert.deepEqual(texts, ['a', 'b', 'c']);
  await remote.end();
});

test('a server without a session id is spoken to without one, and nothing is deleted at the end', async () => {
  const remote = await Remote.connected({
    ...legacy(),
    initialize: (exchange) =>
      result(exchange, {
        protocolVersion: '2025-11-25',
        capabilities: CAPABILITIES,
        serverInfo: { name: 'x' },
      }),
    'tools/call': (exchange) => result(exchange, DONE),
  });
  await remote.call('t');
  assert.ok(remote.http.exchanges.every(({ headers }) => headers['mcp-session-id'] === undefined));
  await remote.end();
  assert.equal(remote.http.got('DELETE').length, 0);
});

test('the stateless era has neither sessions nor GET nor DELETE, even when the server hands out an id', async () => {
  const remote = await Remote.connected(
    modern({ 'tools/call': (exchange) => result(exchange, DONE, { 'mcp-session-id': 'unasked' }) }),
  );
  await remote.call('t');
  await remote.call('t');
  assert.ok(remote.http.exchanges.every(({ headers }) => headers['mcp-session-id'] === undefined));
  await remote.end();
  assert.deepEqual(
    remote.http.exchanges.filter(({ method }) => method !== 'POST'),
    [],
  );
});

test('a DELETE that is refused with 405 is no failure', async () => {
  const remote = await Remote.connected(
    legacy({ DELETE: ({ response }) => void response.writeHead(405).end() }),
  );
  await remote.end();
  assert.equal(remote.http.got('DELETE').length, 1);
});

test('the revision is told with every request after the handshake, GET and DELETE among them', async () => {
  const remote = await Remote.connected(legacy({ 'tools/call': (exchange) => result(exchange, DONE) }));
  await remote.call('t');
  await remote.http.until(() => remote.http.got('GET').length === 1, 'the stream is asked for');
  await remote.end();
  for (const exchange of [
    ...remote.http.got('POST', 'tools/call'),
    ...remote.http.got('POST', 'notifications/initialized'),
    ...remote.http.got('GET'),
    ...remote.http.got('DELETE'),
  ])
    assert.equal(exchange.headers['mcp-protocol-version'], '2025-11-25', exchange.method);
});

for (const [era, table] of [
  ['stateful', legacy],
  ['stateless', modern],
] as const)
  test(`silence ends a call over HTTP and takes it back by the means of the ${era} era`, async () => {
    const remote = await Remote.connected(table({ 'tools/call': (exchange) => stream(exchange) }));
    const call = remote.call('t');
    const sent = (): HttpExchange | undefined => remote.http.got('POST', 'tools/call')[0];
    await remote.http.until(() => sent() !== undefined, 'the call');
    remote.clock.advance(60_000);
    await failsSaying(call, /No answer in 60 s/);
    await remote.http.until(() => sent()?.aborted === true, 'the stream is closed');
    assert.equal(remote.http.got('POST', 'notifications/cancelled').length, era === 'stateful' ? 1 : 0);
    await remote.end();
  });

test("an event of another type than message is none, on the stream of an answer as on the server's own", async () => {
  const weird = ({ response }: HttpExchange, message: object): void =>
    void response.write(`event: weird\ndata: ${JSON.stringify(message)}\n\n`);
  const handlers = {
    GET: (exchange: HttpExchange) => {
      stream(exchange);
      weird(exchange, { ...PROGRESS, params: { level: 'info', data: 'weird' } });
      event(exchange, PROGRESS);
    },
    'tools/call': (exchange: HttpExchange) => {
      stream(exchange);
      const said = (result: object): object => ({ jsonrpc: '2.0', id: idOf(exchange), result });
      weird(exchange, said({ ...DONE, resultType: 'complete', isError: true }));
      event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: { ...DONE, resultType: 'complete' } });
    },
  };
  for (const [table, hasOwnStream] of [
    [legacy(handlers), true],
    [modern(handlers), false],
  ] as const) {
    const remote = await Remote.connected(table);
    assert.equal((await remote.call('t')).isError, false);
    const told = (): unknown[] => remote.heard('logMessage');
    if (hasOwnStream) {
      await remote.http.until(() => remote.http.got('GET').length === 1, 'its own stream');
      await settled(() => told().length > 0);
      assert.equal(told().length, 1);
      assert.match(JSON.stringify(told()), /hello/);
    }
    await remote.end();
  }
});
