/** When a stream that ended is opened again: never at once, never for ever (T062). Pure but for the dice it is given. */

import { JITTER, jittered } from '../../base/jitter';

/** How the last connection went. */
interface LastConnection {
  /** Milliseconds it was open; 0 when it could not be opened. */
  readonly openMs: number;
  readonly sawMessage: boolean;
  /** The stream's own `retry`, in milliseconds; any number. */
  readonly retryMs?: number | undefined;
  /** What an HTTP error said with `Retry-After`, in milliseconds; any number. */
  readonly retryAfterMs?: number | undefined;
}

const FLOOR_MS = 1_000;
const CAP_MS = 60_000;
/** Our own waits stay so far below the longest one that they can be longer by that. */
const OWN_CAP_MS = CAP_MS / (1 + JITTER);
/** A server under maintenance may keep us away this long. */
const LONGEST_MS = 600_000;
/** A connection that lasted this long was worth opening, whatever came through it. */
const LASTING_MS = 30_000;
/** Connections in a row that brought nothing. */
const MAX_USELESS = 10;

export class ReconnectPolicy {
  private useless = 0;
  private attempts = 0;

  /** @param random a number from 0 up to 1, for the jitter. */
  constructor(private readonly random: () => number = Math.random) {}

  /** Milliseconds to wait, or undefined when it is no use to go on. */
  next({ openMs, sawMessage, retryMs, retryAfterMs }: LastConnection): number | undefined {
    if (openMs >= LASTING_MS) this.attempts = 0;
    this.useless = sawMessage || openMs >= LASTING_MS ? 0 : this.useless + 1;
    if (this.useless >= MAX_USELESS) return undefined;
    const backoff = Math.min(OWN_CAP_MS, FLOOR_MS * 2 ** this.attempts);
    // A server that calls us back on purpose, as polling servers do, is no failure.
    if (!sawMessage || retryMs === undefined) this.attempts++;
    const told = retryMs === undefined || Number.isNaN(retryMs) ? backoff : retryMs;
    const wait = Math.max(FLOOR_MS, told, this.useless > 1 ? backoff : 0);
    const asked = Math.min(LONGEST_MS, retryAfterMs ?? 0);
    return Math.max(Math.min(CAP_MS, jittered(wait, this.random)), jittered(asked, this.random));
  }
}
