/** What ordinary trouble of a network costs: streams are taken up again with patience, and bodies that never end hold nothing up. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { FailureError } from '../../../src/protocol/failure';
import { failureOf } from '../../support/clientHarness';
import { failsSaying } from '../../support/failures';
import { event, idOf, json, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { DONE, elapse, legacy, onlyRest, Remote, resumed, settled, type Table, TOOLS } from './remote';

/**
 * A server that ends the stream of a call at once, so that the answer is to be fetched.
 * @param visit answers a request for it, or says no
 * @param more further fields of its first event
 */
function polling(visit: (exchange: HttpExchange) => boolean, more = ''): Table {
  let called: HttpExchange | undefined;
  return legacy({
    'tools/call': (exchange) => {
      called = exchange;
      stream(exchange);
      exchange.response.end(`id: p1\n${more}data:\n\n`);
    },
    GET: onlyRest((exchange) => {
      if (visit(exchange)) return;
      assert.ok(called);
      stream(exchange);
      event(exchange, { jsonrpc: '2.0', id: idOf(called), result: DONE });
      exchange.response.end();
    }),
  });
}

/** A client that lets calls wait for as long as it takes. */
async function patient(table: Table): Promise<Remote> {
  const remote = await Remote.serving(table);
  await remote.connect({}, { timeouts: { connect: 30_000, request: 3_000_000, total: 3_000_000 } });
  return remote;
}

function refusing(status: number): (exchange: HttpExchange) => boolean {
  return ({ response }) => {
    response.writeHead(status).end();
    return true;
  };
}

test('an answer is fetched through what is over in a moment: busy, broken, not there, in conflict', async () => {
  const trouble = [
    ({ response }) => void response.writeHead(503, { 'retry-after': '30' }).end(),
    ({ response }) => void response.destroy(),
    ({ response }) => void response.writeHead(429).end(),
    // It has not noticed yet that the connection before was cut.
    (exchange) =>
      json(exchange, 409, { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Conflict' } }),
    (exchange) => {
      stream(exchange);
      exchange.response.write(':\n\n', () => exchange.response.destroy());
    },
  ] satisfies readonly ((exchange: HttpExchange) => void)[];
  let visits = 0;
  const remote = await patient(
    polling((exchange) => {
      const next = trouble[visits++];
      next?.(exchange);
      return next !== undefined;
    }),
  );
  const call = remote.call('t');
  await elapse(remote, () => resumed(remote).length === 1);
  // What came back is on its way to the client; another request behind it comes back later.
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  remote.clock.advance(29_000);
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  assert.equal(resumed(remote).length, 1, 'not sooner than the server says');
  await elapse(remote, () => resumed(remote).length === trouble.length + 1);
  assert.equal((await call).isError, false);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  await remote.end();
});

test('an answer is not fetched for ever, and not from where it was refused', async () => {
  // That it once said when to come back makes no poll of a refusal.
  for (const [more, times] of [
    ['', 9],
    ['retry: 2000\n', 10],
  ] as const) {
    const busy = await patient(polling(refusing(502), more));
    let isOver = false;
    const call = failsSaying(busy.call('t'), /may still have acted/).finally(() => (isOver = true));
    await elapse(busy, () => isOver);
    await call;
    assert.equal(resumed(busy).length, times);
    await busy.end();
  }
  const gone = await Remote.connected(polling(refusing(410)));
  const refused = failsSaying(gone.call('t'), /HTTP 410 .*\. The server may still have acted\.$/);
  await elapse(gone, () => resumed(gone).length === 1);
  await refused;
  await gone.end();
});

test('a call that the server has begun to answer, and whose answer cannot be read, may have acted; one that it has refused has not (T127)', async () => {
  const answers: readonly (readonly [(exchange: HttpExchange) => void, RegExp])[] = [
    [
      ({ response }) => response.writeHead(200, { 'content-encoding': 'zstd' }).end('?'),
      /compression.* acted\.$/,
    ],
    [
      ({ response }) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end('no gzip'),
      /compression.* acted\.$/,
    ],
    [({ response }) => void response.socket?.end('no HTTP\r\n\r\n'), /does not answer with HTTP.* acted\.$/],
    [({ response }) => response.writeHead(202).end(), /holds no answer.* acted\.$/],
    [({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'), /200.* acted\.$/],
    [
      (exchange) => {
        stream(exchange);
        exchange.response.write(`: ${'x'.repeat(2_097_152)}\n\n`);
      },
      /says nothing\. The server may still have acted\.$/,
    ],
    [({ response }) => response.writeHead(504).end(), /HTTP 504 .* acted\.$/],
    [({ response }) => response.writeHead(400).end(), /HTTP 400 \(bad request\)\.$/],
    [
      (exchange) =>
        json(exchange, 400, { jsonrpc: '2.0', id: idOf(exchange), error: { code: 7, message: 'no' } }),
      /error 7\.$/,
    ],
  ];
  for (const [answer, text] of answers) {
    const remote = await Remote.connected(legacy({ 'tools/call': answer }));
    await failsSaying(remote.call('t'), text);
    await remote.end();
  }
});

test('an answer that nobody waits for any more is not fetched', async () => {
  const remote = await Remote.connected(polling(refusing(503)));
  const abort = new AbortController();
  const call = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  await elapse(remote, () => resumed(remote).length === 1);
  abort.abort();
  await call;
  await remote.http.until(
    () => remote.http.got('POST', 'notifications/cancelled').length === 1,
    'it is told',
  );
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  const { length } = resumed(remote);
  remote.clock.advance(600_000);
  await remote.end();
  assert.equal(resumed(remote).length, length);
});

test('a stream that says nothing without end is told as that, and not as a message of some size', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.write(`: ${'x'.repeat(2_097_152)}\n\n`);
      },
    }),
  );
  await failsSaying(remote.call('t'), /over 1 MB of its stream says nothing/);
  await remote.end();
});

