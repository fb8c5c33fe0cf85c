/** Waiting for a condition that no event announces. It knows nothing of pages. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither false nor undefined, and returns it.
 * @throws Error with `what` when that takes longer than `timeoutMs`
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  timeoutMs = 30_000,
): Promise<Exclude<T, false | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`);
    await delay(100);
  }
}

/** Whether what is waited for comes, or ends with an error, as a wait with a time does. */
export function comes(awaited: Promise<unknown>): Promise<boolean> {
  return awaited.then(
    () => true,
    () => false,
  );
}
