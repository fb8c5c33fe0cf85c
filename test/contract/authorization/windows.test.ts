/** What one window does to the credentials of a server reaches the others, and signing out says what it has come to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readRecord } from '../../../src/authorization/record';
import { Deferred } from '../../../src/base/deferred';
import { json } from '../../support/scriptedHttp';
import { AuthWorld, type Window } from './world';

/** Header fields with which a request of this window would leave now. */
async function fields(world: AuthWorld, { authorizer }: Window): Promise<readonly string[]> {
  const used = await authorizer.headersFor({ method: 'POST', url: world.url }, world.signal);
  return used.map(([, value]) => value);
}

test('a token that one window has ended is sent by none, and no other window asks for another (T078)', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    const before = two.switches();
    assert.equal(await one.authorizer.signOut(), 'complete');
    assert.equal(await one.authorizer.follow(), false, 'it is no news to the window itself');
    assert.equal(await two.authorizer.follow(), true);
    assert.deepEqual(await fields(world, two), []);
    assert.deepEqual([two.switches(), two.accounts.at(-1)], [before + 1, undefined]);
    assert.equal(await two.authorizer.follow(), false, 'it is told once');
    assert.equal(two.browser.asked.length, 0);
  });
});

test('whoever has signed in in another window is who signs the next request here (CACHE6, T078)', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    const [before] = await fields(world, two);
    const switches = two.switches();
    await one.authorizer.signOut();
    await world.call(one);
    assert.equal(await two.authorizer.follow(), false);
    const [after] = await fields(world, two);
    assert.notEqual(after, before);
    assert.deepEqual([after], await fields(world, one));
    assert.equal(two.switches(), switches + 1, 'what was answered to the one before is forgotten');
  });
});

test('tokens that an early renewal takes over from another window are other credentials too (CACHE6)', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    world.clock.advance(0.9 * 3_600_000);
    await one.authorizer.signOut();
    await world.call(one);
    const switches = two.switches();
    await world.call(two);
    assert.equal(two.switches(), switches + 1);
  });
});

test('tokens that have ended in another window are no sign-out there', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    world.as.granted.clear();
    world.as.modes.tokenRequest = (_form, exchange) => (
      json(exchange, 400, { error: 'invalid_grant' }),
      'done'
    );
    const later = world.window({}, { beginSignIn: () => Promise.resolve({ kind: 'later' }) });
    await world.call(later);
    assert.equal(readRecord(world.store.record, world.url.href).tokens, undefined);
    assert.equal(await two.authorizer.follow(), false);
    assert.deepEqual(await fields(world, two), []);
  });
});

test('what is deleted in another window is ended here, whatever this window has stored before', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    await world.call(two);
    world.store.record = undefined;
    assert.deepEqual([await one.authorizer.follow(), await two.authorizer.follow()], [true, true]);
    assert.deepEqual([await fields(world, one), await fields(world, two)], [[], []]);
  });
});

test('a sign-out waits for a renewal in another window, which does not bring the tokens back', async () => {
  await AuthWorld.with(async (world) => {
    const [one, two] = [world.window(), world.window()];
    await world.call(one);
    world.as.granted.clear();
    const [arrived, go] = [new Deferred<void>(), new Deferred<void>()];
    world.as.modes.tokenRequest = async () => {
      arrived.resolve();
      await go.promise;
    };
    const call = world.call(one);
    await arrived.promise;
    const out = two.authorizer.signOut();
    go.resolve();
    assert.deepEqual([await call, await out], ['done', 'complete']);
    assert.equal(readRecord(world.store.record, world.url.href).tokens, undefined);
  });
});

/** What the authorization server does when tokens are to be revoked, and what signing out comes to. */
const REVOCATIONS: readonly (readonly [
  name: string,
  arrange: (world: AuthWorld) => void,
  outcome: string,
])[] = [
  ['takes tokens back', () => undefined, 'complete'],
  [
    'takes no tokens back',
    ({ as }) => (as.modes.metadata = (known) => delete known['revocation_endpoint']),
    'here-only',
  ],
  [
    'refuses to',
    ({ as }) => {
      as.modes.metadata = (known) => Object.assign(known, { revocation_endpoint: `${as.issuer}/refuse` });
      as.modes.other = (exchange) => json(exchange, 503, {});
    },
    'here-only',
  ],
  [
    'is not there',
    ({ as }) => (as.modes.metadata = (_known, exchange) => (json(exchange, 502, {}), 'done')),
    'here-only',
  ],
];

for (const [name, arrange, outcome] of REVOCATIONS)
  test(`signing out where the authorization server ${name} is ${outcome}`, async () => {
    await AuthWorld.with(async (world) => {
      await world.call(world.window());
      arrange(world);
      const fresh = world.window();
      assert.equal(await fresh.authorizer.signOut(), outcome);
      assert.equal(world.as.revoked.length, outcome === 'complete' ? 1 : 0);
      assert.equal(readRecord(world.store.record, world.url.href).tokens, undefined);
      assert.equal(await fresh.authorizer.signOut(), 'complete', 'now there is nothing to take back');
    });
  });

test('tokens of an issuer that the settings have left are forgotten without being told to anybody, and that is said', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    const moved = world.window({ issuer: world.second.issuer });
    assert.equal(await moved.authorizer.signOut(), 'here-only');
    assert.deepEqual(world.as.revoked, []);
  });
});
