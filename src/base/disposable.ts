/** Ownership of resources: what is created together is released together. */

/** Something that holds a resource until `dispose` is called. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Wraps a function so that it runs at most once. */
export function toDisposable(release: () => void): Disposable {
  let live = true;
  return {
    dispose: () => {
      if (!live) return;
      live = false;
      release();
    },
  };
}

/**
 * Owns a set of disposables and releases them in reverse order.
 * What is added after disposal is released at once, so that late arrivals cannot leak.
 */
export class DisposableStore implements Disposable {
  private readonly owned = new Set<Disposable>();
  private disposed = false;

  /** Takes ownership and hands the same object back. */
  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.owned.add(item);
    return item;
  }

  /** Releases one item early. */
  delete(item: Disposable): void {
    if (this.owned.delete(item)) item.dispose();
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /**
   * Releases everything, even when one release throws.
   * @throws the first error, after all items were released.
   */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    const items = [...this.owned].reverse();
    this.owned.clear();
    const errors: unknown[] = [];
    for (const item of items) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
