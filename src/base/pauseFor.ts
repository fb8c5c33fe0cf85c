/** Waiting that ends early. */

import type { CancelSignal } from './cancelSignal';
import type { Clock } from './clock';

/** Resolves after `ms` milliseconds, or as soon as `signal` aborts. */
export function pauseFor(ms: number, clock: Clock, signal: CancelSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      timer.dispose();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.schedule(ms, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
