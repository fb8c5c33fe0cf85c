/** Work that is under way once at a time, for everyone who needs its outcome. When nobody waits for it any more it is told to end. */

import type { CancelSignal } from './cancelSignal';
import { Deferred } from './deferred';

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export class SharedWork<T> {
  private flight: Flight<T> | undefined;

  /** @param cancelled makes what those are rejected with who do not want to wait any longer */
  constructor(private readonly cancelled: () => Error) {}

  get isUnderWay(): boolean {
    return this.flight !== undefined;
  }

  /**
   * The outcome of the work that is under way, whatever it is for, or of a new one.
   * @throws `cancelled` when `signal` aborts, or what the work is rejected with.
   */
  async join(start: (signal: AbortSignal) => Promise<T>, signal: CancelSignal): Promise<T> {
    if (signal.aborted) throw this.cancelled();
    const left = new Deferred<never>();
    const onAbort = (): void => left.reject(this.cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    const flight = (this.flight ??= this.start(start));
    flight.waiting++;
    try {
      return await Promise.race([flight.outcome, left.promise]);
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
