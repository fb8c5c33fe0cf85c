/** The host's part of signing in: what is kept, who may work on it, and that a browser opens only for what a person has allowed. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Emitter } from '../../../src/base/event';
import type { SignInRequest } from '../../../src/client/contract';
import { ConsentQueue } from '../../../src/host/consentQueue';
import type { PendingRedirect } from '../../../src/host/ports';
import { SignIns, type SignInSession } from '../../../src/host/signIns';
import { FakeClock } from '../../support/fakeClock';
import { MemoryLocks } from '../../support/memoryLocks';

const REQUEST: SignInRequest = {
  issuer: 'https://as.example',
  resource: 'https://server.example/mcp',
  scopes: ['read'],
  reason: 'sign-in',
};
const PAGE = 'https://as.example/authorize?state=s';

class World {
  readonly clock = new FakeClock();
  readonly queue = new ConsentQueue(this.clock);
  readonly secrets = new Map<string, string>();
  readonly kept = new Emitter<string>();
  readonly opened: string[] = [];
  readonly disposed: string[] = [];
  /** Where answers were to come back: as the entry says, and as the sign-in before. */
  readonly expected: (readonly [string | undefined, string | undefined])[] = [];
  failing = false;
  running = true;
  answer: (signal: AbortSignal) => Promise<string | undefined> = () => Promise.resolve('https://back/?x');
  readonly signIns = new SignIns(
    {
      clock: this.clock,
      locks: new MemoryLocks(),
      secrets: {
        onDidChange: this.kept.event,
        get: (key) =>
          this.failing ? Promise.reject(new Error('CANARY')) : Promise.resolve(this.secrets.get(key)),
        set: (key, value) => {
          if (this.failing) return Promise.reject(new Error('CANARY'));
          this.secrets.set(key, value);
          return Promise.resolve();
        },
        delete: (key) => {
          this.secrets.delete(key);
          return Promise.resolve();
        },
      },
      signIn: {
        expectRedirect: (wanted, earlier) => {
          this.expected.push([wanted, earlier]);
          return Promise.resolve(this.redirect(wanted));
        },
      },
    },
    this.queue,
  );

  session(serverId = 'user/one', redirectUri?: string): SignInSession {
    return this.signIns.session(
      {
        serverId,
        serverName: 'one',
        host: 'server.example',
        credentials: `credentials/${serverId}`,
        ...(redirectUri === undefined ? {} : { redirectUri }),
      },
      () => this.running,
    );
  }

  private redirect(wanted = 'http://127.0.0.1:9/callback'): PendingRedirect {
    return {
      uri: wanted,
      open: (url, _state, _name, signal) => {
        this.opened.push(url);
        return this.answer(signal);
      },
      dispose: () => void this.disposed.push(wanted),
    };
  }

  get onlyEntry(): ReturnType<ConsentQueue['entries']>[number] {
    const [entry, ...more] = this.queue.entries();
    assert.ok(entry && more.length === 0, 'one question waits');
    return entry;
  }
}

const SIGNAL = new AbortController().signal;

async function begun(world: World, session: SignInSession, request = REQUEST): Promise<string> {
  const granted = session.requests.beginSignIn(request, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'allow-once' });
  const grant = await granted;
  assert.ok(grant.kind === 'begin', JSON.stringify(grant));
  return grant.ticket;
}

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
