import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { failureOf } from '../../support/clientHarness';
import { failsSaying } from '../../support/failures';
import {
  event,
  idOf,
  json,
  result,
  rpcError,
  ScriptedHttp,
  stream,
  type HttpExchange,
} from '../../support/scriptedHttp';
import { arrived, legacy, modern, Remote, type Table } from './remote';

/** Answers of servers of the stateful era to a probe they do not know, seen in the field. */
const OLD_ANSWERS: readonly (readonly [string, (exchange: HttpExchange) => void])[] = [
  ['400 with an error of its own', (exchange) => rpcError(exchange, 400, -32000)],
  [
    '400 with an error without an id',
    (exchange) =>
      json(exchange, 400, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'Bad Request' } }),
  ],
  ['404 with a JSON-RPC error', (exchange) => rpcError(exchange, 404, -32601)],
  ['an empty 400', ({ response }) => void response.writeHead(400).end()],
  ['an empty 404', ({ response }) => void response.writeHead(404).end()],
  ['an empty 405', ({ response }) => void response.writeHead(405).end()],
  ['200 with an error', (exchange) => rpcError(exchange, 200, -32601)],
  ['200 with an empty result', (exchange) => result(exchange, {})],
  [
    '406 with text',
    ({ response }) => void response.writeHead(406, { 'content-type': 'text/plain' }).end('no'),
  ],
  ['500 and a trace', ({ response }) => void response.writeHead(500).end('secret stack')],
  ['an empty 501', ({ response }) => void response.writeHead(501).end()],
];

for (const [what, answer] of OLD_ANSWERS)
  test(`a server that answers the probe with ${what} is asked to initialize`, async () => {
    const remote = await Remote.serving(legacy({ 'server/discover': answer }));
    const { negotiated } = await remote.connect();
    assert.deepEqual(negotiated, { era: 'legacy', revision: '2025-11-25' });
    await remote.end();
  });

test('a server that takes its time for the probe is waited for, and not asked to initialize meanwhile (VER4)', async () => {
  let probe: HttpExchange | undefined;
  const remote = await Remote.serving(modern({ 'server/discover': (exchange) => void (probe = exchange) }));
  const connecting = remote.connect();
  await remote.http.until(() => probe !== undefined, 'the probe');
  remote.clock.advance(29_000);
  await arrived(remote);
  assert.deepEqual(remote.http.got('POST', 'initialize'), []);
  void modern()['server/discover']?.(probe ?? assert.fail());
  assert.equal((await connecting).negotiated.era, 'modern');
  await remote.end();
});

const NO_CONCLUSION: readonly (readonly [string, (exchange: HttpExchange) => void, RegExp])[] = [
  ['401', ({ response }) => void response.writeHead(401).end(), /HTTP 401/],
  ['403', ({ response }) => void response.writeHead(403).end(), /HTTP 403/],
  ['429', ({ response }) => void response.writeHead(429, { 'retry-after': '3' }).end(), /in 3 s/],
  ['429 with an error of JSON-RPC', (exchange) => rpcError(exchange, 429, -32000), /-32000/],
  ['503 with an error of JSON-RPC', (exchange) => rpcError(exchange, 503, -32000), /-32000/],
  ['403 with an error of JSON-RPC', (exchange) => rpcError(exchange, 403, -32000), /-32000/],
  ['502', ({ response }) => void response.writeHead(502).end('secret stack'), /HTTP 502/],
  ['a cut connection', ({ response }) => void response.destroy(), /closed the connection/],
  [
    'a stream without an answer',
    (exchange) => {
      stream(exchange);
      exchange.response.end(': nothing\n\n');
    },
    /broke before the answer/,
  ],
  [
    'a redirect to another origin',
    ({ response }) => void response.writeHead(307, { location: 'http://evil.example/' }).end(),
    /moved to http:\/\/evil\.example/,
  ],
  [
    'a redirect within the origin that loses the request',
    ({ response }) => void response.writeHead(301, { location: '/mcp/?secret=1' }).end(),
    /Change the URL in the settings to where it leads: http:\/\/127\.0\.0\.1:\d+\/mcp\/\.$/,
  ],
];

