/**
 * Asks once more: at once when the connection broke under the request, and when a server is busy after the time that it says. For lists and
 * reads only: a tool is never called twice.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { pauseFor } from '../base/pauseFor';
import { FailureError, isBusy, toFailure, type Failure } from '../protocol/failure';
import { LONGEST_ASKED_MS } from './losses';

/** Whatever a busy server says, it is left alone for this long. */
const SHORTEST_MS = 1_000;

/** For one list with all its pages, or one read. */
export class Patience {
  private spent = false;
  private askedAgain = false;
  private waited = 0;

  /** @param onWait is told before the wait, in milliseconds. */
  constructor(
    private readonly clock: Clock,
    private readonly onWait: (ms: number) => void,
  ) {}

  /** Milliseconds that were waited so far. */
  get waitedMs(): number {
    return this.waited;
  }

  /** @throws FailureError `cancelled` when `signal` aborts meanwhile; what `work` is rejected with */
  async run<T>(work: () => Promise<T>, signal: CancelSignal): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const ms = signal.aborted ? undefined : this.pauseAfter(toFailure(error));
        if (ms === undefined) throw error;
        if (ms === 0) continue;
        this.onWait(ms);
        await pauseFor(ms, this.clock, signal);
        this.waited += ms;
        if (signal.aborted) throw new FailureError({ code: 'cancelled' });
      }
    }
  }

  /** Milliseconds until it is asked again, or undefined when it is not. Each of the two reasons counts once. */
  private pauseAfter(failure: Failure): number | undefined {
    if (isBroken(failure)) {
      if (this.askedAgain) return undefined;
      this.askedAgain = true;
      return 0;
    }
    const ms = this.spent ? undefined : waitAskedFor(failure);
    if (ms !== undefined) this.spent = true;
    return ms;
  }
}

/** A kept connection that the server had closed meanwhile, or an answer that was cut: the request is lost, the server is there (HTTPM7). */
function isBroken(failure: Failure): boolean {
  return failure.code === 'answer-lost' || (failure.code === 'network' && failure.problem === 'cut');
}

/** Only what says itself when it wants to be asked again is asked again. */
function waitAskedFor(failure: Failure): number | undefined {
  const retryAfterMs = isBusy(failure) ? failure.retryAfterMs : undefined;
  if (retryAfterMs === undefined) return undefined;
  return retryAfterMs > LONGEST_ASKED_MS ? undefined : Math.max(SHORTEST_MS, retryAfterMs);
}
