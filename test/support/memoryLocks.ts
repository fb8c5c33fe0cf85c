/** Locks that hold within this process. */

import type { LocksPort } from '../../src/host/ports';

export class MemoryLocks implements LocksPort {
  private readonly tails = new Map<string, Promise<void>>();

  async acquire(name: string): Promise<() => void> {
    const before = this.tails.get(name) ?? Promise.resolve();
    let release: () => void = () => undefined;
    this.tails.set(
      name,
      before.then(() => new Promise<void>((resolve) => (release = resolve))),
    );
    await before;
    await Promise.resolve();
    return () => release();
  }
}
