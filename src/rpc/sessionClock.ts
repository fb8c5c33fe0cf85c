/** Request deadlines on a clock that stands still while a person is asked something on the server's behalf. */

import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/disposable';
import { IdTable } from '../base/idTable';
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
  private nextId = 0;
  private readonly running = new IdTable<Deadline>();
  /** One for all: a timer per request would cost more than what it guards. Never later than the first that runs out. */
  private timer: { readonly dueAt: number; readonly scheduled: Disposable } | undefined;

  constructor(private readonly clock: Clock) {}

  /** Stops the clock until the result is disposed. */
  pause(): Disposable {
    if (this.pauses++ === 0) this.pausedAt = this.clock.monotonic();
    return toDisposable(() => {
      if (--this.pauses > 0) return;
      this.stoodStill += this.clock.monotonic() - this.pausedAt;
      this.look();
    });
  }

  /** Starts the deadlines of one request; `onExpired` is called at most once. */
  start(deadlines: Deadlines, onExpired: (failure: Failure) => void): RunningDeadline {
    const id = this.nextId++;
    const now = this.now();
    const deadline: Deadline = { deadlines, onExpired, startedAt: now, aliveAt: now };
    this.running.add(id, deadline);
    this.arm(dueOf(deadline), now);
    return {
      touch: () => {
        deadline.aliveAt = this.now();
      },
      dispose: () => this.end(id),
    };
  }

  private end(id: number): void {
    if (this.running.take(id) && this.running.size === 0) this.disarm();
  }

  /** Sees to it that it is looked again when `dueAt` is reached, if not before. */
  private arm(dueAt: number, now: number): void {
    if (this.pauses > 0 || dueAt === Number.POSITIVE_INFINITY) return;
    if (this.timer && this.timer.dueAt <= dueAt) return;
    this.disarm();
    // At least 1 ms: timers may fire a fraction early and must not spin.
    const ms = Math.max(1, Math.ceil(dueAt - now));
    const scheduled = this.clock.schedule(ms, () => {
      this.timer = undefined;
      if (this.pauses === 0) this.look();
    });
    this.timer = { dueAt, scheduled };
  }

  private disarm(): void {
    this.timer?.scheduled.dispose();
    this.timer = undefined;
  }

  /** Ends what has run out, and waits for the next. A timer that was set before a pause comes early, which does no harm. */
  private look(): void {
    const now = this.now();
    const over: (() => void)[] = [];
    for (const [id, deadline] of this.running.entries()) {
      const failure = expiryOf(deadline, now);
      if (failure) {
        this.end(id);
        over.push(() => deadline.onExpired(failure));
      } else this.arm(dueOf(deadline), now);
    }
    for (const expire of over) expire();
  }

  /** Milliseconds that count: wall-independent, and without the time in which it stood still. */
  private now(): number {
    const current = this.pauses > 0 ? this.pausedAt : this.clock.monotonic();
    return current - this.stoodStill;
  }
}

interface Deadline {
  readonly deadlines: Deadlines;
  readonly onExpired: (failure: Failure) => void;
  readonly startedAt: number;
  aliveAt: number;
}

function dueOf({ deadlines, startedAt, aliveAt }: Deadline): number {
  return Math.min(aliveAt + deadlines.idle, startedAt + deadlines.total);
}

function expiryOf({ deadlines, startedAt, aliveAt }: Deadline, now: number): Failure | undefined {
  if (now >= startedAt + deadlines.total) return { code: 'timeout', ms: deadlines.total, limit: 'total' };
  if (now >= aliveAt + deadlines.idle) return { code: 'timeout', ms: deadlines.idle, limit: 'idle' };
  return undefined;
}
