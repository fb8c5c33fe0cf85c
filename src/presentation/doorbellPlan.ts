/** Which notification, if any, points to new entries of the queue. Decides what rings, not how it looks. */

import type { ConsentEntry } from '../host/consentQueue';

/** A notification. */
export type Ring =
  /** The only request: its notification can speak of it, and say no to it. */
  | { readonly kind: 'request'; readonly entry: ConsentEntry }
  /** Servers that wait to start; they are only ever approved after a review. */
  | { readonly kind: 'launches'; readonly entries: readonly ConsentEntry[] }
  /** Several things: the person looks at them first. */
  | { readonly kind: 'several'; readonly count: number };

/**
 * What to ring for.
 * @param waiting all entries of the queue
 * @param fresh ids of those that nobody was told of yet; some may be gone already
 */
export function planRing(waiting: readonly ConsentEntry[], fresh: ReadonlySet<number>): Ring | undefined {
  const news = waiting.filter(({ id }) => fresh.has(id));
  if (news.length === 0) return undefined;
  const launches = waiting.filter(({ subject }) => subject.kind === 'launch');
  if (news.every(({ subject }) => subject.kind === 'launch')) return { kind: 'launches', entries: launches };
  const requests = waiting.filter(({ subject }) => subject.kind !== 'launch');
  const [only] = requests;
  if (requests.length === 1 && only && news.length === 1) return { kind: 'request', entry: only };
  return { kind: 'several', count: waiting.length };
}

/** How long after opening a launch still belongs to it: finding programs on a slow disk takes a while. */
const OPENING_MS = 15_000;
/** Granting trust changes the effective settings, in no certain order. */
const SETTINGS_GRACE_MS = 3_000;

/**
 * Tells launches that wait because the workspace was opened or trusted from those that came later. Only the first kind may open
 * the review by itself, and only once: what an agent or a tool writes into the settings later must not (T019).
 */
export class OpeningBatch {
  private openedAt: number;
  private over = false;
  private announced = false;

  /** @param now milliseconds of any clock that does not go back, here and below */
  constructor(now: number) {
    this.openedAt = now;
  }

  /** The person trusted the workspace: servers are only looked at now. */
  onTrusted(now: number): void {
    this.openedAt = now;
    this.over = false;
    this.announced = false;
  }

  /** What waits from now on comes from a change of the settings, unless trust itself has just brought them into effect. */
  onSettingsChanged(now: number): void {
    if (now - this.openedAt > SETTINGS_GRACE_MS) this.over = true;
  }

  /** A launch began to wait. @returns what to do about it */
  onLaunch(now: number): 'open-review' | 'part-of-opening' | 'ring' {
    if (this.over || now - this.openedAt > OPENING_MS) return 'ring';
    if (this.announced) return 'part-of-opening';
    this.announced = true;
    return 'open-review';
  }
}
