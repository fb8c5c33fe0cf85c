import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { textOf, type EvilModes } from '../../support/evilAs';
import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

const HOUR = 3_600_000;

/** Refreshes that the authorization server has seen. */
function refreshes(world: AuthWorld): URLSearchParams[] {
  return world.as.tokenRequests('refresh_token');
}

test('ten calls of each of two windows at expiry lead to one refresh (T088)', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    world.as.granted.clear();
    const windows = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : two));
    const calls = await Promise.all(windows.map((window) => world.call(window)));
    assert.deepEqual(new Set(calls), new Set(['done']));
    assert.equal(refreshes(world).length, 1);
    assert.equal(refreshes(world)[0]?.get('resource'), world.url.href);
    assert.equal(
      refreshes(world)[0]?.has('scope'),
      false,
      'what was granted is what is renewed (RFC 6749 §6)',
    );
    assert.equal(one.browser.asked.length + two.browser.asked.length, 1);
  });
});

test('tokens are renewed at four fifths of their life, by one window, without a refused call (T090)', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    world.clock.advance(0.8 * HOUR - 1);
    await world.call(one);
    assert.equal(refreshes(world).length, 0);
    world.clock.advance(1);
    await Promise.all([one, two, one, two].map((window) => world.call(window)));
    assert.equal(refreshes(world).length, 1);
    assert.deepEqual(world.calls, [401, 200, 200, 200, 200, 200, 200, 200]);
  });
});

test('an early renewal that fails is tried once a minute, and the old token goes on', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.modes.tokenRequest = (_form, exchange) => (json(exchange, 503, {}), 'done');
    world.clock.advance(0.9 * HOUR);
    for (let round = 0; round < 5; round++) assert.equal(await world.call(window), 'done');
    assert.equal(refreshes(world).length, 1);
    world.clock.advance(60_000);
    assert.equal(await world.call(window), 'done');
    assert.equal(refreshes(world).length, 2);
  });
});

/** Holds the authorization server's good answer back. @returns whether a request has come, and what lets the answer go */
function holding(world: AuthWorld): { readonly arrived: Promise<void>; readonly release: () => void } {
  const [arrived, released] = [new Deferred<void>(), new Deferred<void>()];
  world.as.modes.tokenAnswer = (fields, exchange) => {
    delete world.as.modes.tokenAnswer;
    const grant = { clientId: 'as-client-1', scopes: [], resource: null };
    world.as.granted.set(textOf(fields['access_token']), grant);
    world.as.refreshTokens.set(textOf(fields['refresh_token']), grant);
    void released.promise.then(() => json(exchange, 200, fields));
    arrived.resolve();
    return 'done';
  };
  return { arrived: arrived.promise, release: () => released.resolve() };
}

test('a call that is cancelled while its token is renewed loses nothing: the next one has the new tokens (T088)', async () => {
  for (const early of [false, true])
    await AuthWorld.with(async (world) => {
      const window = world.window();
      const { authorizer } = window;
      await world.call(window);
      const request = { method: 'POST', url: world.url } as const;
      const used = await authorizer.headersFor(request, world.signal);
      const { arrived, release } = holding(world);
      const caller = new AbortController();
      if (early) world.clock.advance(0.9 * HOUR);
      else world.as.granted.clear();
      const call = early
        ? authorizer.headersFor(request, caller.signal).catch(() => ({ code: 'cancelled' }))
        : authorizer.challenged({ status: 401, headers: {}, used, attempt: 1 }, caller.signal);
      await arrived;
      caller.abort();
      assert.deepEqual(await call, { code: 'cancelled' });
      const next = world.call(window);
      release();
      assert.equal(await next, 'done');
      assert.deepEqual([refreshes(world).length, window.browser.asked.length], [1, 1]);
    });
});

test('a sign-in whose call is cancelled while the code is exchanged is a sign-in all the same', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    const { arrived, release } = holding(world);
    const caller = new AbortController();
    const call = window.authorizer.challenged(
      { status: 401, headers: {}, used: [], attempt: 1 },
      caller.signal,
    );
    await arrived;
    caller.abort();
    assert.deepEqual(await call, { code: 'cancelled' });
    const next = world.call(window);
    release();
    assert.equal(await next, 'done');
    assert.equal(window.browser.asked.length, 1);
  });
});

for (const method of ['DELETE', 'POST'] as const)
  test(`a goodbye renews nothing (${method})`, async () => {
    await AuthWorld.with(async (world) => {
      const window = world.window();
      await world.call(window);
      world.clock.advance(0.9 * HOUR);
      const goodbye = { method, url: world.url, isGoodbye: true };
      const fields = await window.authorizer.headersFor(goodbye, world.signal);
      assert.deepEqual([fields.length, refreshes(world).length], [1, 0]);
    });
  });

/** What the token endpoint does, and whether the tokens survive it (T089). */
const FAULTS: readonly (readonly [
  name: string,
  answer: NonNullable<EvilModes['tokenRequest']>,
  survive: boolean,
])[] = [
  ['HTTP 500', (_form, exchange) => json(exchange, 500, {}), true],
  ['HTTP 503', (_form, exchange) => json(exchange, 503, { error: 'invalid_grant' }), true],
  ['HTTP 429', (_form, exchange) => json(exchange, 429, { error: 'slow_down' }), true],
  ['a cut connection', (_form, { response }) => response.destroy(), true],
  [
    'a captive portal',
    (_form, { response }) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
    true,
  ],
  ['a redirect', (_form, { response }) => response.writeHead(302, { location: '/login' }).end(), true],
  ['an empty answer', (_form, { response }) => response.writeHead(200).end(), true],
  ['half an answer', (_form, { response }) => response.end('{"access_tok'), true],
  [
    'temporarily_unavailable',
    (_form, exchange) => json(exchange, 400, { error: 'temporarily_unavailable' }),
    true,
  ],
  ['invalid_grant', (_form, exchange) => json(exchange, 400, { error: 'invalid_grant' }), false],
  [
    'invalid_grant with status 200',
    (_form, exchange) => json(exchange, 200, { error: 'invalid_grant' }),
    false,
  ],
];

