/** One request in flight for all who want its answer at the same time; it is taken back when nobody waits for it any more. */

import type { CancelSignal } from '../base/cancelSignal';
import { Deferred } from '../base/deferred';
import { FailureError } from '../protocol/failure';

interface Flight<T> {
  readonly answer: Promise<T>;
  readonly abort: AbortController;
  waiting: number;
}

export class SharedRequest<T> {
  private flight: Flight<T> | undefined;

  constructor(private readonly send: (signal: CancelSignal) => Promise<T>) {}

  get isInFlight(): boolean {
    return this.flight !== undefined;
  }

  /**
   * The answer of the request that is in flight, or of a new one.
   * @throws FailureError `cancelled` when `signal` aborts, or what the request is rejected with.
   */
  async join(signal: CancelSignal): Promise<T> {
    const cancelled = new Deferred<never>();
    const onAbort = (): void => cancelled.reject(new FailureError({ code: 'cancelled' }));
    if (signal.aborted) throw new FailureError({ code: 'cancelled' });
    signal.addEventListener('abort', onAbort, { once: true });
    const flight = (this.flight ??= this.start());
    flight.waiting++;
    try {
      return await Promise.race([flight.answer, cancelled.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (--flight.waiting === 0) this.end(flight);
    }
  }

  private start(): Flight<T> {
    const abort = new AbortController();
    return { answer: this.send(abort.signal), abort, waiting: 0 };
  }

  private end(flight: Flight<T>): void {
    if (this.flight === flight) this.flight = undefined;
    flight.abort.abort();
  }
}
