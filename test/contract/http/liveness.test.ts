/** A server that is not there any more although no connection says so (T066, PING1 to PING3). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, result, rpcError, stream, type HttpExchange } from '../../support/scriptedHttp';
import { legacy, modern, Remote, type Table } from './remote';

const PING_MS = 15_000;
const MINUTE = 60_000;
const silent = (): void => undefined;

function pings(remote: Remote): number {
  return remote.http.got('POST', 'ping').length;
}

/** A client of a server of the stateful era that has the patience for long calls. */
async function patient(table: Table): Promise<Remote> {
  const remote = await Remote.serving(
    legacy({ 'resources/subscribe': (asked) => result(asked, {}), ...table }),
  );
  await remote.connect({}, { timeouts: { connect: 30_000, request: 600_000, total: 600_000 } });
  return remote;
}

for (const [what, answer] of [
  ['answers', (asked) => result(asked, {})],
  ['knows no ping', (asked) => rpcError(asked, 400, -32601)],
] as const satisfies readonly (readonly [string, (asked: HttpExchange) => void])[])
  test(`a silent server that ${what} is asked once a minute, while a resource is followed`, async () => {
    const remote = await patient({ ping: answer });
    await remote.request('subscribe', { uri: 'a:b' });
    // What was heard before is noticed at the first look.
    remote.clock.advance(20_000);
    for (const expected of [1, 2, 3]) {
      remote.clock.advance(59_999);
      assert.equal(remote.clock.nextIn, 1, 'not sooner than a minute');
      assert.equal(pings(remote), expected - 1);
      remote.clock.advance(1);
      await remote.http.until(() => pings(remote) === expected, 'a ping');
      await nextLook(remote);
    }
    assert.deepEqual(remote.heard('ended'), []);
    await remote.end();
  });

/** Waits until the ping was answered and the next look is due in 20 s. */
async function nextLook(remote: Remote): Promise<void> {
  while (remote.clock.nextIn !== 20_000) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('who waits for nothing asks for nothing, and the stateless era has no ping', async () => {
  for (const table of [legacy({ ping: silent }), modern({ ping: silent })]) {
    const remote = await Remote.connected(table);
    remote.clock.advance(10 * MINUTE);
    assert.equal(pings(remote), 0);
    await remote.end();
  }
});

test('a silent server of the stateless era is not pinged for a resource that is followed either', async () => {
  const supportedVersions = ['2026-07-28'];
  const capabilities = { resources: { subscribe: true }, prompts: {} };
  const remote = await Remote.connected({
    'server/discover': (asked) => result(asked, { resultType: 'complete', supportedVersions, capabilities }),
    // Nothing is waited for.
    'subscriptions/listen': (asked) => rpcError(asked, 400, -32601),
    'prompts/list': (asked) => result(asked, { resultType: 'complete', prompts: [] }),
    ping: silent,
  });
  await remote.request('subscribe', { uri: 'a:b' });
  await remote.http.until(() => remote.http.got('POST', 'subscriptions/listen').length > 0, 'a subscription');
  await remote.request('list', { kind: 'prompts' });
  for (let look = 0; look < 10; look++) remote.clock.advance(20_000);
  // What would be sent then is heard before the answer to this.
  await remote.request('list', { kind: 'prompts', fresh: true });
  assert.equal(pings(remote), 0);
  await remote.end();
});

test('two pings without an answer are the end, and the host hears why', async () => {
  const remote = await patient({ ping: silent });
  await remote.request('subscribe', { uri: 'a:b' });
  remote.clock.advance(20_000);
  remote.clock.advance(MINUTE);
  await remote.http.until(() => pings(remote) === 1, 'a ping');
  remote.clock.advance(PING_MS);
  await remote.http.until(() => pings(remote) === 2, 'one more: an answer may get lost');
  assert.deepEqual(remote.heard('ended'), []);
  remote.clock.advance(PING_MS);
  await remote.until(() => remote.heard('ended').length === 1, 'the end');
  assert.equal(remote.heard('ended')[0]?.failure.code, 'network');
  await remote.end();
});

test('a call has its own deadline: a server that is busy with it and answers nothing else is not asked', async () => {
  let busyWith: HttpExchange | undefined;
  const remote = await patient({ ping: silent, 'tools/call': (exchange) => void (busyWith = exchange) });
  await remote.request('subscribe', { uri: 'a:b' });
  const call = remote.call('t');
  await remote.http.until(() => busyWith !== undefined, 'the call');
  for (let look = 1; look <= 29; look++) {
    remote.clock.advance(20_000);
    // Whoever asks waits for an answer before the next look.
    assert.equal(remote.clock.nextIn, 20_000);
  }
  assert.equal(pings(remote), 0);
  assert.ok(busyWith);
  result(busyWith, { content: [] });
  assert.equal((await call).isError, false);
  await remote.end();
});

test('a ping that stays without an answer because a call has come ends nothing', async () => {
  let busyWith: HttpExchange | undefined;
  const remote = await patient({ ping: silent, 'tools/call': (exchange) => void (busyWith = exchange) });
  await remote.request('subscribe', { uri: 'a:b' });
  remote.clock.advance(20_000);
  remote.clock.advance(MINUTE);
  await remote.http.until(() => pings(remote) === 1, 'a ping');
  const call = remote.call('t');
  await remote.http.until(() => busyWith !== undefined, 'the call');
  remote.clock.advance(PING_MS);
  await remote.http.until(() => pings(remote) === 2, 'one more');
  remote.clock.advance(PING_MS);
  await nextLook(remote);
  assert.deepEqual(remote.heard('ended'), []);
  assert.ok(busyWith);
  result(busyWith, { content: [] });
  assert.equal((await call).isError, false);
  await remote.end();
});

test('whatever the server says is a sign of life', async () => {
  let open: HttpExchange | undefined;
  const remote = await patient({ ping: silent, GET: (exchange) => stream((open = exchange)) });
  await remote.request('subscribe', { uri: 'a:b' });
  await remote.http.until(() => open !== undefined, 'the stream');
  assert.ok(open);
  for (let round = 1; round <= 5; round++) {
    event(open, { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: round } });
    await heardLogs(remote, round);
    remote.clock.advance(59_000);
  }
  assert.equal(pings(remote), 0);
  await remote.end();
});

/** Real time, because the event travels over a real connection. */
async function heardLogs(remote: Remote, count: number): Promise<void> {
  while (remote.heard('logMessage').length < count) await new Promise((resolve) => setTimeout(resolve, 1));
}
