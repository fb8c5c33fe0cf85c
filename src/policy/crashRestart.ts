/** Whether and when a server that crashed is started again: later each time, and not for ever (T036). Pure but for the dice it is given. */

/** One crash. Times are milliseconds. */
export interface Crash {
  /** Since the epoch. */
  readonly at: number;
  /** How long the server had been running; 0 when it was not started again at all. */
  readonly ranMs: number;
}

/** What follows a crash. */
export type AfterCrash =
  /** It is started again in `inMs`, for the `start`th of `of` times that it may be started. */
  | { readonly kind: 'restart'; readonly inMs: number; readonly start: number; readonly of: number }
  /** It crashes again and again, and is left alone. */
  | { readonly kind: 'crash-loop'; readonly crashes: number };

/** Crashes within this time count, and this many of them are too many. */
const WINDOW_MS = 600_000;
const MAX_CRASHES = 5;
/** A server that ran this long before it crashed is waited for as if it were the first time. */
const HEALTHY_MS = 60_000;
const FIRST_MS = 1_000;
/** Part of the wait by which it may be shorter or longer, so that servers that fail together do not come back together. */
const JITTER = 0.2;

/** The crashes that still count at `now`. A clock that was set back makes the others count no more. */
export function recentCrashes(crashes: readonly Crash[], now: number): readonly Crash[] {
  return crashes.filter(({ at }) => at <= now && now - at < WINDOW_MS).slice(-MAX_CRASHES);
}

/**
 * Decides about the last of these crashes, which all count.
 * @param dice a number from 0 up to 1
 */
export function decideAfterCrash(crashes: readonly Crash[], dice: number): AfterCrash {
  if (crashes.length >= MAX_CRASHES) return { kind: 'crash-loop', crashes: crashes.length };
  const lastHealthy = crashes.findLastIndex(({ ranMs }) => ranMs >= HEALTHY_MS);
  const before = crashes.length - 1 - Math.max(0, lastHealthy);
  const wait = FIRST_MS * 2 ** before;
  const inMs = Math.round(wait * (1 - JITTER + 2 * JITTER * dice));
  return { kind: 'restart', inMs, start: crashes.length + 1, of: MAX_CRASHES };
}
