/**
 * When a task is looked at again: as often as its server wants, within bounds; seldom while the server tells of it by itself; soon when
 * there is a hint that something has changed. It knows nothing of what a look shows.
 */

import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposable';
import type { Task } from '../protocol/tasks';

/** Milliseconds between two looks, whatever the server wants. */
const SHORTEST_MS = 500;
const LONGEST_MS = 600_000;
const DEFAULT_MS = 1_000;
/** Milliseconds between two looks, at least, at a task of which the server tells by itself; and how often in the time it is kept. */
const TOLD_MS = 60_000;
const LOOKS_WHILE_KEPT = 4;

export class TaskPace {
  /** No look begins earlier, by the monotonic clock. */
  private notBefore: number;
  /** Nothing that the server tells is taken earlier. */
  private admitFrom = 0;
  private isHinted = false;
  private isTold = false;
  /** The next look begins at this time, by the monotonic clock, also where nothing is expected of it. */
  private dueAt = Number.POSITIVE_INFINITY;
  private sleep: { readonly over: Deferred<void>; readonly until: number; timer: Disposable } | undefined;

  constructor(private readonly clock: Clock) {
    this.notBefore = clock.monotonic() + SHORTEST_MS;
  }

  /** Milliseconds until the next look when all is well. */
  intervalFor({ pollMs = DEFAULT_MS, ttl }: Task): number {
    // A server that agreed to tell of a task may not do it: the task must be seen while the server still has it.
    const toldMs = Math.min(TOLD_MS, (ttl ?? Number.POSITIVE_INFINITY) / LOOKS_WHILE_KEPT);
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.isTold ? toldMs : 0, pollMs));
  }

  /** A look begins: what was hinted at before is seen by it. */
  begin(): void {
    this.isHinted = false;
    this.dueAt = Number.POSITIVE_INFINITY;
    this.notBefore = this.clock.monotonic() + SHORTEST_MS;
  }

  /** No hint makes the next look come earlier than in `ms`: the server wants to be left alone. */
  holdOff(ms: number): void {
    this.notBefore = Math.max(this.notBefore, this.clock.monotonic() + ms);
  }

  /** Something may have changed: the next look comes as soon as it may. */
  hint(): void {
    if (this.isHinted) return;
    this.isHinted = true;
    if (!this.sleep) return;
    this.sleep.timer.dispose();
    this.sleep.timer = this.wakeIn(this.sleep.over, 0);
  }

  /** There is something to send with the next look: it comes in `ms` at the latest. */
  within(ms: number): void {
    this.dueAt = this.clock.monotonic() + ms;
    if (!this.sleep || this.sleep.until <= this.dueAt) return;
    this.sleep.timer.dispose();
    this.sleep.timer = this.wakeIn(this.sleep.over, ms);
  }

  /** False for what the server tells too soon after what it told before. */
  admit(): boolean {
    const now = this.clock.monotonic();
    if (now < this.admitFrom) return false;
    this.admitFrom = now + SHORTEST_MS;
    return true;
  }

  /** Whether the server tells of the task by itself. When it no longer does, something may have been missed. */
  told(isTold: boolean): void {
    if (this.isTold === isTold) return;
    this.isTold = isTold;
    if (!isTold) this.hint();
  }

  /** Waits until the next look is due, or {@link wake}. */
  async pause(ms: number): Promise<void> {
    const over = new Deferred<void>();
    const now = this.clock.monotonic();
    const wait = this.isHinted ? 0 : Math.min(ms, this.dueAt - now);
    const sleep = { over, until: now + wait, timer: this.wakeIn(over, wait) };
    this.sleep = sleep;
    await over.promise;
    sleep.timer.dispose();
    this.sleep = undefined;
  }

  /** Ends a pause at once. */
  wake(): void {
    this.sleep?.over.resolve();
  }

  private wakeIn(over: Deferred<void>, ms: number): Disposable {
    const least = this.notBefore - this.clock.monotonic();
    return this.clock.schedule(Math.max(least, ms), () => over.resolve());
  }
}
