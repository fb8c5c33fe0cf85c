/** A clock that tests move by hand. */

import type { Clock } from '../../../src/base/clock';
import { toDisposable, type Disposable } from '../../../src/base/disposable';

/** Starts at 0; `advance` runs what falls due, in order. */
export class ManualClock implements Clock {
  private now = 0;
  private readonly tasks = new Set<{ readonly due: number; readonly run: () => void }>();

  monotonic(): number {
    return this.now;
  }

  wall(): number {
    return this.now;
  }

  schedule(ms: number, task: () => void): Disposable {
    const entry = { due: this.now + ms, run: task };
    this.tasks.add(entry);
    return toDisposable(() => this.tasks.delete(entry));
  }

  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = [...this.tasks].filter(({ due }) => due <= until).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.now = next.due;
      this.tasks.delete(next);
      next.run();
    }
    this.now = until;
  }
}
