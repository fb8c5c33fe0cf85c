/**
 * What gets lost on the way to a server and back: which failures say nothing of what was asked, how long to wait before it is asked again,
 * and when to give up. One instance counts the losses in a row of one kind of request.
 */

import type { Clock } from '../base/clock';
import { isBusy, type Failure } from '../protocol/failure';

/** A server that cannot be reached for longer is given up, in milliseconds. */
const GIVE_UP_MS = 300_000;
/** Longest pause that is our own idea. */
const LONGEST_PAUSE_MS = 60_000;
/** A server that wants to be left alone for longer, in milliseconds, is told to the person instead (T071). */
export const LONGEST_ASKED_MS = 600_000;

/** True for a request that got lost, or its answer: it says nothing of its subject, and asking again does no harm. */
export function isLostOnTheWay(failure: Failure): boolean {
  switch (failure.code) {
    case 'network':
    case 'answer-lost':
    case 'timeout':
      return true;
    case 'http-error':
      return failure.status === 429 || failure.status >= 500;
    case 'server-error':
      return isBusy(failure);
    default:
      return false;
  }
}

/** Milliseconds for which a server wants to be left alone, as far as that is heeded; 0 when it says nothing. */
export function pauseAskedFor(failure: Failure | undefined): number {
  const asked = failure && 'retryAfterMs' in failure ? failure.retryAfterMs : undefined;
  return Math.min(LONGEST_ASKED_MS, asked ?? 0);
}

export class Losses {
  private count = 0;
  private since = 0;
  private latest: Failure | undefined;

  constructor(private readonly clock: Clock) {}

  /** Why nothing comes through at the moment. */
  get last(): Failure | undefined {
    return this.latest;
  }

  /**
   * Takes one more failure.
   * @param pauseMs before the first new try; doubled with each further loss.
   * @returns milliseconds to wait before the next try; undefined when there is none, because it was no loss or has lasted too long.
   */
  pauseAfter(failure: Failure, pauseMs: number): number | undefined {
    if (!isLostOnTheWay(failure)) return undefined;
    this.latest = failure;
    const now = this.clock.monotonic();
    if (this.count++ === 0) this.since = now;
    if (now - this.since >= GIVE_UP_MS) return undefined;
    const ours = Math.min(LONGEST_PAUSE_MS, pauseMs * 2 ** (this.count - 1));
    const asked = 'retryAfterMs' in failure ? failure.retryAfterMs : undefined;
    if (asked === undefined) return ours;
    if (asked > LONGEST_ASKED_MS) return undefined;
    // For as long as a server wants to be left alone, it is not one that cannot be reached.
    this.since += asked;
    return Math.max(ours, asked);
  }

  /** Something came through. */
  end(): void {
    this.count = 0;
    this.latest = undefined;
  }
}
