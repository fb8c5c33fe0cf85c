/**
 * One JSON-RPC session with a server: requests of ours with deadlines and MCP's cancellation, everything settled when the transport
 * closes; what the server asks is served by `vscode-jsonrpc`, and nothing of ours leaks in errors.
 * It knows JSON-RPC, not MCP methods beyond cancellation and progress.
 */

import { IdTable } from '../base/idTable';
import { own, type JsonObject, type JsonValue } from '../base/json';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, type Failure } from '../protocol/failure';
import {
  isNotification,
  isRequest,
  isResponse,
  type JsonRpcError,
  type JsonRpcMessage,
  type JsonRpcRequest,
  type JsonRpcResult,
  type MessageSubject,
  type RequestId,
} from '../protocol/jsonrpc';
import type { Negotiated } from '../protocol/revisions';
import type { Transport, TransportClose } from '../transport/transport';
import { AnswerWriter, errorAnswer } from './answerWriter';
import { InboundRequests } from './inboundRequests';
import type { LibraryConnection } from './libraryConnection';
import { afterEnd, answerFailure, closedFailure, unanswered, UNWRITTEN } from './requestFailure';
import { cancelReason, reasonIn } from './cancelReasons';
import { Late, latePart } from '../transport/latePart';
import { ProgressTokens } from './progressTokens';
import type { InboundAnswer, Led, RequestOptions, RpcHandlers } from './rpcHandlers';
import type { SessionClock } from './sessionClock';

/** A request that waits for its answer. */
interface PendingCall {
  resolve(result: JsonValue): void;
  reject(error: FailureError): void;
  /** Ends what runs beside it. */
  release(): void;
  readonly options: RequestOptions;
}

/** A session over an open or opening transport. */
export class RpcConnection {
  /** For what the server asks. */
  private readonly library = new Late<LibraryConnection>(() => this.openLibrary());
  private readonly inbound: InboundRequests;
  private readonly answers: AnswerWriter;
  /** For tokens that outlive a request; the others are opened with `onProgress`. */
  readonly progress = new ProgressTokens();
  private readonly pending = new IdTable<PendingCall>();
  private nextId = 0;
  private closed: Failure | undefined;
  private messages = 0;

  constructor(
    private readonly transport: Transport,
    readonly clock: SessionClock,
    private readonly handlers: RpcHandlers,
  ) {
    this.answers = new AnswerWriter(transport);
    this.inbound = new InboundRequests((busy) =>
      this.answers.send(errorAnswer(busy.id, ErrorCode.busy, 'Too many requests at once.')),
    );
  }

  /**
   * Opens the transport.
   * @throws FailureError what {@link Transport.start} fails with.
   */
  async start(): Promise<void> {
    await this.transport.start({
      onMessage: (message, during) => this.receive(message, during),
      onFailed: (id, failure) => this.fail(id, failure),
      onOdd: (message) => this.handlers.onOdd(message),
      onDoubt: () => this.handlers.onDoubt?.(),
      onRefused: ({ subject, bytes, detail }) => {
        this.handlers.onOdd(`A message of ${bytes} bytes was refused: ${detail}.`);
        this.settleUntaken(subject, { code: 'message-refused', bytes, detail });
      },
      onNoise: ({ subject, excerpt, reason }) => {
        this.handlers.onOdd(`The server wrote something that is not MCP (${reason}).`, excerpt);
        this.settleUntaken(subject, { code: 'invalid-result', detail: reason });
      },
      onStderr: (lines, dropped) => this.handlers.onStderr(lines, dropped),
      onClose: (close) => this.end(close),
    });
  }

