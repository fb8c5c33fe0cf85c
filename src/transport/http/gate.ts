/** Back-pressure for readers: while it is closed nobody passes, and their sockets fill. */

import { Deferred } from '../../base/deferred';

export class Gate {
  private closed: Deferred<void> | undefined;

  close(): void {
    this.closed ??= new Deferred<void>();
  }

  open(): void {
    const { closed } = this;
    this.closed = undefined;
    closed?.resolve();
  }

  /** Undefined while it is open, so that passing costs nothing; else what to wait for before looking again. */
  get blocked(): Promise<void> | undefined {
    return this.closed?.promise;
  }
}
