/** Two linked ends of a link port in memory: what is posted here is cloned, as between threads, and arrives there in a later turn. */

import type { LinkPort } from '../../src/rpc/linkPort';

interface PortHandlers {
  readonly onBatch: (batch: unknown) => void;
  readonly onClose: (detail: string) => void;
}

/** One post as it left. */
export interface Post {
  readonly packets: readonly unknown[];
  readonly transfer: readonly ArrayBuffer[];
}

/** One end. */
export class MemoryLinkPort implements LinkPort {
  readonly posts: Post[] = [];
  private peer: MemoryLinkPort | undefined;
  private handlers: PortHandlers | undefined;
  private closed = false;

  static pair(): readonly [MemoryLinkPort, MemoryLinkPort] {
    const first = new MemoryLinkPort();
    const second = new MemoryLinkPort();
    first.peer = second;
    second.peer = first;
    return [first, second];
  }

  /** True once either end was closed or broken. */
  get isClosed(): boolean {
    return this.closed;
  }

  post(batch: unknown, transfer: readonly ArrayBuffer[]): void {
    if (this.closed) throw new Error('The port is closed');
    const copy = structuredClone(batch, { transfer: [...transfer] });
    this.posts.push({ packets: copy as readonly unknown[], transfer });
    const { peer } = this;
    setImmediate(() => peer?.deliver(copy));
  }

  listen(handlers: PortHandlers): void {
    this.handlers = handlers;
  }

  /** Ends both ends, as terminating a thread does; each is told in a later turn. */
  close(): void {
    this.break('it ended');
  }

  /** The other side goes away by itself. */
  break(detail: string): void {
    for (const port of [this, this.peer]) {
      if (!port || port.closed) continue;
      port.closed = true;
      setImmediate(() => port.handlers?.onClose(detail));
    }
  }

  /** Hands over a batch as if the other side had posted it. */
  deliver(batch: unknown): void {
    if (!this.closed) this.handlers?.onBatch(batch);
  }
}
