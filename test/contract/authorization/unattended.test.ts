/** Requests that nobody waits for, as streams of a server: tokens are renewed for them, and no person is asked (T070). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ChallengedAnswer } from '../../../src/authorization/contract';
import { AuthWorld, type Window } from './world';

/** What becomes of a request that leaves with what there is, and is refused. */
async function refusedUnattended(
  world: AuthWorld,
  { authorizer }: Window,
  answer: Partial<ChallengedAnswer> = {},
): Promise<unknown> {
  const used = await authorizer.headersFor({ method: 'GET', url: world.url }, world.signal);
  return await authorizer.challenged(
    { status: 401, headers: {}, used, attempt: 1, isUnattended: true, ...answer },
    world.signal,
  );
}

test('tokens that are over are renewed for a request that nobody waits for', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.granted.clear();
    assert.equal(await refusedUnattended(world, window), 'retry');
    assert.equal(world.as.tokenRequests('refresh_token').length, 1);
    assert.equal(await world.call(window), 'done');
    assert.equal(window.browser.asked.length, 1, 'only before');
  });
});

test('where a person would have to sign in, a request that nobody waits for is refused, and a call asks all the same', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    const needed = { code: 'sign-in-needed', issuer: world.as.issuer, scopes: [] };
    for (let round = 0; round < 3; round++) assert.deepEqual(await refusedUnattended(world, window), needed);
    assert.deepEqual(window.browser.asked, []);
    assert.deepEqual(await Promise.all([refusedUnattended(world, window), world.call(window)]), [
      needed,
      'done',
    ]);
    assert.equal(window.browser.asked.length, 1);
    world.as.granted.clear();
    world.as.refreshTokens.clear();
    assert.deepEqual(await refusedUnattended(world, window), needed);
    assert.equal(window.browser.asked.length, 1);
  });
});

test('more rights are not asked for a request that nobody waits for', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    const headers = { 'www-authenticate': 'Bearer error="insufficient_scope", scope="more"' };
    assert.deepEqual(await refusedUnattended(world, window, { status: 403, headers }), {
      code: 'authorization',
      problem: 'insufficient-scope',
    });
    assert.equal(window.browser.asked.length, 1);
  });
});
