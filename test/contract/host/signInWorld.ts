/** What signing in needs of the host, with a browser and a store of secrets that a test holds. */

import assert from 'node:assert/strict';

import { Emitter } from '../../../src/base/event';
import type { SignInRequest } from '../../../src/client/contract';
import { ConsentQueue } from '../../../src/host/consentQueue';
import type { PendingRedirect } from '../../../src/host/ports';
import { SignIns, type SignInSession } from '../../../src/host/signIns';
import { FakeClock } from '../../support/fakeClock';
import { MemoryLocks } from '../../support/memoryLocks';

/** What a client asks for when it needs a person to sign in. */
export const REQUEST: SignInRequest = {
  issuer: 'https://as.example',
  resource: 'https://server.example/mcp',
  scopes: ['read'],
  reason: 'sign-in',
};

export class World {
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

/** That of a request which nobody takes back. */
export const SIGNAL = new AbortController().signal;

/** The ticket of a sign-in that the person has allowed. */
export async function begun(world: World, session: SignInSession, request = REQUEST): Promise<string> {
  const granted = session.requests.beginSignIn(request, SIGNAL);
  world.queue.decide(world.onlyEntry.id, { kind: 'allow-once' });
  const grant = await granted;
  assert.ok(grant.kind === 'begin', JSON.stringify(grant));
  return grant.ticket;
}
