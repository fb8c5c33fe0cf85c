/**
 * Parts of the user interface that are loaded when they are first needed, so that activation loads only what it needs itself. Owns
 * that each is built once and released with the rest; knows nothing of the editor, and of what is in a part.
 */

import { DisposableStore, type Disposable } from '../base/disposable';

/** A part's code could not be loaded: its file is gone, most likely because the extension was updated while it ran. */
export class PartMissingError extends Error {
  override readonly name = 'PartMissingError';
}

/**
 * Loads the code of a part. Nothing is kept of a failure, so that the next use tries again.
 * @param load imports one module, and does nothing else: whatever it throws counts as the module missing.
 * @throws PartMissingError
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new PartMissingError(error instanceof Error ? error.message : 'unknown error', { cause: error });
  }
}

/**
 * An object with state whose code is loaded, and which is built, when it is first asked for. There is never a second one, and one
 * that comes after disposal is released at once.
 */
export class LatePart<T extends Disposable> implements Disposable {
  private made: T | undefined;
  private making: Promise<T> | undefined;
  private readonly store = new DisposableStore();

  private constructor(private readonly build: () => Promise<T>) {}

  /**
   * @param load imports the module, as for {@link loadPart}.
   * @param make builds the object from it.
   */
  static of<T extends Disposable, Code>(load: () => Promise<Code>, make: (code: Code) => T): LatePart<T> {
    return new LatePart(async () => make(await loadPart(load)));
  }

  /** The object, if it was ever needed. */
  get ifMade(): T | undefined {
    return this.made;
  }

  /** The object. @throws PartMissingError */
  async get(): Promise<T> {
    this.making ??= this.begin();
    return await this.making;
  }

  dispose(): void {
    this.store.dispose();
  }

  private async begin(): Promise<T> {
    try {
      this.made = this.store.add(await this.build());
      return this.made;
    } catch (error) {
      this.making = undefined;
      throw error;
    }
  }
}
