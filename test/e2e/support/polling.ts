/** Waiting for a condition that no event announces. It knows nothing of pages. */
import { setTimeout as delay } from 'node:timers/promises';

/** How long anything in the workbench may take, in milliseconds: machines that are shared stand still for half a minute at times. */
export const PATIENCE_MS = 90_000;

/**
 * Asks again and again until the answer is neither false nor undefined, and returns it. The number of the attempt, from 1 on,
 * is for what starts anew each time: it has to wait longer each time, or on a slow machine it never gets to its end.
 * @throws Error with `what` when that takes longer than `timeoutMs`
 */
export async function until<T>(
  what: string,
  ask: (attempt: number) => Promise<T>,
  timeoutMs = PATIENCE_MS,
): Promise<Exclude<T, false | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(attempt);
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
