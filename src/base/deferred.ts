/** A promise that is settled from outside. */

/** Settles once; later calls are ignored, as with any promise. */
export class Deferred<T> {
  readonly promise: Promise<T>;
  private settle: { resolve: (value: T) => void; reject: (error: unknown) => void };
  private done = false;

  constructor() {
    let settle: { resolve: (value: T) => void; reject: (error: unknown) => void } | undefined;
    this.promise = new Promise<T>((resolve, reject) => {
      settle = { resolve, reject };
    });
    if (!settle) throw new Error('Promise executor did not run');
    this.settle = settle;
  }

  get isSettled(): boolean {
    return this.done;
  }

  resolve(value: T): void {
    this.done = true;
    this.settle.resolve(value);
  }

  reject(error: unknown): void {
    this.done = true;
    this.settle.reject(error);
  }
}
