/** Servers that name more than one authorization server (RFC 9728 §7.6). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

test('of several authorization servers the one is kept that the tokens are from, wherever it stands (AUTH4)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.granted.clear();
    world.modes.metadata = (fields) =>
      void (fields['authorization_servers'] = [world.second.issuer, world.as.issuer]);
    assert.equal(await world.call(window), 'done');
    assert.equal(world.as.tokenRequests('refresh_token').length, 1);
    assert.deepEqual([world.second.http.exchanges, window.browser.asked.length], [[], 1]);
  });
});

test('of several authorization servers the first one is signed in to, and the one that the settings name before it', async () => {
  for (const isPinned of [false, true])
    await AuthWorld.with(async (world) => {
      world.modes.metadata = (fields) =>
        void (fields['authorization_servers'] = [world.as.issuer, world.second.issuer]);
      const window = world.window(isPinned ? { issuer: world.second.issuer } : {});
      assert.equal(await world.call(window), 'done');
      const [chosen, other] = isPinned ? [world.second, world.as] : [world.as, world.second];
      assert.equal(window.browser.asked[0]?.issuer, chosen.issuer);
      assert.deepEqual(other.http.exchanges, []);
    });
});

test('an authorization server that is gone does not stand in the way of the next one', async () => {
  for (const gone of ['http://127.0.0.1:1', 'http://169.254.169.254'])
    await AuthWorld.with(async (world) => {
      world.modes.metadata = (fields) => void (fields['authorization_servers'] = [gone, world.as.issuer]);
      const window = world.window();
      assert.equal(await world.call(window), 'done');
      assert.equal(window.browser.asked[0]?.issuer, world.as.issuer);
    });
});

test('when none of them is there, what is wrong with the first is told, and few are asked', async () => {
  await AuthWorld.with(async (world) => {
    world.as.modes.metadata = (_, exchange) => (json(exchange, 404, {}), 'done');
    const { issuer } = world.as;
    const names = ['http://127.0.0.1:1', ...[1, 2, 3, 4].map((each) => `${issuer}/${each}`)];
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = names);
    const failure = await world.call(world.window());
    assert.ok(failure !== 'done' && failure.code === 'network' && failure.problem === 'refused');
    assert.deepEqual(
      ['1', '2', '3'].map((each) => world.as.paths.some((path) => path.endsWith(`/${each}`))),
      [true, true, false],
    );
  });
});

test('what the settings hold to sign in with, and tokens, stay with the one they are for', async () => {
  await AuthWorld.with(async (world) => {
    const { as, second } = world;
    const names = ['http://127.0.0.1:1', second.issuer];
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = names);
    const failure = await world.call(world.window({ clientId: 'mine', clientSecret: 'very-secret-value' }));
    assert.equal(failure !== 'done' && failure.code, 'network');
    names[0] = as.issuer;
    await world.call(world.window());
    as.granted.clear();
    as.modes.metadata = (_, exchange) => (json(exchange, 503, {}), 'done');
    const later = await world.call(world.window());
    assert.ok(later !== 'done' && later.code === 'authorization', JSON.stringify(later));
    assert.deepEqual(second.http.exchanges, []);
  });
});