for (const [what, answer, message] of NO_CONCLUSION)
  test(`${what} says nothing about the era: nothing else is tried, and the person is told`, async () => {
    const remote = await Remote.serving(legacy({ 'server/discover': answer }));
    const told = describeFailure(await failureOf(remote.connect()));
    assert.match(told, message);
    assert.doesNotMatch(told, /secret/);
    assert.equal(remote.http.got('POST', 'initialize').length, 0);
    await remote.end();
  });

const BAD_REQUEST = ({ response }: HttpExchange): void => void response.writeHead(400).end();

for (const [what, initialize, message] of [
  ['refuses the handshake', BAD_REQUEST, /HTTP 500/],
  [
    'refuses the handshake as one of the stateless era does',
    (exchange) => rpcError(exchange, 400, -32022, { supported: ['2026-07-28'] }),
    /HTTP 500/,
  ],
  ['says why it refuses the handshake', (exchange) => rpcError(exchange, 200, -32001), /-32001/],
  ['wants to know who asks', ({ response }) => void response.writeHead(401).end(), /HTTP 401/],
] satisfies readonly (readonly [string, Table[string], RegExp])[])
  test(`of a server that fails at the probe with 500 and ${what}, what says most is told`, async () => {
    const remote = await Remote.serving({
      'server/discover': ({ response }) => void response.writeHead(500).end('secret stack'),
      initialize,
    });
    assert.match(describeFailure(await failureOf(remote.connect())), message);
    assert.equal(remote.http.got('GET').length, 0);
    await remote.end();
  });

test('a server that names a revision without a handshake behind one is told to keep to it', async () => {
  const named = (exchange: HttpExchange): void =>
    result(exchange, { protocolVersion: '2026-07-28', capabilities: {} });
  const refusing = (exchange: HttpExchange): void =>
    rpcError(exchange, 400, -32022, { supported: ['2026-07-28'] });
  for (const initialize of [named, refusing]) {
    const remote = await Remote.serving({ initialize });
    await failsSaying(remote.connect(), /names revision 2026-07-28, but does not answer server\/discover/);
    await remote.end();
  }
});

test('a refused version is tried again with one that both speak, and never with the old handshake', async () => {
  let probes = 0;
  const table = modern();
  const remote = await Remote.serving({
    ...table,
    'server/discover': (exchange) => {
      if (probes++ === 0)
        rpcError(exchange, 400, -32022, { supported: ['2026-07-28'], requested: '2026-07-28' });
      else void table['server/discover']?.(exchange);
    },
  });
  assert.equal((await remote.connect()).negotiated.era, 'modern');
  assert.equal(remote.http.got('POST', 'initialize').length, 0);
  await remote.end();
});

test('an endpoint that knows no such method with 404 is not taken for one of the first revision', async () => {
  const unknown = (exchange: HttpExchange): void => rpcError(exchange, 404, -32601);
  const remote = await Remote.serving({ 'server/discover': unknown, initialize: unknown });
  await failsSaying(remote.connect(), /-32601/);
  assert.equal(remote.http.got('GET').length, 0);
  await remote.end();
});

test('an address where nothing is says so, and is asked once in each form', async () => {
  const nothing = ({ response }: HttpExchange): void => void response.writeHead(404).end();
  const remote = await Remote.serving({ 'server/discover': nothing, initialize: nothing, GET: nothing });
  await failsSaying(remote.connect(), /HTTP 404 \(there is nothing at this address\)/);
  assert.deepEqual(
    remote.http.exchanges.map(({ method }) => method),
    ['POST', 'POST', 'GET'],
  );
  await remote.end();
});

