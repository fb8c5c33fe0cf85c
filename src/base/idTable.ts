/**
 * Values under ascending numbers that live for a short time, as running requests do. A `Map` that is filled and emptied all the time leaves
 * its outgrown tables behind, and each of them keeps what it held alive until the next full collection; here nothing is left.
 */

/** Values beyond this many at once, or that outlive as many later ones, move to a `Map`. A power of two. */
const SLOTS = 256;

/** Where no id is. */
const FREE = -1;

export class IdTable<T> {
  /** Two lists, because an object for each id with its value would be one more for every request. */
  private readonly ids = new Array<number>(SLOTS).fill(FREE);
  private readonly values = new Array<T | undefined>(SLOTS).fill(undefined);
  /** Those whose slot was taken when they came. */
  private readonly others = new Map<number, T>();
  private count = 0;

  get size(): number {
    return this.count + this.others.size;
  }

  /** @param id a whole number from 0 that was never used in this table before. */
  add(id: number, value: T): void {
    const at = id % SLOTS;
    if (this.ids[at] !== FREE) {
      this.others.set(id, value);
      return;
    }
    this.ids[at] = id;
    this.values[at] = value;
    this.count += 1;
  }

  /** What is under `id`; undefined also for anything that is no id of this table. */
  get(id: unknown): T | undefined {
    if (typeof id !== 'number') return undefined;
    const at = id % SLOTS;
    return this.ids[at] === id ? this.values[at] : this.others.get(id);
  }

  /** Removes and gives back what is under `id`. */
  take(id: unknown): T | undefined {
    if (typeof id !== 'number') return undefined;
    const at = id % SLOTS;
    if (this.ids[at] === id) {
      const value = this.values[at];
      this.ids[at] = FREE;
      this.values[at] = undefined;
      this.count -= 1;
      return value;
    }
    const other = this.others.get(id);
    this.others.delete(id);
    return other;
  }

  /** Everything, in the order of the ids. */
  entries(): readonly (readonly [id: number, value: T])[] {
    const found = [...this.others];
    for (const [at, value] of this.values.entries())
      if (value !== undefined) found.push([this.ids[at] ?? FREE, value]);
    return found.sort(([a], [b]) => a - b);
  }

  /** Removes and gives back everything, in the order of the ids. */
  takeAll(): readonly T[] {
    const values = this.entries().map(([, value]) => value);
    this.ids.fill(FREE);
    this.values.fill(undefined);
    this.others.clear();
    this.count = 0;
    return values;
  }
}
