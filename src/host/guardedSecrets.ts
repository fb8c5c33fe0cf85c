/** The secret store as the host uses it: its own words may hold what it was given, so they are not passed on. */

import { refused } from '../protocol/failure';

/**
 * Waits for the store.
 * @param so what follows when it fails, as the end of a sentence
 * @throws FailureError in our own words when it fails: that is never the same as "no secret"
 */
export async function guardedSecrets<T>(work: Promise<T>, so: string): Promise<T> {
  try {
    return await work;
  } catch {
    throw refused(`The editor's secret storage cannot be used, so ${so}.`);
  }
}
