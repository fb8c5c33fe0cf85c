/** Waits once for a server that is busy and says for how long, and then asks again. For lists and reads only: a tool is never called twice. */

import type { Clock } from '../base/clock';
import { pauseFor } from '../base/pauseFor';
import { FailureError, isBusy, toFailure, type Failure } from '../protocol/failure';

/** A server that wants to be left alone for longer is told to the person instead (T071). */
const LONGEST_MS = 600_000;
const SHORTEST_MS = 1_000;

/** For one list with all its pages, or one read. */
export class Patience {
  private spent = false;
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
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const ms = this.spent || signal.aborted ? undefined : waitAskedFor(toFailure(error));
      if (ms === undefined) throw error;
      this.spent = true;
      this.onWait(ms);
      await pauseFor(ms, this.clock, signal);
      this.waited += ms;
      if (signal.aborted) throw new FailureError({ code: 'cancelled' });
      return await work();
    }
  }
}

/** Only what says itself when it wants to be asked again is asked again. */
function waitAskedFor(failure: Failure): number | undefined {
  const retryAfterMs = isBusy(failure) ? failure.retryAfterMs : undefined;
  if (retryAfterMs === undefined) return undefined;
  return retryAfterMs > LONGEST_MS ? undefined : Math.max(SHORTEST_MS, retryAfterMs);
}
