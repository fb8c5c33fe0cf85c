/** What is sent although nobody waits for it: it asks no person who they are, and goes on when a call's sign-in lets it (T070). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureOf } from '../../support/clientHarness';
import { result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { Engine } from './engine';
import { DONE, elapse, legacy, modern, Remote, settled, type Table } from './remote';

const HOUR = 3_600_000;

/** A client of a server that wants to know who asks for what `isGuarded` names, once it is connected. */
async function connected(table: Table): Promise<{ remote: Remote; engine: Engine }> {
  const engine = new Engine();
  const remote = await Remote.serving(table);
  remote.loadAuthorization = engine.load;
  await remote.connect({ authorization: {} });
  return { remote, engine };
}

function refuse({ response }: HttpExchange): void {
  response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
}

function guarded(exchange: HttpExchange, then: (exchange: HttpExchange) => void): void {
  if (exchange.headers.authorization === undefined) refuse(exchange);
  else then(exchange);
}

for (const wasOpen of [false, true])
  test(`the server's own stream that is refused for who asks is asked for again when that has changed, ${wasOpen ? 'though' : 'as it was not'} open before`, async () => {
    let first = wasOpen;
    const { remote, engine } = await connected(
      legacy({
        GET: (exchange) => {
          if (!first) return guarded(exchange, stream);
          first = false;
          stream(exchange);
          exchange.response.end();
        },
      }),
    );
    const asked = (): number => remote.http.got('GET').length;
    const before = wasOpen ? 2 : 1;
    await elapse(remote, () => asked() === before && engine.attended.length === 1);
    remote.clock.advance(HOUR);
    await assert.rejects(remote.request('list', { kind: 'tools' }));
    assert.equal(asked(), before, 'not by itself');
    engine.signIn();
    await remote.http.until(() => asked() === before + 1, 'it is asked for again');
    assert.deepEqual(engine.attended, [false]);
    await remote.end();
  });

test('a subscription that is refused for who asks is asked for again when that has changed, and asks nobody', async () => {
  const { remote, engine } = await connected(
    modern({
      'server/discover': (exchange) =>
        result(exchange, {
          resultType: 'complete',
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: { listChanged: true } },
        }),
      'subscriptions/listen': (exchange) => guarded(exchange, stream),
    }),
  );
  const asked = (): number => remote.http.got('POST', 'subscriptions/listen').length;
  await settled(() => engine.attended.length === 1);
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  remote.clock.advance(HOUR);
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  assert.equal(asked(), 1, 'not by itself');
  engine.signIn();
  await remote.http.until(() => asked() === 2, 'it is asked for again');
  assert.deepEqual(engine.attended, [false]);
  await remote.end();
});

test('a ping that finds out whether a silent server is there asks nobody who they are', async () => {
  const { remote, engine } = await connected(
    legacy({ 'resources/subscribe': (exchange) => result(exchange, {}), ping: refuse }),
  );
  await remote.request('subscribe', { uri: 'a:b' });
  await elapse(remote, () => engine.attended.length === 1);
  assert.deepEqual(engine.attended, [false]);
  assert.deepEqual(remote.heard('ended'), []);
  await remote.end();
});

test('a ping that finds out whether a session is lost asks nobody who they are, and a call does', async () => {
  let streams = 0;
  const { remote, engine } = await connected(
    legacy({
      GET: (exchange) => {
        if (++streams > 1) return void exchange.response.writeHead(404).end();
        stream(exchange);
        exchange.response.end();
      },
      ping: refuse,
      'tools/call': refuse,
    }),
  );
  await elapse(remote, () => engine.attended.length === 1);
  await assert.rejects(remote.call('t'));
  assert.deepEqual(engine.attended, [false, true]);
  await remote.end();
});

for (const code of ['sign-in-needed', 'sign-in-closed', 'sign-in-denied', 'authorization'] as const)
  test(`a server that is asked nothing more because of ${code} is not asked in another way either`, async () => {
    const engine = new Engine(code);
    const remote = await Remote.serving(legacy({ 'server/discover': refuse }));
    remote.loadAuthorization = engine.load;
    assert.equal((await failureOf(remote.connect({ authorization: {} }))).code, code);
    assert.equal(remote.http.exchanges.length, 1);
    assert.deepEqual(engine.attended, [true]);
    await remote.end();
  });

test('the end of a session that is refused for who asks asks nobody', async () => {
  const { remote, engine } = await connected(
    legacy({ DELETE: refuse, 'tools/call': (exchange) => result(exchange, DONE) }),
  );
  await remote.call('t');
  await remote.end();
  assert.deepEqual([remote.http.got('DELETE').length, engine.attended], [1, []]);
});