  /**
   * Sends a request and waits for its answer.
   * @throws FailureError `server-error`, `timeout`, `cancelled`, `connection-closed`, `message-refused`, `invalid-result` for an
   * answer that is no JSON-RPC, or what the transport failed with.
   */
  request(method: string, params: JsonObject, options: RequestOptions): Promise<JsonValue> {
    if (this.closed) return Promise.reject(new FailureError(this.closed));
    if (options.signal?.aborted) return Promise.reject(new FailureError({ code: 'cancelled' }));
    const id = this.nextId++;
    const { signal, onProgress } = options;
    const deadline = this.clock.start(options.deadlines, (failure) =>
      this.giveUp(id, failure, 'timeout', options),
    );
    const token = onProgress && this.progress.open(onProgress, () => deadline.touch());
    const onAbort = (): void => this.giveUp(id, { code: 'cancelled' }, cancelReason(signal), options);
    signal?.addEventListener('abort', onAbort, { once: true });
    const release = (): void => {
      token?.dispose();
      deadline.dispose();
      signal?.removeEventListener('abort', onAbort);
    };
    const answer = new Promise<JsonValue>((resolve, reject) => {
      this.pending.add(id, { resolve, reject, release, options });
    });
    try {
      const message = { jsonrpc: '2.0', id, method, params: token ? token.addTo(params) : params } as const;
      this.transport.send(message, options.hints);
      options.onSent?.(id);
    } catch {
      // It nests too deep to be written.
      this.settle(id)?.reject(new FailureError(UNWRITTEN));
    }
    return answer;
  }

  /** Stops waiting for a request that the server itself has ended; nothing is sent. Unknown ids are ignored. */
  abandon(id: RequestId): void {
    this.settle(id)?.reject(new FailureError({ code: 'cancelled' }));
    this.transport.abandon?.(id);
  }

