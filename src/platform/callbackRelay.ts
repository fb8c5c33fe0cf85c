/**
 * Hands the answer of an authorization server to the window that waits for it, when the system gave it to another one (T085): through
 * the secret store, which all windows share. It knows no browser; any page can cause an entry, so they are few and stay for a minute.
 */

import { createHash } from 'node:crypto';

import type * as vscode from 'vscode';

import type { Clock } from '../base/clock';
import { isObject, own, ownString } from '../base/json';

const PREFIX = 'redirect/';
/** How long an entry waits to be taken. */
const KEEP_MS = 60_000;
/** Entries at a time; a sign-in whose answer finds no room is finished by pasting the address. */
const MAX_ENTRIES = 8;

/** What of the secret store is needed. */
export type RelayStore = Pick<vscode.SecretStorage, 'keys' | 'get' | 'store' | 'delete'>;

export class CallbackRelay {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: RelayStore,
    private readonly clock: Clock,
  ) {}

  /** True for the key under which an answer with this state lies. */
  isFor(key: string, state: string): boolean {
    return key === keyOf(state);
  }

  /** Leaves an answer for another window. Never rejects. */
  leave(state: string, address: string): Promise<void> {
    return this.alone(async () => {
      if ((await this.removeOld()) >= MAX_ENTRIES) return;
      const key = keyOf(state);
      await this.store.store(key, JSON.stringify({ at: this.clock.wall(), address }));
      this.removeLater(key, KEEP_MS);
    });
  }

  /** Takes an answer that another window has left, if it is there. */
  async take(state: string): Promise<string | undefined> {
    const key = keyOf(state);
    const entry = readEntry(await this.store.get(key));
    if (entry) await this.store.delete(key);
    return entry?.address;
  }

  /** Removes what windows have left behind that were closed before they could do so. Never rejects. */
  sweep(): Promise<void> {
    return this.alone(async () => {
      await this.removeOld();
    });
  }

  /** @returns how many are left, each of which will be removed when its time is over */
  private async removeOld(): Promise<number> {
    let left = 0;
    for (const key of await this.store.keys()) {
      if (!key.startsWith(PREFIX)) continue;
      const entry = readEntry(await this.store.get(key));
      const age = entry && this.clock.wall() - entry.at;
      // One from the future is of a clock that was set back since.
      if (age === undefined || age < 0 || age >= KEEP_MS) await this.store.delete(key);
      else {
        left++;
        this.removeLater(key, KEEP_MS - age);
      }
    }
    return left;
  }

  private removeLater(key: string, ms: number): void {
    this.clock.schedule(ms, () => void this.alone(async () => this.store.delete(key)));
  }

  private alone(work: () => Promise<void>): Promise<void> {
    // A store that does not work has nothing that could be removed, and the address can still be pasted.
    this.last = this.last.then(work).catch(() => undefined);
    return this.last;
  }
}

function readEntry(text: string | undefined): { readonly at: number; readonly address: string } | undefined {
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // No entry of this version.
  }
  if (!isObject(value)) return undefined;
  const [at, address] = [own(value, 'at'), ownString(value, 'address')];
  return typeof at === 'number' && address !== undefined ? { at, address } : undefined;
}

function keyOf(state: string): string {
  return `${PREFIX}${createHash('sha256').update(state).digest('hex')}`;
}
