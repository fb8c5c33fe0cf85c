/** Parts of the client that are loaded when a server first needs them. */

import { refused } from '../protocol/failure';

/** What the person reads; the reason would name files of this machine. */
const MISSING =
  'A part of MCP Host is missing, most likely because it was updated meanwhile. Reload the window, and try again.';

/**
 * Loads the code of a part.
 * @param load imports one module, and does nothing else: whatever it throws counts as the module missing.
 * @throws FailureError `refused`
 */
export async function latePart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch {
    throw refused(MISSING);
  }
}

/** What is made when it is first asked for, and once. Nothing is kept of a failure, so that the next use tries again. */
export class Late<T> {
  private made: Promise<T> | undefined;

  constructor(private readonly make: () => Promise<T>) {}

  /** What is made or being made. */
  get ifAsked(): Promise<T> | undefined {
    return this.made;
  }

  /** @throws what making it failed with */
  get(): Promise<T> {
    return this.made ?? this.begin();
  }

  private begin(): Promise<T> {
    const made = this.make();
    this.made = made;
    made.catch(() => (this.made = undefined)); // Whoever asked is told.
    return made;
  }
}
