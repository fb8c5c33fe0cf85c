/** Time as a port, so that tests move it by hand. */

import { toDisposable, type Disposable } from './disposable';

/** Monotonic time for deadlines, wall time for what a person reads. */
export interface Clock {
  /** Milliseconds from an arbitrary origin; never goes back (unlike wall time, which NTP may move). */
  monotonic(): number;
  /** Milliseconds since the Unix epoch. */
  wall(): number;
  /** Runs `task` once after `ms` milliseconds (clamped to what timers can hold) unless disposed before. */
  schedule(ms: number, task: () => void): Disposable;
}

/** `setTimeout` fires at once above this many milliseconds. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Milliseconds from an arbitrary origin. Not `performance.now()`, with which Node loads all that measures performance, 0.2 MB in the thread
 * of every server.
 */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

/** The real clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  monotonic: monotonicNow,
  wall: () => Date.now(),
  schedule: (ms, task) => {
    const timer = setTimeout(task, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    timer.unref();
    return toDisposable(() => clearTimeout(timer));
  },
};
