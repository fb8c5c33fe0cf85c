/** What lists and reads do about a server that is busy, or a connection that breaks, and calls never do (T071, HTTPM7). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { idOf, paramsOf, result, rpcError, stream, type HttpExchange } from '../../support/scriptedHttp';
import { legacy, modern, Remote, type Table } from './remote';

const LISTING = { resultType: 'complete', tools: [] };
const READING = { resultType: 'complete', contents: [] };

/** Refuses the first `times` requests. */
function busy(
  refuse: (exchange: HttpExchange) => void,
  then: (exchange: HttpExchange) => void,
  times = 1,
): (exchange: HttpExchange) => void {
  let refused = 0;
  return (exchange) => (refused++ < times ? refuse(exchange) : then(exchange));
}

function withStatus(status: number, retryAfter?: string): (exchange: HttpExchange) => void {
  return ({ response }) =>
    void response
      .writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter })
      .end('later');
}

function saysBusy(remote: Remote): boolean {
  return remote.heard('wire').some(({ message }) => message.startsWith('The server is busy.'));
}

/** Lets time pass once the request was refused. */
async function passing(remote: Remote, method: string, ms: number): Promise<void> {
  await remote.http.until(() => remote.http.got('POST', method).length === 1, 'the first request');
  await remote.until(() => saysBusy(remote), 'the note');
  remote.clock.advance(ms);
}

for (const era of [modern, legacy] as const)
  test(`a list and a read wait as long as the server says, and ask again (${era.name})`, async () => {
    const remote = await Remote.connected(
      era({
        'tools/list': busy(withStatus(503, '30'), (exchange) => result(exchange, LISTING)),
        'resources/read': busy(
          (exchange) => {
            exchange.response.setHeader('retry-after', '600');
            rpcError(exchange, 429, -32000);
          },
          (exchange) => result(exchange, READING),
        ),
      }),
    );
    const list = remote.request('list', { kind: 'tools' });
    await passing(remote, 'tools/list', 29_999);
    assert.equal(remote.clock.nextIn, 1, 'not sooner');
    assert.equal(remote.http.got('POST', 'tools/list').length, 1);
    remote.clock.advance(1);
    assert.equal((await list).cut, undefined, 'the wait is no part of the time a list may take');
    remote.events.length = 0;
    const read = remote.request('readResource', { callId: 1, uri: 'a:b' });
    await passing(remote, 'resources/read', 600_000);
    assert.deepEqual((await read).contents, []);
    await remote.end();
  });

for (const [what, status, retryAfter] of [
  ['for an hour', 503, '3600'],
  ['for a time that is none', 429, '-1'],
  ['without saying how long', 503, undefined],
  ['with an error that is not its passing', 500, '1'],
] as const)
  test(`a server that refuses ${what} is not asked again, and the person is told at once`, async () => {
    const remote = await Remote.connected(modern({ 'tools/list': withStatus(status, retryAfter) }));
    await failsSaying(remote.request('list', { kind: 'tools' }), new RegExp(String(status)));
    assert.equal(remote.http.got('POST', 'tools/list').length, 1);
    await remote.end();
  });

test('a server is waited for once, whatever it says the second time, for a list with all its pages', async () => {
  const table: Table = {
    'tools/list': busy(withStatus(503, '1'), (exchange) => {
      if (paramsOf(exchange)['cursor'] === undefined) result(exchange, { ...LISTING, nextCursor: 'b' });
      else withStatus(503, '1')(exchange);
    }),
  };
  const remote = await Remote.connected(modern(table));
  const list = remote.request('list', { kind: 'tools' });
  await passing(remote, 'tools/list', 1_000);
  const { cut } = await list;
  assert.equal(cut?.reason, 'page 2 could not be read');
  assert.ok(cut.failure?.code === 'http-error' && cut.failure.status === 503);
  assert.equal(remote.http.got('POST', 'tools/list').length, 3);
  await remote.end();
});

