/**
 * Keeps the event loop of this thread turning for a moment after it had something to do. Waking a thread that sleeps takes longer than a quick
 * server takes to answer, or the host to ask again: without this a call waits for two such wakings, and they cost more processor time than
 * the turns.
 */

import { monotonicNow } from '../base/clock';

/** Long enough for a quick answer, and nothing beside what else a call takes. */
const AWAKE_MS = 0.06;

export class Awake {
  private until = 0;
  private turning = false;

  /** @param now milliseconds; @param defer calls back in the next turn of the event loop */
  constructor(
    private readonly now: () => number = monotonicNow,
    private readonly defer: (turn: () => void) => void = setImmediate,
  ) {}

  /** Something happened that is often followed by something else. */
  touch(): void {
    this.until = this.now() + AWAKE_MS;
    if (this.turning) return;
    this.turning = true;
    this.defer(this.turn);
  }

  private readonly turn = (): void => {
    if (this.now() < this.until) this.defer(this.turn);
    else this.turning = false;
  };
}
