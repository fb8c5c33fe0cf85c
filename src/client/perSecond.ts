/** A bound on how often something is done, for what a server can ask for without end. */

import type { Clock } from '../base/clock';

/** At most so many in each second of a clock. */
export class PerSecond {
  private second = Number.NEGATIVE_INFINITY;
  private admitted = 0;

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
  ) {}

  /** True when it may be done now, and counts it then. */
  admit(): boolean {
    const second = Math.floor(this.clock.monotonic() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.admitted = 0;
    }
    if (this.admitted >= this.most) return false;
    this.admitted++;
    return true;
  }
}
