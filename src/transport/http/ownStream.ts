/** Whether the stream on which a server speaks by itself is given up (T062), for who tells the person, and for who wants it tried anew. */

import type { WatchedStream } from '../transport';

export class OwnStream implements WatchedStream {
  onGivenUp: WatchedStream['onGivenUp'];
  private revive: (() => void) | undefined;

  /** There is another session, and with it another stream. */
  begin(): void {
    if (!this.revive) return;
    this.revive = undefined;
    this.onGivenUp?.(false);
  }

  /** Resolves when it is to be tried anew, which may never be. */
  giveUp(): Promise<void> {
    this.onGivenUp?.(true);
    return new Promise((resolve) => (this.revive = resolve));
  }

  tryAnew(): void {
    const { revive } = this;
    this.begin();
    revive?.();
  }
}
