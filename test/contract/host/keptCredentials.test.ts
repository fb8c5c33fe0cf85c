/** The credentials of sign-ins: what is kept, and who may work on it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SIGNAL, World } from './signInWorld';

test('credentials are kept per server, and a store that fails is never an empty one (T095)', async () => {
  const world = new World();
  const [one, two] = [world.session('user/one'), world.session('user/two')];
  await one.requests.saveCredentials({ record: 'of one' }, SIGNAL);
  assert.equal(await one.requests.loadCredentials(undefined, SIGNAL), 'of one');
  assert.equal(await two.requests.loadCredentials(undefined, SIGNAL), undefined);
  await assert.rejects(one.requests.saveCredentials({ record: 'x'.repeat(65_537) }, SIGNAL));
  assert.equal(await one.requests.loadCredentials(undefined, SIGNAL), 'of one');
  world.failing = true;
  const failure = await one.requests.loadCredentials(undefined, SIGNAL).catch((error: unknown) => error);
  assert.ok(failure instanceof Error && !JSON.stringify(failure).includes('CANARY'));
  world.failing = false;
  await one.requests.saveCredentials({ record: undefined }, SIGNAL);
  assert.equal(world.secrets.size, 0);
});

test('one at a time works on credentials, and a connection that ends gives its turn back (T088)', async () => {
  const world = new World();
  const [first, second] = [world.session(), world.session()];
  await first.requests.lockCredentials(undefined, SIGNAL);
  let isHeld = false;
  const waiting = second.requests.lockCredentials(undefined, SIGNAL).then((lease) => {
    isHeld = true;
    return lease;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isHeld, false);
  first.dispose();
  const lease = await waiting;
  await second.requests.unlockCredentials({ lease }, SIGNAL);
  await first.requests.lockCredentials(undefined, SIGNAL);
});

test('what is kept is forgotten only when no window works on it, and it is said that nobody was told', async () => {
  const world = new World();
  const session = world.session();
  await session.requests.saveCredentials({ record: 'tokens' }, SIGNAL);
  const lease = await session.requests.lockCredentials(undefined, SIGNAL);
  const forgotten = world.signIns.forget('credentials/user/one');
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(world.secrets.size, 1);
  await session.requests.saveCredentials({ record: 'renewed tokens' }, SIGNAL);
  await session.requests.unlockCredentials({ lease }, SIGNAL);
  assert.deepEqual([await forgotten, world.secrets.size], ['here-only', 0]);
  assert.equal(await world.signIns.forget('credentials/user/one'), 'complete');
});

test('a connection hears of changes of its own credentials until it ends', () => {
  const world = new World();
  const session = world.session();
  let heard = 0;
  session.onKept(() => heard++);
  world.kept.fire('credentials/user/one');
  world.kept.fire('credentials/user/two');
  session.dispose();
  world.kept.fire('credentials/user/one');
  assert.equal(heard, 1);
});
