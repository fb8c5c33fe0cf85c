/** Work that is under way once at a time, for everyone who needs its outcome. When nobody waits for it any more it is told to end. */

import type { CancelSignal } from './cancelSignal';
import { Deferred } from './deferred';

interface Flight<T> {
  readonly outcome: Promise<T>;
  readonly abort: AbortController;
  /** Resolved when nothing is under way any more. */
  readonly over: Deferred<void>;
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
    const flight = (this.flight ??= this.start(start));
    flight.waiting++;
    try {
      return await this.unlessAborted(flight.outcome, signal);
    } finally {
      if (--flight.waiting === 0) this.end(flight);
    }
  }

  /**
   * Resolves when nothing is under way any more, however it ends; who waits for that does not keep it going.
   * @throws `cancelled` when `signal` aborts
   */
  async idle(signal: CancelSignal): Promise<void> {
    if (this.flight) await this.unlessAborted(this.flight.over.promise, signal);
  }

  private async unlessAborted<O>(outcome: Promise<O>, signal: CancelSignal): Promise<O> {
    if (signal.aborted) throw this.cancelled();
    const left = new Deferred<never>();
    const onAbort = (): void => left.reject(this.cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([outcome, left.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  private start(start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const flight = { outcome: start(abort.signal), abort, over: new Deferred<void>(), waiting: 0 };
    const over = (): void => this.leave(flight);
    flight.outcome.then(over, over);
    return flight;
  }

  private end(flight: Flight<T>): void {
    this.leave(flight);
    flight.abort.abort();
  }

  private leave(flight: Flight<T>): void {
    if (this.flight === flight) this.flight = undefined;
    flight.over.resolve();
  }
}
