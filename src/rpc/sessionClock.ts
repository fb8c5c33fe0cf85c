/**
 * Request deadlines on a clock that stands still while a person is asked something on the server's behalf. It does not stand still for
 * ever: a server that asks again and again would keep its call alive without end (T058).
 */

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
interface RunningDeadline extends Disposable {
  /** A sign of life: the idle limit starts again. */
  touch(): void;
}

/** Used where nobody says how long a request may stand still, in milliseconds. */
const LONGEST_PAUSE_MS = 3_600_000;

/** The clock of one session. Pauses nest. */
export class SessionClock {
  private pauses = 0;
  private pausedAt = 0;
  private stoodStill = 0;
  private nextId = 0;
  private turnAt: number | undefined;
  private readonly running = new IdTable<Deadline>();
  /**
   * One for all: a timer per request would cost more than what it guards. Never later than the first that runs out, and like it in time
   * that never stands still.
   */
  private timer: { readonly dueAt: number; readonly scheduled: Disposable } | undefined;

  /** @param longestPause milliseconds for which one request may stand still in all; what is beyond counts towards its total limit. */
  constructor(
    private readonly clock: Clock,
    private readonly longestPause = LONGEST_PAUSE_MS,
  ) {}

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
    const real = this.turn();
    const endsAt = real + deadlines.total + this.longestPause;
    const deadline = new Deadline(this, id, deadlines, onExpired, this.counted(real), endsAt);
    this.running.add(id, deadline);
    this.arm(deadline, real);
    return deadline;
  }

  /** What the clock says, looked up once for all requests that start together. */
  private turn(): number {
    if (this.turnAt === undefined) {
      this.turnAt = this.clock.monotonic();
      process.nextTick(() => (this.turnAt = undefined));
    }
    return this.turnAt;
  }

  /** Milliseconds that count: without the time in which it stood still. */
  now(): number {
    return this.counted(this.clock.monotonic());
  }

  /** Forgets a deadline. */
  end(id: number): void {
    if (this.running.take(id) && this.running.size === 0) this.disarm();
  }

  /** Sees to it that it is looked again when this one runs out, if not before. @param real what the clock says */
  private arm(deadline: Deadline, real: number): void {
    const dueAt =
      this.pauses > 0 ? deadline.endsAt : Math.min(dueOf(deadline) + this.stoodStill, deadline.endsAt);
    if (dueAt === Number.POSITIVE_INFINITY) return;
    if (this.timer && this.timer.dueAt <= dueAt) return;
    this.disarm();
    // At least 1 ms: timers may fire a fraction early and must not spin.
    const ms = Math.max(1, Math.ceil(dueAt - real));
    const scheduled = this.clock.schedule(ms, () => {
      this.timer = undefined;
      this.look();
    });
    this.timer = { dueAt, scheduled };
  }

  private disarm(): void {
    this.timer?.scheduled.dispose();
    this.timer = undefined;
  }

  /** Ends what has run out, and waits for the next. A timer that was set before a pause comes early, which does no harm. */
  private look(): void {
    const real = this.clock.monotonic();
    const now = this.counted(real);
    const over: (() => void)[] = [];
    for (const [id, deadline] of this.running.entries()) {
      const failure = expiryOf(deadline, now, real);
      if (failure) {
        this.end(id);
        over.push(() => deadline.onExpired(failure));
      } else this.arm(deadline, real);
    }
    for (const expire of over) expire();
  }

  private counted(real: number): number {
    return (this.pauses > 0 ? this.pausedAt : real) - this.stoodStill;
  }
}

/** A class, because there is one for every request. */
class Deadline implements RunningDeadline {
  /** In time that counts. */
  aliveAt: number;

  /**
   * @param startedAt in time that counts
   * @param endsAt its end whatever is asked, in time that never stands still
   */
  constructor(
    private readonly clock: SessionClock,
    private readonly id: number,
    readonly deadlines: Deadlines,
    readonly onExpired: (failure: Failure) => void,
    readonly startedAt: number,
    readonly endsAt: number,
  ) {
    this.aliveAt = startedAt;
  }

  touch(): void {
    this.aliveAt = this.clock.now();
  }

  dispose(): void {
    this.clock.end(this.id);
  }
}

function dueOf({ deadlines, startedAt, aliveAt }: Deadline): number {
  return Math.min(aliveAt + deadlines.idle, startedAt + deadlines.total);
}

function expiryOf(
  { deadlines, startedAt, aliveAt, endsAt }: Deadline,
  now: number,
  real: number,
): Failure | undefined {
  if (now >= startedAt + deadlines.total || real >= endsAt)
    return { code: 'timeout', ms: deadlines.total, limit: 'total' };
  if (now >= aliveAt + deadlines.idle) return { code: 'timeout', ms: deadlines.idle, limit: 'idle' };
  return undefined;
}
