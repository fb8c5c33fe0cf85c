/**
 * Values under ascending numbers that live for a short time, as running requests do. A `Map` that is filled and emptied all the time leaves
 * its outgrown tables behind, and each of them keeps what it held alive until the next full collection; here nothing is left.
 */

/** Values beyond this many at once, or that outlive as many later ones, move to a `Map`. A power of two. */
const SLOTS = 256;

interface Slot<T> {
  readonly id: number;
  readonly value: T;
}

export class IdTable<T> {
  private readonly slots = new Array<Slot<T> | undefined>(SLOTS).fill(undefined);
  /** Those whose slot was taken when they came. */
  private readonly others = new Map<number, T>();
  private count = 0;

  get size(): number {
    return this.count + this.others.size;
  }

  /** @param id a whole number from 0 that was never used in this table before. */
  add(id: number, value: T): void {
    const at = id % SLOTS;
    if (this.slots[at]) {
      this.others.set(id, value);
      return;
    }
    this.slots[at] = { id, value };
    this.count += 1;
  }

  /** What is under `id`; undefined also for anything that is no id of this table. */
  get(id: unknown): T | undefined {
    if (typeof id !== 'number') return undefined;
    const slot = this.slots[id % SLOTS];
    return slot?.id === id ? slot.value : this.others.get(id);
  }

  /** Removes and gives back what is under `id`. */
  take(id: unknown): T | undefined {
    if (typeof id !== 'number') return undefined;
    const at = id % SLOTS;
    const slot = this.slots[at];
    if (slot?.id === id) {
      this.slots[at] = undefined;
      this.count -= 1;
      return slot.value;
    }
    const other = this.others.get(id);
    this.others.delete(id);
    return other;
  }

  /** Everything, in the order of the ids. */
  entries(): readonly (readonly [id: number, value: T])[] {
    const found = [...this.others];
    for (const slot of this.slots) if (slot) found.push([slot.id, slot.value]);
    return found.sort(([a], [b]) => a - b);
  }

  /** Removes and gives back everything, in the order of the ids. */
  takeAll(): readonly T[] {
    const values = this.entries().map(([, value]) => value);
    this.slots.fill(undefined);
    this.others.clear();
    this.count = 0;
    return values;
  }
}