  /** Sends a notification; dropped after close. */
  notify(method: string, params?: JsonObject): void {
    if (this.closed) return;
    this.transport.send(
      params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params },
    );
  }

  /** Tells the transport what the handshake settled. */
  established(negotiated: Negotiated): void {
    this.transport.established?.(negotiated);
  }

  /** How often the server has said anything. */
  get heard(): number {
    return this.messages;
  }

  /** Requests of ours that wait for an answer. */
  get waiting(): number {
    return this.pending.size;
  }

  /** The server has lost its session, and gets another: nothing that it asked before is answered in that. */
  beginSession(): void {
    this.inbound.beginSession(this.nextId);
  }

  /** In the stateless era a server may not send requests and must not be answered (BASE6). */
  ignoreInboundRequests(): void {
    this.inbound.ignoreAll();
  }

  /** Closes the transport in an orderly way. Pending requests are rejected at once, with the reason. */
  async close(reason: Failure = { code: 'connection-closed' }): Promise<void> {
    this.settleAll(reason);
    await this.transport.close();
  }

  private receive(message: JsonRpcMessage, during: RequestId | undefined): void {
    if (this.closed) return;
    this.messages++;
    if (isNotification(message)) this.receiveNotification(message.method, message.params ?? {}, during);
    else if (!isRequest(message)) this.receiveAnswer(message, during);
    else if (!this.answers.isBlocked) {
      const admitted = this.inbound.admit(message, during);
      if (admitted) void this.deliver(admitted);
    }
  }

  private receiveAnswer(message: JsonRpcResult | JsonRpcError, during: RequestId | undefined): void {
    // An error that names no request belongs to the one on whose stream it came (BASE5).
    const { id = during } = message;
    if (id === undefined)
      return this.handlers.onOdd('The server answered with an error that names no request.');
    // Nothing that comes behind the answer is progress any more (PROG2).
    const call = this.settle(id);
    // Late, given twice, or to nothing that was ever asked (T050).
    if (!call) return this.handlers.onOdd('The server answered a request that waits for no answer.');
    // It came on another stream than its own, which may stay open without end (T077).
    if (during !== id) this.transport.abandon?.(id);
    if ('result' in message) call.resolve(message.result);
    else call.reject(new FailureError(answerFailure(message.error)));
  }

  /**
   * Notifications are handled here, synchronously: the library queues them one per turn of the event loop, where responses overtake
   * them and a flood piles up.
   */
  private receiveNotification(method: string, params: JsonObject, during: RequestId | undefined): void {
    if (method === 'notifications/progress') return this.progress.report(params);
    if (method === 'notifications/cancelled' && this.inbound.cancel(own(params, 'requestId'), during))
      this.handlers.onOdd('The server took back what it had asked for.', reasonIn(params));
    this.handlers.onNotification(method, params);
  }

  private async deliver(request: JsonRpcRequest): Promise<void> {
    try {
      const library = await this.library.get();
      if (!this.closed) library.deliver(request);
    } catch {
      this.write(errorAnswer(request.id, ErrorCode.internalError, 'Internal error.'));
    }
  }

  private async openLibrary(): Promise<LibraryConnection> {
    const { openLibraryConnection } = await latePart(() => import('./libraryConnection'));
    return openLibraryConnection({
      serve: (key, method, params) => this.serve(key, method, params),
      write: (message) => this.write(message),
      onOdd: () => this.handlers.onOdd('The JSON-RPC layer reported a protocol error.'),
    });
  }

  private async serve(key: string, method: string, params: unknown): Promise<InboundAnswer> {
    const { signal, during } = this.inbound.open(key);
    const led = during === undefined ? undefined : this.ledBy(during);
    try {
      // Taken back before it was begun: nobody is asked, and no answer leaves.
      if (signal.aborted) throw new FailureError({ code: 'cancelled' });
      return await this.handlers.onRequest(method, (params ?? {}) as JsonObject, signal, led);
    } catch {
      // Whatever was thrown may name paths or values of this machine; none of it goes onto the wire.
      return { kind: 'error', code: ErrorCode.internalError, message: 'Internal error.' };
    }
  }

  private ledBy(during: RequestId): Led {
    const call = this.pending.get(during);
    return call ? call.options.callId : 'ended';
  }

  /** What the library writes: answers to the server's requests. */
  private write(message: JsonRpcMessage): void {
    const answer = isResponse(message) ? this.inbound.settle(message) : undefined;
    if (answer) this.answers.send(answer);
  }

  /** The transport knows that a request will not be answered. */
  private fail(id: RequestId, failure: Failure): void {
    if (failure.code === 'http-error' || failure.code === 'server-error') this.messages++;
    this.settle(id)?.reject(new FailureError(failure));
  }

  /** Nobody waits for a message that was not taken: our call fails of it, and the server's request is an invalid one. */
  private settleUntaken(subject: MessageSubject | undefined, failure: Failure & { detail: string }): void {
    if (!subject || this.closed) return;
    const { kind, id } = subject;
    if (kind === 'request') {
      if (!this.inbound.mayRefuse(id) || this.answers.isBlocked) return;
      const message = `Invalid request: ${failure.detail}.`;
      return this.answers.send(errorAnswer(id, ErrorCode.invalidRequest, message));
    }
    const call = this.settle(id);
    call?.reject(unanswered(failure, call.options));
  }

  /** Takes what waits under `id` and ends what runs beside it; the caller says how it ended. */
  private settle(id: unknown): PendingCall | undefined {
    const call = this.pending.take(id);
    call?.release();
    return call;
  }

  /** We wait no longer, and the server is told unless it must not be. */
  private giveUp(id: number, failure: Failure, reason: string, { neverCancel }: RequestOptions): void {
    const call = this.settle(id);
    if (!call) return;
    call.reject(new FailureError(failure));
    if (this.transport.cancel?.(id) === true) return;
    if (neverCancel === true) this.transport.abandon?.(id);
    else this.notify('notifications/cancelled', { requestId: id, reason });
  }

  private end(close: TransportClose): void {
    this.settleAll(closedFailure(close));
    this.handlers.onClose(close);
  }

  private settleAll(failure: Failure): void {
    if (this.closed) return;
    this.closed = afterEnd(failure);
    for (const call of this.pending.takeAll()) {
      call.release();
      call.reject(unanswered(failure, call.options));
    }
    this.inbound.abortAll();
    this.library.ifAsked?.then((library) => library.dispose()).catch(() => undefined); // There is none.
  }
}
