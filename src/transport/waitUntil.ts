/** Polls for a condition that the system does not announce. */

import type { Clock } from '../base/clock';

/** Milliseconds between two looks. */
const POLL_MS = 20;

/** Waits on `clock`; see {@link Clock.schedule} for whether that keeps the process alive. */
export function delay(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });
}

/** Resolves true as soon as `condition` holds, false when it does not within `ms`. It looks at least once. */
export async function waitUntil(
  condition: () => Promise<boolean>,
  ms: number,
  clock: Clock,
): Promise<boolean> {
  const deadline = clock.monotonic() + ms;
  for (;;) {
    if (await condition()) return true;
    const left = deadline - clock.monotonic();
    if (left <= 0) return false;
    await delay(Math.min(POLL_MS, left), clock);
  }
}
