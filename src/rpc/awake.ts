/**
 * Keeps the event loop of this thread turning for a moment after it had something to do. Waking a thread that sleeps takes longer than a quick
 * server takes to answer, or the host to ask again: without this a call waits for two such wakings, and they cost more processor time than
 * the turns.
 */

/** Long enough for a quick answer, and nothing beside what else a call takes. */
const AWAKE_MS = 0.06;

export class Awake {
  private until = 0;
  private turning = false;

  /** Something happened that is often followed by something else. */
  touch(): void {
    this.until = performance.now() + AWAKE_MS;
    if (this.turning) return;
    this.turning = true;
    setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    if (performance.now() < this.until) setImmediate(this.turn);
    else this.turning = false;
  };
}
