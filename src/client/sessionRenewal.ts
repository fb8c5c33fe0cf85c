/** Opens a new session when a server of the stateful era has lost the one before: once for all who find out, and not again and again. */

import type { Clock } from '../base/clock';
import { FailureError } from '../protocol/failure';

/** A server that loses its sessions faster than this cannot be worked with (T069). */
const SHORTEST_MS = 10_000;

export class SessionRenewal {
  private running: Promise<void> | undefined;
  private hasFailed = false;
  private last: number | undefined;
  private sessions = 1;

  /**
   * @param renew does the handshake again
   * @param onRenewed is called before those who wait go on: the new session knows nothing of the old one's subscriptions
   */
  constructor(
    private readonly clock: Clock,
    private readonly renew: () => Promise<void>,
    private readonly onRenewed: () => void,
  ) {}

  /**
   * What has to be waited for before anything is sent, if anything: the renewal that is under way, or, when the last one failed, another,
   * because there is no session then that could be found out to be lost.
   */
  renewing(): Promise<void> | undefined {
    return this.hasFailed ? this.replace(this.sessions) : this.running;
  }

  /** The number of the session that requests are sent in now. */
  get session(): number {
    return this.sessions;
  }

  /**
   * Opens a session in the place of a lost one, or joins whoever does.
   * @param lost its number: that it is lost may be heard late, when there is another one already
   * @throws FailureError
   */
  async replace(lost: number): Promise<void> {
    if (lost !== this.sessions) return;
    this.running ??= this.runOnce().finally(() => (this.running = undefined));
    await this.running;
  }

  private async runOnce(): Promise<void> {
    const now = this.clock.monotonic();
    if (this.last !== undefined && now - this.last < SHORTEST_MS)
      throw new FailureError({ code: 'session-lost' });
    this.hasFailed = true;
    await this.renew();
    this.hasFailed = false;
    this.last = now;
    this.sessions++;
    this.onRenewed();
  }
}