for (const [name, answer, survive] of FAULTS)
  test(`${name} at the token endpoint ${survive ? 'signs nobody out' : 'ends the tokens'} (T089)`, async () => {
    await AuthWorld.with(async (world) => {
      const window = world.window();
      await world.call(window);
      const before = world.store.record;
      const tokens = new Map(world.as.granted);
      world.as.granted.clear();
      world.as.modes.tokenRequest = (form, exchange) => {
        void answer(form, exchange);
        return 'done';
      };
      const later = world.window({}, { beginSignIn: () => Promise.resolve({ kind: 'later' }) });
      const failure = await world.call(later);
      if (!survive) {
        assert.equal(failure !== 'done' && failure.code, 'sign-in-needed');
        assert.doesNotMatch(world.store.record ?? '', /at-as|rt-as/);
        return;
      }
      assert.ok(failure !== 'done' && !['sign-in-needed', 'sign-in-denied'].includes(failure.code));
      assert.equal(world.store.record, before);
      assert.equal(refreshes(world).length, 1);
      for (const [token, grant] of tokens) world.as.granted.set(token, grant);
      assert.equal(await world.call(later), 'done');
    });
  });

test('an authorization server that is down at a refresh signs nobody out either', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    const before = world.store.record;
    world.as.granted.clear();
    world.as.modes.metadata = (_fields, exchange) => (json(exchange, 502, {}), 'done');
    const window = world.window();
    assert.equal((await world.refused(window)).problem, 'metadata-unavailable');
    assert.deepEqual([world.store.record, window.browser.asked.length], [before, 0]);
  });
});

test('a refresh that gives no refresh token keeps the old one, and one that gives another replaces it', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.modes.tokenAnswer = (fields) => delete fields['refresh_token'];
    const [old = ''] = world.as.refreshTokens.keys();
    const known = world.as.refreshTokens.get(old) ?? assert.fail();
    world.as.granted.clear();
    assert.equal(await world.call(window), 'done');
    assert.ok(world.store.record?.includes(old));
    delete world.as.modes.tokenAnswer;
    world.as.refreshTokens.set(old, known);
    world.as.granted.clear();
    world.clock.advance(120_000);
    assert.equal(await world.call(window), 'done');
    assert.ok(!world.store.record?.includes(old));
    assert.equal(window.browser.asked.length, 1);
  });
});

test('new tokens replace the old ones only once they are stored', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    const tokens = new Map(world.as.granted);
    world.as.granted.clear();
    world.store.failing = 'save';
    assert.equal((await world.refused(window)).problem, 'store-unavailable');
    world.store.failing = undefined;
    for (const [token, grant] of tokens) world.as.granted.set(token, grant);
    assert.equal(await world.call(window), 'done');
    const used = world.sent.at(-1)?.[0]?.[1].replace('Bearer ', '') ?? '';
    assert.ok(tokens.has(used), 'what could not be stored is not used either');
    assert.equal(window.browser.asked.length, 1);
  });
});

/** `expires_in` as sent, and seconds after which it is renewed; undefined: never before the server refuses. */
const LIVES: readonly (readonly [unknown, number | undefined])[] = [
  [undefined, undefined],
  [null, undefined],
  ['soon', undefined],
  ['', undefined],
  [{}, undefined],
  [0, 48],
  [-5, 48],
  ['3600', 2_880],
  [3_600.5, 2_880.4],
  [1e12, 30 * 86_400 * 0.8],
];

for (const [value, seconds] of LIVES)
  test(`expires_in ${JSON.stringify(value)} is ${seconds === undefined ? 'not known' : `renewed after ${seconds} s`} (T090)`, async () => {
    await AuthWorld.with(
      async (world) => {
        const window = world.window();
        await world.call(window);
        world.clock.advance((seconds ?? 100 * 86_400) * 1_000 - 1);
        await world.call(window);
        assert.equal(refreshes(world).length, 0);
        world.clock.advance(1);
        await world.call(window);
        assert.equal(refreshes(world).length, seconds === undefined ? 0 : 1);
      },
      { tokenAnswer: (fields) => Object.assign(fields, { expires_in: value }) },
    );
  });

test('a wall clock that jumps back keeps no token alive, and one that jumps ahead costs one refresh', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    const wall = world.clock.wall.bind(world.clock);
    world.clock.wall = () => wall() - 2 * HOUR;
    world.clock.advance(HOUR);
    await world.call(window);
    assert.equal(refreshes(world).length, 1, 'monotonic time knows better');
    world.clock.wall = () => wall() + 20 * HOUR;
    for (let round = 0; round < 5; round++) await world.call(window);
    assert.equal(refreshes(world).length, 1, 'not twice in a minute');
    world.clock.advance(60_000);
    for (let round = 0; round < 5; round++) await world.call(window);
    assert.equal(refreshes(world).length, 2);
  });
});
