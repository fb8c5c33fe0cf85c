/** One thing at a time, in the order of asking. */

/** A queue of work of which one runs. */
export class Turns {
  private tail: Promise<void> = Promise.resolve();
  private count = 0;

  /** What runs and what waits for its turn. */
  get waiting(): number {
    return this.count;
  }

  /** Runs `work` after all that was there before. @throws what `work` throws */
  async take<T>(work: () => Promise<T>): Promise<T> {
    this.count++;
    const before = this.tail;
    let done: () => void = () => undefined;
    this.tail = new Promise((resolve) => (done = resolve));
    try {
      await before;
      return await work();
    } finally {
      this.count--;
      done();
    }
  }
}
