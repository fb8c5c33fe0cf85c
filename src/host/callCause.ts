/** Which calls of the person may have led a server to ask, and how long they entitle it to. Only what is certain is said. */

import type { RequestOrigin } from '../client/contract';
import type { Call, Calls } from './calls';
import type { Cause } from './consentQueue';

/** What led to one request, as it was when the request came: calls that begin later cannot have led to it. */
export class CallCause {
  private readonly candidates: readonly Call[];

  constructor(
    private readonly calls: Calls,
    serverId: string,
    private readonly origin: RequestOrigin,
  ) {
    const running = calls.runningOf(serverId);
    // A client may only name calls of its own server.
    this.candidates =
      origin.kind === 'unattributed'
        ? running
        : running.filter(({ id }) => origin.kind === 'call' && id === origin.callId);
  }

  /** Those of these calls that still run: the one that led to the request, where that is certain, else all that may have. */
  get running(): readonly Call[] {
    return this.candidates.filter(({ id }) => this.calls.get(id)?.state.kind === 'running');
  }

  /** The call that led to it, while it runs and when that is certain. */
  get call(): Call | undefined {
    return this.origin.kind === 'call' ? this.running[0] : undefined;
  }

  /** True when a call of the person's is known to have led to it, so that it ends with that call whatever else is allowed (T145). */
  get isOfCall(): boolean {
    switch (this.origin.kind) {
      case 'ended':
        return true;
      case 'call': {
        // What the host does by itself is no call of the person's.
        const named = this.calls.get(this.origin.callId);
        return named?.background !== true;
      }
      case 'unattributed':
        return false;
    }
  }

  /** What led to it, for the person. */
  describe(): Cause {
    const { call } = this;
    const part = this.origin.kind === 'call' ? this.origin.part : undefined;
    return call
      ? { kind: 'call', callId: call.id, callTitle: call.target, ...(part ? { part } : {}) }
      : { kind: 'while-running', callTitles: this.running.map(({ target }) => target) };
  }

  /** Does something that only a running call entitles to: its signal aborts with the last of these calls (T138). */
  async whileRunning<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const over = new AbortController();
    const look = (): void => {
      if (this.running.length === 0) over.abort();
    };
    const watching = this.calls.onDidChange(look);
    look();
    try {
      return await work(AbortSignal.any([signal, over.signal]));
    } finally {
      watching.dispose();
    }
  }
}
