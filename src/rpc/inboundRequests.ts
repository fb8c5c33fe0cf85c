/** Requests that the server sent and that are being served: bounded in number, cancellable by the server, silent once cancelled. */

import { CancellationTokenSource, type Message } from 'vscode-jsonrpc/node';

import { isResponse, type JsonRpcMessage, type JsonRpcRequest, type RequestId } from '../protocol/jsonrpc';

/** More than this many at once are answered with "busy" (T056). */
const MAX_INBOUND = 50;

interface Serving {
  readonly source: CancellationTokenSource;
  readonly abort: AbortController;
}

export class InboundRequests {
  private readonly admitted = new Set<RequestId>();
  private readonly serving = new Map<RequestId, Serving>();
  private readonly silenced = new Set<RequestId>();
  private ignoring = false;

  constructor(private readonly onBusy: (request: JsonRpcRequest) => void) {}

  /** True when the request may be served. A second request with an id still being served is dropped. */
  admit(request: JsonRpcRequest): boolean {
    if (this.ignoring || this.admitted.has(request.id)) return false;
    if (this.admitted.size >= MAX_INBOUND) {
      this.onBusy(request);
      return false;
    }
    this.admitted.add(request.id);
    return true;
  }

  /** The library's hook for the cancellation of one request it starts to serve. */
  open(id: RequestId | null): CancellationTokenSource {
    const source = new CancellationTokenSource();
    if (id === null) return source;
    const abort = new AbortController();
    source.token.onCancellationRequested(() => abort.abort());
    this.serving.set(id, { source, abort });
    if (this.silenced.has(id)) source.cancel();
    return source;
  }

  /** The abort signal that belongs to the library's token. */
  signalOf(token: unknown): AbortSignal {
    for (const { source, abort } of this.serving.values()) if (source.token === token) return abort.signal;
    return AbortSignal.abort();
  }

  /** The server takes a request back. Unknown, finished or malformed ids are ignored (CANC4). */
  cancel(id: unknown): void {
    if ((typeof id !== 'string' && typeof id !== 'number') || !this.admitted.has(id)) return;
    this.silenced.add(id);
    this.serving.get(id)?.source.cancel();
  }

  /** True for the answer to a cancelled request: none is sent. Also forgets the request. */
  isSilenced(message: JsonRpcMessage | Message): boolean {
    const response = message as JsonRpcMessage;
    if (!isResponse(response) || response.id === undefined) return false;
    this.admitted.delete(response.id);
    this.serving.delete(response.id);
    return this.silenced.delete(response.id);
  }

  /** From now on nothing of the server's is served. */
  ignoreAll(): void {
    this.ignoring = true;
  }

  /** The session is over: whoever serves a request is told to stop. */
  abortAll(): void {
    this.ignoring = true;
    for (const { abort } of this.serving.values()) abort.abort();
    this.serving.clear();
  }
}
