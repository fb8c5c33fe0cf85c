/** Requests that the server sent and that are being served: bounded in number, cancellable by the server, silent once cancelled. */

import type { JsonRpcError, JsonRpcRequest, JsonRpcResult, RequestId } from '../protocol/jsonrpc';

/** More than this many at once are answered with "busy" (T056). */
const MAX_INBOUND = 50;

/** A request that is not answered yet. */
interface Admitted {
  /** The server's own id. */
  readonly id: RequestId;
  /** The request of ours on whose stream it came, where that is known. */
  readonly during: RequestId | undefined;
}

/** What is known of a request that is being served. */
interface ServedRequest {
  readonly signal: AbortSignal;
  readonly during: RequestId | undefined;
}

/**
 * The library queues requests by the text of their id, where `1` and `"1"` are the same and one would replace the other.
 * It therefore sees keys that carry the type (BASE2), and the session: each may number its requests from the beginning.
 */
export class InboundRequests {
  /** By key. */
  private readonly admitted = new Map<string, Admitted>();
  /** What ends those that are being served, by key. */
  private readonly serving = new Map<string, AbortController>();
  private readonly silenced = new Set<string>();
  private ignoring = false;
  private session = 0;
  /** The first id of ours in this session. */
  private firstId = 0;

  constructor(private readonly onBusy: (request: JsonRpcRequest) => void) {}

  /** The request under its key when it may be served. A second one with an id still being served is dropped. */
  admit(request: JsonRpcRequest, during?: RequestId): JsonRpcRequest | undefined {
    const key = this.keyOf(request.id);
    if (this.ignoring || this.isOfLostSession(during) || this.admitted.has(key)) return undefined;
    if (this.admitted.size >= MAX_INBOUND) {
      this.onBusy(request);
      return undefined;
    }
    this.admitted.set(key, { id: request.id, during });
    return { ...request, id: key };
  }

  /** True when a request that was not taken may be answered: nobody else answers under its id. */
  mayRefuse(id: RequestId): boolean {
    return !this.ignoring && !this.admitted.has(this.keyOf(id));
  }

  /** Begins to serve the request under `key`. */
  open(key: string): ServedRequest {
    const admitted = this.admitted.get(key);
    if (!admitted) return { signal: AbortSignal.abort(), during: undefined };
    const abort = new AbortController();
    this.serving.set(key, abort);
    if (this.ignoring || this.silenced.has(key)) abort.abort();
    return { signal: abort.signal, during: admitted.during };
  }

  /** The server takes a request back. @returns false for unknown, finished or malformed ids, which are ignored (CANC4). */
  cancel(id: unknown, during?: RequestId): boolean {
    if ((typeof id !== 'string' && typeof id !== 'number') || this.isOfLostSession(during)) return false;
    const key = this.keyOf(id);
    if (!this.admitted.has(key)) return false;
    this.silenced.add(key);
    this.serving.get(key)?.abort();
    return true;
  }

  /** The library's answer under the server's id, or undefined when none may be sent. Also forgets the request. */
  settle(answer: JsonRpcResult | JsonRpcError): JsonRpcResult | JsonRpcError | undefined {
    if (typeof answer.id !== 'string') return undefined;
    const id = this.admitted.get(answer.id)?.id;
    this.admitted.delete(answer.id);
    this.serving.delete(answer.id);
    const silent = this.silenced.delete(answer.id) || this.ignoring;
    return silent || id === undefined ? undefined : { ...answer, id };
  }

  /**
   * The server has lost its session: what it asked in that, or asks on a stream of it, is neither served nor answered any more.
   * @param firstId the first id that a request of ours has from now on
   */
  beginSession(firstId: number): void {
    this.firstId = firstId;
    for (const key of this.admitted.keys()) this.silenced.add(key);
    for (const abort of this.serving.values()) abort.abort();
    this.session++;
  }

  /** From now on nothing of the server's is served or answered, not even what it asked before (BASE6). */
  ignoreAll(): void {
    this.ignoring = true;
    for (const abort of this.serving.values()) abort.abort();
  }

  /** The session is over: whoever serves a request is told to stop. */
  abortAll(): void {
    this.ignoreAll();
    this.serving.clear();
  }

  private isOfLostSession(during: RequestId | undefined): boolean {
    return typeof during === 'number' && during < this.firstId;
  }

  private keyOf(id: RequestId): string {
    return `${this.session}${typeof id === 'number' ? 'n' : 's'}${id}`;
  }
}
