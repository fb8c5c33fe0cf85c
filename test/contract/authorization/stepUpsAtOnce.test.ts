/** Calls that are under way at once and lack different rights: each is a question of its own (AUTH19, T092). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SignInGrant, SignInRequest } from '../../../src/authorization/contract';
import { Deferred } from '../../../src/base/deferred';
import { settled } from '../http/remote';
import { AuthWorld, type Window } from './world';

/** A person who answers when the test does. */
interface Asked {
  readonly request: SignInRequest;
  readonly signal: AbortSignal;
  readonly answer: Deferred<SignInGrant>;
}

class Rights {
  readonly asked: Asked[] = [];
  readonly window: Window;

  private constructor(readonly world: AuthWorld) {
    const { browser } = world.window();
    this.window = world.window(
      {},
      {
        beginSignIn: (request, signal) => {
          const answer = new Deferred<SignInGrant>();
          this.asked.push({ request, signal, answer });
          signal.addEventListener('abort', () => answer.reject(new Error('taken back')));
          return answer.promise;
        },
        openSignIn: browser.openSignIn,
      },
    );
  }

  /** Signed in to a server each of whose tools needs the right of its name. */
  static async with(use: (rights: Rights) => Promise<void>): Promise<void> {
    await AuthWorld.with(async (world) => {
      await world.call(world.window());
      world.modes.refuse = ({ body, headers, response }) => {
        const { tool } = body as { readonly tool?: string };
        const token = headers.authorization?.split(' ')[1] ?? '';
        const rights = tool?.split('+') ?? [];
        const granted = world.as.granted.get(token);
        if (!granted || rights.every((right) => granted.scopes.includes(right))) return false;
        const scope = tool === 'nameless' ? '' : `, scope="${rights.join(' ')}"`;
        const challenge = `Bearer error="insufficient_scope"${scope}`;
        response.writeHead(403, { 'www-authenticate': challenge }).end();
        return true;
      };
      await use(new Rights(world));
    });
  }

  /** Calls tools, and waits until each has been refused. */
  async call(...tools: readonly string[]): Promise<Promise<string>[]> {
    const refusals = this.refusals + tools.length;
    const calls = tools.map(async (tool) => outcome(await this.world.call(this.window, tool)));
    await settled(() => this.refusals === refusals);
    return calls;
  }

  /** The question with this number, once it is asked. */
  async question(index: number): Promise<Asked> {
    await settled(() => this.asked.length > index);
    const question = this.asked[index];
    assert.ok(question);
    return question;
  }

  /** Answers yes to a question for exactly these new rights. */
  async allow(index: number, ...rights: readonly string[]): Promise<void> {
    const { request, answer } = await this.question(index);
    assert.deepEqual(request.newScopes, rights);
    answer.resolve({ kind: 'begin', ticket: 't', redirectUri: 'http://127.0.0.1:33999/callback' });
  }

  get refusals(): number {
    return this.world.calls.filter((status) => status === 403).length;
  }
}

type Outcome = Awaited<ReturnType<AuthWorld['call']>>;

function outcome(of: Outcome): string {
  return of === 'done' ? of : of.code;
}

test('each call that lacks another right gets a question of its own, and none is refused for the others', async () => {
  await Rights.with(async (rights) => {
    const calls = await rights.call('a', 'b', 'c', 'd');
    for (const [index, right] of ['a', 'b', 'c', 'd'].entries()) await rights.allow(index, right);
    assert.deepEqual(await Promise.all(calls), ['done', 'done', 'done', 'done']);
    assert.equal(rights.refusals, 4, 'each is sent again only with its right');
    assert.deepEqual(rights.asked.at(-1)?.request.scopes, ['a', 'b', 'c', 'd']);
  });
});

test('a no to one right is none to another', async () => {
  await Rights.with(async (rights) => {
    const calls = await rights.call('a', 'b');
    (await rights.question(0)).answer.resolve({ kind: 'denied' });
    await rights.allow(1, 'b');
    assert.deepEqual(await Promise.all(calls), ['sign-in-closed', 'done']);
  });
});

test('a call that is not told what it lacks has no part in the questions of others', async () => {
  await Rights.with(async (rights) => {
    const calls = await rights.call('a', 'nameless');
    (await rights.question(0)).answer.resolve({ kind: 'denied' });
    assert.deepEqual(await Promise.all(calls), ['sign-in-closed', 'authorization']);
    assert.equal(rights.asked.length, 1);
  });
});

test('calls that lack the same are one question, as are those that lack less', async () => {
  await Rights.with(async (rights) => {
    const calls = await rights.call('a+b', 'a', 'a+b', 'b');
    await rights.allow(0, 'a', 'b');
    assert.deepEqual(await Promise.all(calls), ['done', 'done', 'done', 'done']);
    const others = await rights.call('c', 'c');
    (await rights.question(1)).answer.resolve({ kind: 'denied' });
    assert.deepEqual(await Promise.all(others), ['sign-in-closed', 'sign-in-closed']);
    assert.equal(rights.asked.length, 2);
  });
});

test('a question ends with the calls that it is for, and those that wait for its end ask theirs', async () => {
  await Rights.with(async (rights) => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { world, window } = rights;
    const refused = (count: number): Promise<void> => settled(() => rights.refusals === count);
    const a = world.call(window, 'a', first);
    const { signal } = await rights.question(0);
    const b = world.call(window, 'b', second);
    await refused(2);
    const c = world.call(window, 'c');
    await refused(3);
    second.abort();
    assert.equal(outcome(await b), 'cancelled');
    assert.equal(signal.aborted, false);
    first.abort();
    assert.equal(outcome(await a), 'cancelled');
    assert.equal(signal.aborted, true);
    await rights.allow(1, 'c');
    assert.equal(await c, 'done');
  });
});

test('a call whose token has ended is not refused for a no to the rights of another', async () => {
  await Rights.with(async (rights) => {
    const { world, window } = rights;
    const [more] = await rights.call('a');
    const { answer } = await rights.question(0);
    world.as.granted.clear();
    const again = world.call(window);
    await settled(() => world.calls.at(-1) === 401);
    answer.resolve({ kind: 'denied' });
    assert.equal(await more, 'sign-in-closed');
    assert.equal(await again, 'done', 'the token is renewed');
    assert.equal(rights.asked.length, 1);
  });
});

test('a right that another window is just about to store is asked for by nobody else', async () => {
  await Rights.with(async (rights) => {
    const { world } = rights;
    const { browser } = world.window();
    const stored = new Deferred<undefined>();
    let isSignedIn = false;
    const other = world.window(
      {},
      {
        beginSignIn: browser.beginSignIn,
        openSignIn: async (...page) => {
          const reply = await browser.openSignIn(...page);
          // What is to be stored comes behind this, and before the other window's own look.
          void world.store.exclusively(() => stored.promise);
          isSignedIn = true;
          return reply;
        },
      },
    );
    const first = world.call(other, 'a');
    await settled(() => isSignedIn);
    const [second] = await rights.call('a');
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    stored.resolve(undefined);
    assert.deepEqual([outcome(await first), await second], ['done', 'done']);
    assert.deepEqual([rights.asked.length, browser.asked.length], [0, 1]);
  });
});