test('a busy server that wants to be asked at once is asked a second later', async () => {
  const remote = await Remote.connected(
    modern({ 'tools/list': busy(withStatus(503, '0'), (exchange) => result(exchange, LISTING)) }),
  );
  const list = remote.request('list', { kind: 'tools' });
  await passing(remote, 'tools/list', 999);
  assert.equal(remote.clock.nextIn, 1);
  remote.clock.advance(1);
  assert.deepEqual((await list).items, []);
  await remote.end();
});

test('who cancels meanwhile does not wait, and nothing is sent', async () => {
  const remote = await Remote.connected(modern({ 'tools/list': withStatus(503, '600') }));
  const abort = new AbortController();
  const list = failsSaying(remote.request('list', { kind: 'tools' }, abort.signal), /Cancelled/);
  await remote.http.until(() => remote.http.got('POST', 'tools/list').length === 1, 'the first request');
  await remote.until(() => saysBusy(remote), 'the note');
  abort.abort();
  await list;
  await remote.until(() => remote.clock.waiting === 0, 'the wait is over');
  remote.clock.advance(600_000);
  await remote.end();
  assert.equal(remote.http.got('POST', 'tools/list').length, 1);
});

const cut = ({ response }: HttpExchange): void => void response.destroy();
const cutInTheMiddle = (exchange: HttpExchange): void => {
  stream(exchange);
  exchange.response.write(':\n\n', () => exchange.response.destroy());
};
const endWithoutAnswer = (exchange: HttpExchange): void => {
  stream(exchange);
  exchange.response.end(':\n\n');
};

for (const [what, lose] of [
  ['is closed', cut],
  ['breaks in the middle of the answer', cutInTheMiddle],
  ['ends without an answer', endWithoutAnswer],
] as const)
  for (const era of [modern, legacy] as const)
    test(`a list and a read whose connection ${what} are asked once more, a tool is not (${era.name})`, async () => {
      const remote = await Remote.connected(
        era({
          'tools/list': busy(lose, (exchange) => result(exchange, LISTING)),
          'resources/read': busy(lose, (exchange) => result(exchange, READING)),
          'tools/call': lose,
        }),
      );
      assert.deepEqual((await remote.request('list', { kind: 'tools' })).items, []);
      assert.deepEqual((await remote.request('readResource', { callId: 1, uri: 'a:b' })).contents, []);
      const ids = remote.http.got('POST', 'tools/list').map(idOf);
      assert.equal(new Set(ids).size, 2, 'with a new id');
      await failsSaying(remote.call('t'), /may still have acted/);
      assert.equal(remote.http.got('POST', 'tools/call').length, 1);
      await remote.end();
    });

test('a handshake whose connection is cut is begun once more, and fails when that is cut too', async () => {
  const { initialize } = legacy();
  assert.ok(initialize);
  for (const [times, works] of [
    [1, true],
    [9, false],
  ] as const) {
    const remote = await Remote.serving(
      legacy({ initialize: busy(cut, (exchange) => void initialize(exchange), times) }),
    );
    if (works) assert.equal((await remote.connect()).negotiated.era, 'legacy');
    else await failsSaying(remote.connect(), /closed the connection/);
    assert.equal(remote.http.got('POST', 'initialize').length, 2);
    await remote.end();
  }
});

test('a server that closes every connection is asked twice', async () => {
  const remote = await Remote.connected(modern({ 'tools/list': cut }));
  await failsSaying(remote.request('list', { kind: 'tools' }), /closed the connection[^.]*\.$/);
  assert.equal(remote.http.got('POST', 'tools/list').length, 2);
  await remote.end();
});

test('a tool is called once, however politely the server asks for later', async () => {
  const remote = await Remote.connected(modern({ 'tools/call': withStatus(503, '1') }));
  await failsSaying(remote.call('t'), /HTTP 503 .* asked again in 1 s/);
  remote.clock.advance(10_000);
  await remote.end();
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
});