test('what the server answers to the end of the handshake holds nothing up, however long it goes on', async () => {
  const remote = await Remote.connected(
    legacy({
      'notifications/initialized': ({ response }) => {
        response.writeHead(400, { 'content-type': 'text/plain' });
        response.write('no, because');
      },
      'tools/list': (exchange) => result(exchange, TOOLS),
    }),
  );
  assert.equal((await remote.request('list', { kind: 'tools' })).items.length, TOOLS.tools.length);
  await remote.http.until(() => remote.http.got('GET').length === 1, 'the stream is asked for as well');
  const [initialized] = remote.http.got('POST', 'notifications/initialized');
  assert.equal(initialized?.aborted, false);
  remote.clock.advance(5_000);
  await remote.http.until(() => initialized?.aborted, 'it is cut');
  await remote.until(
    () => remote.heard('wire').some(({ message }) => message.includes('did not take a message')),
    'a note',
  );
  await remote.end();
});

test('that something is lost on the stream of the server itself is told', async () => {
  const remote = await Remote.connected(
    legacy({
      GET: (exchange) => {
        stream(exchange);
        for (let line = 0; line < 600; line++) exchange.response.write(`:${'x'.repeat(2_000)}\n`);
      },
    }),
  );
  await settled(() => remote.heard('wire').length === 1);
  assert.match(remote.heard('wire')[0]?.message ?? '', /more on its stream than can be taken/);
  await elapse(remote, () => remote.http.got('GET').length === 2);
  await remote.end();
});

test('an error whose text never ends is told with what came of it', async () => {
  const remote = await Remote.connected(
    legacy({
      'tools/list': ({ response }) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.write('out of order');
      },
    }),
  );
  const list = failsSaying(remote.request('list', { kind: 'tools' }), /HTTP 500/);
  await remote.http.until(() => remote.http.got('POST', 'tools/list').length === 1, 'the request');
  await elapse(remote, () => remote.http.got('POST', 'tools/list')[0]?.aborted === true);
  await list;
  await remote.end();
});

test('an error that is nested too deeply to be one of JSON-RPC is only a refusal, whatever it refuses', async () => {
  const refuse = ({ response }: HttpExchange): void => {
    const data = '['.repeat(30_000) + ']'.repeat(30_000);
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(`{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no","data":${data}}}`);
  };
  const remote = await Remote.connected(
    legacy({ 'notifications/initialized': refuse, 'tools/list': refuse, 'tools/call': refuse }),
  );
  await remote.until(() => remote.heard('wire').length === 1, 'the refusal of the notification is told');
  for (const ask of [() => remote.request('list', { kind: 'tools' }), () => remote.call('t')])
    await assert.rejects(ask, (error: FailureError) => error.failure.code === 'http-error');
  await remote.end();
});

test('an error that quotes the headers it was asked with is told without them, however they are written (T065)', async () => {
  const secrets = { authorization: 'Bearer first"quoted', 'x-api-key': 'second\\key; third-part=x' };
  let body: (text: string) => string = (text) => text;
  const remote = await Remote.connected(
    legacy({
      'tools/call': ({ headers, response }) => {
        const given = `${headers['authorization']} and ${String(headers['x-api-key'])}, or a part only: third-part`;
        response.writeHead(500, { 'content-type': 'text/plain' }).end(body(given));
      },
    }),
    { headers: secrets },
  );
  for (const form of [(text: string) => text, (text: string) => JSON.stringify({ given: text })]) {
    body = form;
    const failure = await failureOf(remote.call('t'));
    assert.ok(failure.code === 'http-error' && failure.excerpt !== undefined);
    assert.match(failure.excerpt, /\(your authorization\) and \(your x-api-key\)/);
    for (const secret of ['first', 'quoted', 'second', 'third']) assert.ok(!failure.excerpt.includes(secret));
  }
  await remote.end();
});
