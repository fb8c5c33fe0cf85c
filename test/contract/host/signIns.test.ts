/** The host's part of signing in: a browser opens only for what a person has allowed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begun, REQUEST, SIGNAL, World } from './signInWorld';

const PAGE = 'https://as.example/authorize?state=s';

test('while a server is being connected to nobody is asked: it waits for a click (T093)', async () => {
  const world = new World();
  world.running = false;
  const grants = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      world.session(`user/${index}`).requests.beginSignIn(REQUEST, SIGNAL),
    ),
  );
  assert.ok(grants.every(({ kind }) => kind === 'later'));
  assert.deepEqual([world.queue.entries(), world.opened], [[], []]);
});

test('a click on Sign In counts for one question of that server, and the question names everything', async () => {
  const world = new World();
  world.running = false;
  world.signIns.want('user/one');
  const session = world.session();
  const granted = session.requests.beginSignIn(REQUEST, SIGNAL);
  const { subject, serverName } = world.onlyEntry;
  assert.deepEqual(
    [serverName, subject],
    ['one', { kind: 'sign-in', request: REQUEST, host: 'server.example', clicked: true }],
  );
  world.queue.decide(world.onlyEntry.id, { kind: 'allow-once' });
  assert.equal((await granted).kind, 'begin');
  assert.equal((await session.requests.beginSignIn(REQUEST, SIGNAL)).kind, 'later');
  assert.equal((await world.session('user/two').requests.beginSignIn(REQUEST, SIGNAL)).kind, 'later');
});

test('a second click is for the connection that it makes, whatever the one before still asks', async () => {
  const world = new World();
  world.running = false;
  world.signIns.want('user/one');
  const before = world.session();
  world.signIns.want('user/one');
  const now = world.session();
  assert.equal((await before.requests.beginSignIn(REQUEST, SIGNAL)).kind, 'later');
  const granted = now.requests.beginSignIn(REQUEST, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'allow-once' });
  assert.equal((await granted).kind, 'begin');
});

test('a click that led to no question leads to none later', async () => {
  const world = new World();
  world.running = false;
  world.signIns.want('user/one');
  const session = world.session();
  world.signIns.forgetWanted('user/one');
  assert.equal((await session.requests.beginSignIn(REQUEST, SIGNAL)).kind, 'later');
});

test('an answer is to come back where that of an earlier sign-in did, and where the entry says', async () => {
  const world = new World();
  const earlierRedirect = 'http://127.0.0.1:50000/callback';
  await begun(world, world.session(), { ...REQUEST, earlierRedirect });
  await begun(world, world.session('user/two', 'http://127.0.0.1:8765/done'));
  assert.deepEqual(world.expected, [
    [undefined, earlierRedirect],
    ['http://127.0.0.1:8765/done', undefined],
  ]);
});

test('no answer of the person, and no expired question, opens anything', async () => {
  const world = new World();
  const session = world.session();
  const denied = session.requests.beginSignIn(REQUEST, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'deny' });
  assert.equal((await denied).kind, 'denied');
  const expired = session.requests.beginSignIn(REQUEST, SIGNAL);
  world.clock.advance(300_000);
  assert.equal((await expired).kind, 'later');
  const taken = new AbortController();
  const withdrawn = session.requests.beginSignIn(REQUEST, taken.signal);
  taken.abort();
  assert.equal((await withdrawn).kind, 'later');
  assert.deepEqual(world.opened, []);
});

test('a ticket opens one page once, and an unsafe page never (T079)', async () => {
  const world = new World();
  const session = world.session();
  const ticket = await begun(world, session);
  const open = (url: string): ReturnType<typeof session.requests.openSignIn> =>
    session.requests.openSignIn({ ticket, url, state: 's' }, SIGNAL);
  assert.deepEqual(await open(PAGE), { kind: 'callback', url: 'https://back/?x' });
  assert.deepEqual(await open(PAGE), { kind: 'late' });
  assert.deepEqual(await session.requests.openSignIn({ ticket: '77', url: PAGE, state: 's' }, SIGNAL), {
    kind: 'late',
  });
  const other = await begun(world, session);
  await assert.rejects(
    session.requests.openSignIn({ ticket: other, url: 'file:///C:/calc.exe', state: 's' }, SIGNAL),
  );
  assert.deepEqual(world.opened, [PAGE]);
  assert.equal(world.disposed.length, 2, 'no listener is left');
});

test('a browser that never comes back is given up after five minutes, and when the server ends', async () => {
  const world = new World();
  world.answer = (signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
  const session = world.session();
  const late = session.requests.openSignIn(
    { ticket: await begun(world, session), url: PAGE, state: 's' },
    SIGNAL,
  );
  world.clock.advance(300_000);
  assert.deepEqual(await late, { kind: 'late' });
  await begun(world, session);
  session.dispose();
  assert.equal(world.disposed.length, 2);
  assert.equal(world.clock.waiting, 0);
});

test('a way back that is never used is not kept open', async () => {
  const world = new World();
  const session = world.session();
  const ticket = await begun(world, session);
  world.clock.advance(300_000);
  assert.equal(world.disposed.length, 1);
  assert.deepEqual(await session.requests.openSignIn({ ticket, url: PAGE, state: 's' }, SIGNAL), {
    kind: 'late',
  });
  assert.deepEqual([world.opened, world.clock.waiting], [[], 0]);
});

test('a browser that the person gave up is told from one that is late', async () => {
  const world = new World();
  world.answer = () => Promise.resolve(undefined);
  const session = world.session();
  const ticket = await begun(world, session);
  const reply = await session.requests.openSignIn({ ticket, url: PAGE, state: 's' }, SIGNAL);
  assert.deepEqual(reply, { kind: 'dismissed' });
});

test('the redirect that was registered by hand is the one that is used', async () => {
  const world = new World();
  const session = world.session('user/one', 'http://localhost:8765/done');
  const granted = session.requests.beginSignIn(REQUEST, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'allow-once' });
  assert.deepEqual(await granted, {
    kind: 'begin',
    ticket: '1',
    redirectUri: 'http://localhost:8765/done',
  });
});

test('it is told what a person is expected to do, of the server that it is for, until they have done it', async () => {
  const world = new World();
  const told: (readonly [string, unknown])[] = [];
  world.signIns.onDidChange((id) => told.push([id, world.signIns.awaited(id)]));
  const session = world.session();
  const ticket = await begun(world, session);
  assert.equal(world.signIns.awaited('user/two'), undefined);
  await session.requests.openSignIn({ ticket, url: PAGE, state: 's' }, SIGNAL);
  const denied = session.requests.beginSignIn(REQUEST, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'deny' });
  await denied;
  const over = ['user/one', undefined];
  assert.deepEqual(told, [
    ['user/one', 'answer'],
    over,
    ['user/one', 'browser'],
    over,
    ['user/one', 'answer'],
    over,
  ]);
});
