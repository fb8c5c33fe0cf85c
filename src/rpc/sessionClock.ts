/** Request deadlines on a clock that stands still while a person is asked something on the server's behalf. */

import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/disposable';
import type { Failure } from '../protocol/failure';

/** The two limits of a request in milliseconds. */
export interface Deadlines {
  /** Without a sign of life. */
  readonly idle: number;
  /** In all. */
  readonly total: number;
}

/** A running pair of deadlines. */
export interface RunningDeadline extends Disposable {
  /** A sign of life: the idle limit starts again. */
  touch(): void;
}

/** The clock of one session. Pauses nest. */
export class SessionClock {
  private pauses = 0;
  private pausedAt = 0;
  private stoodStill = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  /** Stops the clock until the result is disposed. */
  pause(): Disposable {
    if (this.pauses++ === 0) this.pausedAt = this.clock.monotonic();
    return toDisposable(() => {
      if (--this.pauses > 0) return;
      this.stoodStill += this.clock.monotonic() - this.pausedAt;
      const waiting = [...this.waiting];
      this.waiting.clear();
      for (const resume of waiting) resume();
    });
  }

  /** Starts the deadlines of one request; `onExpired` is called at most once. */
  start(deadlines: Deadlines, onExpired: (failure: Failure) => void): RunningDeadline {
    const startedAt = this.now();
    let aliveAt = startedAt;
    let timer: Disposable | undefined;
    let done = false;
    const arm = (): void => {
      if (done) return;
      if (this.pauses > 0) {
        this.waiting.add(arm);
        return;
      }
      const now = this.now();
      const idleLeft = aliveAt + deadlines.idle - now;
      const totalLeft = startedAt + deadlines.total - now;
      if (totalLeft <= 0) return expire({ code: 'timeout', ms: deadlines.total, limit: 'total' });
      if (idleLeft <= 0) return expire({ code: 'timeout', ms: deadlines.idle, limit: 'idle' });
      // At least 1 ms: timers may fire a fraction early and must not spin.
      timer = this.clock.schedule(Math.max(1, Math.ceil(Math.min(idleLeft, totalLeft))), arm);
    };
    const expire = (failure: Failure): void => {
      done = true;
      onExpired(failure);
    };
    arm();
    return {
      touch: () => {
        aliveAt = this.now();
      },
      dispose: () => {
        done = true;
        timer?.dispose();
        this.waiting.delete(arm);
      },
    };
  }

  /** Milliseconds that count: wall-independent, and without the time in which it stood still. */
  private now(): number {
    const current = this.pauses > 0 ? this.pausedAt : this.clock.monotonic();
    return current - this.stoodStill;
  }
}
