/** A clock that only tests move. */

import type { Clock } from '../../src/base/clock';
import { toDisposable, type Disposable } from '../../src/base/disposable';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly task: () => void;
}

export class FakeClock implements Clock {
  private readonly timers = new Set<Timer>();
  private now: number;
  private order = 0;

  constructor(startAt = 1_000_000) {
    this.now = startAt;
  }

  /** Timers that are set and not disposed. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Milliseconds until the next timer, if there is one. */
  get nextIn(): number | undefined {
    const due = [...this.timers].map((timer) => timer.due - this.now);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  monotonic(): number {
    return this.now;
  }

  wall(): number {
    return 1_800_000_000_000 + this.now;
  }

  schedule(ms: number, task: () => void): Disposable {
    const timer: Timer = { due: this.now + Math.max(0, ms), order: this.order++, task };
    this.timers.add(timer);
    return toDisposable(() => this.timers.delete(timer));
  }

  /** Moves on, running every timer that comes due in between, the ones these set included, each at its own time. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.now = Math.max(this.now, next.due);
      next.task();
    }
    this.now = end;
  }

  private next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.due > end) continue;
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}
