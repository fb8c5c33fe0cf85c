/**
 * One flow under way at a time, joined by everyone who needs its outcome. When nobody waits for it any more it is told to end, and does so
 * where it can: what is being handed in for tokens, and what comes back, is brought to its end.
 */

import { Deferred } from '../base/deferred';
import { FailureError } from '../protocol/failure';

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export class SharedFlow<T> {
  private flight: Flight<T> | undefined;

  get isUnderWay(): boolean {
    return this.flight !== undefined;
  }

  /**
   * The outcome of the flow that is under way, whatever it is for, or of a new one.
   * @throws FailureError `cancelled` when `signal` aborts, or what the flow is rejected with.
   */
  async join(start: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw new FailureError({ code: 'cancelled' });
    const cancelled = new Deferred<never>();
    const onAbort = (): void => cancelled.reject(new FailureError({ code: 'cancelled' }));
    signal.addEventListener('abort', onAbort, { once: true });
    const flight = (this.flight ??= this.start(start));
    flight.waiting++;
    try {
      return await Promise.race([flight.outcome, cancelled.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (--flight.waiting === 0) this.end(flight);
    }
  }

  private start(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight: Flight<T> = { outcome: start(abort.signal), abort, waiting: 0 };
    const over = (): void => {
      if (this.flight === flight) this.flight = undefined;
    };
    flight.outcome.then(over, over);
    return flight;
  }

  private end(flight: Flight<T>): void {
    if (this.flight === flight) this.flight = undefined;
    flight.abort.abort();
  }
}
