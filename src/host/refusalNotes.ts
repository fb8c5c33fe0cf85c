/** Notes of refusals: a server that is refused again and again for the same reason fills no log. */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { SafeText } from '../policy/safeText';

const PAUSE_MS = 10_000;

/** The notes about one server. */
export class RefusalNotes {
  private last: { readonly reason: SafeText; readonly at: number; more: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** @param what our own words: what was refused. */
  note(what: string, reason: SafeText, log: Logger): void {
    const now = this.clock.monotonic();
    const { last } = this;
    if (last?.reason === reason && now - last.at < PAUSE_MS) {
      last.more++;
      return;
    }
    const more = last && last.more > 0 ? ` (${last.more} more were refused before)` : '';
    log.warn(`${what}: ${reason}${more}`);
    this.last = { reason, at: now, more: 0 };
  }
}