function oldHttp(more: Table = {}, status = 405): { readonly table: Table; readonly open: HttpExchange[] } {
  const open: HttpExchange[] = [];
  const refuse = ({ response }: HttpExchange): void => void response.writeHead(status).end();
  const reply = (exchange: HttpExchange, value: object): void => {
    exchange.response.writeHead(202).end();
    const [to] = open;
    if (to) event(to, { jsonrpc: '2.0', id: idOf(exchange), result: { ...value } });
  };
  const table: Table = {
    GET: (exchange) => {
      open.push(exchange);
      stream(exchange);
      exchange.response.write('event: endpoint\ndata: /messages?session=1\n\n');
    },
    'server/discover': refuse,
    initialize: (exchange) =>
      exchange.path === '/mcp'
        ? refuse(exchange)
        : reply(exchange, {
            protocolVersion: '2024-11-05',
            capabilities: { tools: {} },
            serverInfo: { name: 'o', version: '1' },
          }),
    'tools/list': (exchange) => reply(exchange, { tools: [{ name: 't', inputSchema: { type: 'object' } }] }),
    ...more,
  };
  return { table, open };
}

test('a server of the first revision is found by its stream, and spoken to at the address that it names', async () => {
  const { table, open } = oldHttp();
  const remote = await Remote.serving(table);
  const { negotiated } = await remote.connect({ headers: { 'x-key': 'k' } });
  assert.deepEqual(negotiated, { era: 'legacy', revision: '2024-11-05' });
  assert.equal((await remote.request('list', { kind: 'tools' })).items.length, 1);
  assert.equal(remote.http.got('POST', 'tools/list')[0]?.path, '/messages?session=1');
  assert.equal(remote.http.got('POST', 'tools/list')[0]?.headers['x-key'], 'k');
  open[0]?.response.end();
  await remote.http.until(() => remote.http.open === 0, 'all is closed');
  await failsSaying(remote.request('list', { kind: 'tools' }), /closed/);
  await remote.end();
});

test('a POST that is refused with 400, 404 or 405 may come from a server of the first revision, with another status not', async () => {
  for (const status of [400, 404, 405]) {
    const remote = await Remote.serving(oldHttp({}, status).table);
    assert.equal((await remote.connect()).negotiated.revision, '2024-11-05', String(status));
    await remote.end();
  }
  for (const status of [402, 406, 410, 422]) {
    const remote = await Remote.serving(oldHttp({}, status).table);
    await failsSaying(remote.connect(), new RegExp(`HTTP ${status}`));
    assert.equal(remote.http.got('GET').length, 0, String(status));
    await remote.end();
  }
});

test('an entry that says http is not tried as one of the first revision, and one that says sse is nothing else', async () => {
  const { table } = oldHttp();
  const strict = await Remote.serving(table);
  await failsSaying(strict.connect({ transport: 'http' }), /HTTP 405/);
  assert.equal(strict.http.got('GET').length, 0);
  await strict.end();
  const old = await Remote.serving(oldHttp().table);
  await old.connect({ transport: 'sse' });
  assert.equal(old.http.got('POST', 'server/discover').length, 0);
  await old.end();
});

test('an address of another origin gets nothing, whatever the stream says', async () => {
  const sink = await ScriptedHttp.start(({ response }) => void response.end());
  for (const address of [
    `${sink.origin}/post`,
    `//${sink.origin.slice(7)}/post`,
    'javascript:alert(1)',
    'http://u:p@{host}/post',
    'http://u@{host}/post',
  ]) {
    const { table } = oldHttp({
      GET: (exchange) => {
        stream(exchange);
        const named = address.replace('{host}', exchange.headers.host ?? '');
        exchange.response.write(`event: endpoint\ndata: ${named}\n\n`);
      },
    });
    const remote = await Remote.serving(table);
    await failsSaying(
      remote.connect({ headers: { authorization: 'Bearer CANARY' } }),
      /wants its messages sent to/,
    );
    await remote.end();
  }
  assert.deepEqual(sink.exchanges, []);
  await sink.stop();
});

test('where neither form is, what the server said first is told; what its stream says of something else is told instead', async () => {
  for (const [onGet, told] of [
    [404, /HTTP 405/],
    [405, /HTTP 400/],
    [500, /HTTP 500/],
  ] as const) {
    const onPost = onGet === 404 ? 405 : 400;
    const remote = await Remote.serving({
      ...oldHttp({}, onPost).table,
      GET: ({ response }) => void response.writeHead(onGet).end(),
    });
    await failsSaying(remote.connect(), told);
    assert.equal(remote.http.got('GET').length, 1);
    await remote.end();
  }
});
