/** Keeps the newest of many reports: the first goes out at once, later ones at most once per interval. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';

/** A throttle per key. `send` is called with the newest value of a key. */
export class Throttle<K, V> implements Disposable {
  private readonly waiting = new Map<K, { value: V | undefined; timer: Disposable }>();
  private disposed = false;

  /** @param maxKeys keys beyond this many at once are dropped: they are names a server makes up. */
  constructor(
    private readonly clock: Clock,
    private readonly intervalMs: number,
    private readonly maxKeys: number,
    private readonly send: (key: K, value: V) => void,
  ) {}

  /** Reports `value` for `key`, now or when the interval is over. */
  push(key: K, value: V): void {
    if (this.disposed) return;
    const entry = this.waiting.get(key);
    if (entry) {
      entry.value = value;
      return;
    }
    if (this.waiting.size >= this.maxKeys) return;
    this.waiting.set(key, { value: undefined, timer: this.arm(key) });
    this.send(key, value);
  }

  /** Sends what waits for `key` now and forgets the key. */
  flush(key: K): void {
    const entry = this.waiting.get(key);
    if (!entry) return;
    entry.timer.dispose();
    this.waiting.delete(key);
    if (entry.value !== undefined) this.send(key, entry.value);
  }

  dispose(): void {
    this.disposed = true;
    for (const { timer } of this.waiting.values()) timer.dispose();
    this.waiting.clear();
  }

  private arm(key: K): Disposable {
    return this.clock.schedule(this.intervalMs, () => {
      const entry = this.waiting.get(key);
      if (!entry) return;
      const { value } = entry;
      if (value === undefined) {
        this.waiting.delete(key);
        return;
      }
      this.waiting.set(key, { value: undefined, timer: this.arm(key) });
      this.send(key, value);
    });
  }
}
