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
