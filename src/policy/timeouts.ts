/** The clocks of one server and their bounds. */

/** Milliseconds. */
export interface Timeouts {
  /** From start to the end of the negotiation. */
  readonly connect: number;
  /** A request without any sign of life; progress starts it again. */
  readonly request: number;
  /** The hard end of a request (TIME2). */
  readonly total: number;
}

/** Used where an entry says nothing. */
export const DEFAULT_TIMEOUTS: Timeouts = { connect: 60_000, request: 60_000, total: 600_000 };

/** 1 s to 24 h (T013). */
export const TIMEOUT_BOUNDS = { min: 1_000, max: 86_400_000 } as const;

/** One question is always waited for; several in a row get an hour between them. */
const LEAST_PAUSE_MS = 3_600_000;

/**
 * For how long one request may stand still while the person is asked: without an end, a server that asks again and again would keep its call
 * alive for ever (T058).
 * @param expiryMs how long one question waits
 * @returns milliseconds
 */
export function longestPause(expiryMs: number): number {
  return Math.max(LEAST_PAUSE_MS, expiryMs);
}
