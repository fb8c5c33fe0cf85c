/**
 * Whether and when a server that crashed, or whose stream was cut, is started again: later each time, and not for ever (T036, T062). Pure but
 * for the dice it is given.
 */

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
  | { readonly kind: 'crash-loop'; readonly crashes: number }
  /** The same of a remote server, whose stream was cut or could not be opened. */
  | { readonly kind: 'out-of-reach'; readonly tries: number };

/** Crashes within this time count, and this many of them are too many. */
const WINDOW_MS = 600_000;
const MAX_CRASHES = 5;
/** The same of streams, which may be cut, and out of reach for minutes, by nobody's fault (T168). */
const MAX_CUTS = 10;
/** A server that ran this long before it crashed is waited for as if it were the first time. */
const HEALTHY_MS = 60_000;
const FIRST_MS = 1_000;
/** The longest wait but for its jitter. */
const LONGEST_MS = 50_000;
/** Part of the wait by which it may be shorter or longer, so that servers that fail together do not come back together. */
const JITTER = 0.2;

/** The crashes that still count at `now`. A clock that was set back makes the others count no more. */
export function recentCrashes(crashes: readonly Crash[], now: number): readonly Crash[] {
  return crashes.filter(({ at }) => at <= now && now - at < WINDOW_MS).slice(-MAX_CUTS);
}

/**
 * Decides about the last of these crashes, which all count.
 * @param dice a number from 0 up to 1
 */
export function decideAfterCrash(crashes: readonly Crash[], dice: number): AfterCrash {
  if (crashes.length >= MAX_CRASHES) return { kind: 'crash-loop', crashes: crashes.length };
  return restartAfter(crashes, dice, MAX_CRASHES);
}

/** The same of a remote server: nobody connects again within less than a second (T062). */
export function decideAfterCut(cuts: readonly Crash[], dice: number): AfterCrash {
  if (cuts.length >= MAX_CUTS) return { kind: 'out-of-reach', tries: cuts.length };
  return restartAfter(cuts, 0.5 + dice / 2, MAX_CUTS);
}

function restartAfter(crashes: readonly Crash[], dice: number, of: number): AfterCrash {
  const lastHealthy = crashes.findLastIndex(({ ranMs }) => ranMs >= HEALTHY_MS);
  const before = crashes.length - 1 - Math.max(0, lastHealthy);
  const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** before);
  const inMs = Math.round(wait * (1 - JITTER + 2 * JITTER * dice));
  return { kind: 'restart', inMs, start: crashes.length + 1, of };
}
