/** The port of a client that is still to be started. What is posted waits with it; it knows nothing of when its turn is. */

import type { LinkPort } from './linkPort';

type PortHandlers = Parameters<LinkPort['listen']>[0];

export class WaitingPort implements LinkPort {
  private port: LinkPort | undefined;
  private handlers: PortHandlers | undefined;
  private kept: unknown[] = [];
  private closed = false;

  /** True when it was closed before its client was started, which then need not be. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** The client has been started, and `port` is the way to it. */
  open(port: LinkPort): void {
    this.port = port;
    if (this.handlers) port.listen(this.handlers);
    for (const batch of this.kept) port.post(batch, []);
    this.kept = [];
  }

  post(batch: unknown, transfer: readonly ArrayBuffer[]): void {
    if (this.port) this.port.post(batch, transfer);
    // As it is now: whoever posts may change it, and has to be told at once when it cannot be cloned.
    else this.kept.push(structuredClone(batch, { transfer: [...transfer] }));
  }

  listen(handlers: PortHandlers): void {
    this.handlers = handlers;
    this.port?.listen(handlers);
  }

  close(): void {
    if (this.port) return this.port.close();
    if (this.closed) return;
    this.closed = true;
    this.kept = [];
    // No port calls back while it is being closed.
    queueMicrotask(() => this.handlers?.onClose('it ended'));
  }
}
