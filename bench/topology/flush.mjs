// @ts-check
/**
 * When a batch leaves: after the current microtasks, after the current callback, or in the next check phase of the
 * event loop.
 * @typedef {'microtask' | 'tick' | 'immediate'} FlushPolicy
 */

/** @type {Readonly<Record<FlushPolicy, (run: () => void) => void>>} */
const SCHEDULERS = {
  microtask: (run) => queueMicrotask(run),
  tick: (run) => process.nextTick(run),
  immediate: (run) => void setImmediate(run),
};

/**
 * Collects what is added during one turn and hands it over as one array.
 * @template T
 */
export class Batch {
  /** @type {T[]} */
  #items = [];
  #schedule;
  #send;
  #flush = () => {
    const items = this.#items;
    this.#items = [];
    this.#send(items);
  };

  /** @param {FlushPolicy} policy @param {(items: T[]) => void} send */
  constructor(policy, send) {
    this.#schedule = SCHEDULERS[policy];
    this.#send = send;
  }

  /** @param {T} item */
  add(item) {
    if (this.#items.push(item) === 1) this.#schedule(this.#flush);
  }
}
