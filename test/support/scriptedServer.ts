/** A server played by a table of answers, at the far end of a {@link MemoryTransport} pair. It knows no MCP method. */

import { Deferred } from '../../src/base/deferred';
import type { JsonObject, JsonValue } from '../../src/base/json';
import {
  isRequest,
  isResponse,
  type JsonRpcError,
  type JsonRpcMessage,
  type JsonRpcRequest,
  type JsonRpcResult,
  type RequestId,
} from '../../src/protocol/jsonrpc';
import { MemoryTransport } from './memoryTransport';
import type { TransportClose } from '../../src/transport/transport';

/** Thrown by an {@link Answer} to reply with an error. */
export class ScriptedError extends Error {
  override readonly name = 'ScriptedError';

  constructor(
    readonly code: number,
    message: string,
    readonly data?: JsonValue,
  ) {
    super(message);
  }
}

/** Gives the result of a request; `undefined` leaves it unanswered. */
export type Answer = (
  params: JsonObject,
  request: JsonRpcRequest,
) => JsonValue | undefined | Promise<JsonValue | undefined>;

/** Requests without an answer in the table get "method not found" (-32601). */
export class ScriptedServer {
  /** Give this to the client under test. */
  readonly clientTransport: MemoryTransport;
  /** Everything that arrived, in order. */
  readonly received: JsonRpcMessage[] = [];
  private readonly link: MemoryTransport;
  private readonly closed = new Deferred<TransportClose>();
  private readonly pending = new Map<RequestId, Deferred<JsonRpcResult | JsonRpcError>>();
  private readonly waiting = new Set<() => void>();
  private nextId = 1;

  constructor(readonly answers: Map<string, Answer>) {
    const [client, server] = MemoryTransport.pair();
    this.clientTransport = client;
    this.link = server;
    void server.start({
      onMessage: (message) => this.take(message),
      onRefused: () => undefined,
      onFailed: () => undefined,
      onOdd: () => undefined,
      onNoise: () => undefined,
      onStderr: () => undefined,
      onClose: (close) => this.closed.resolve(close),
    });
  }

  /** Resolves when the client closed the connection, or it ended from here. */
  get whenClosed(): Promise<TransportClose> {
    return this.closed.promise;
  }

  /** This end, for what messages cannot express: `exit`, `violate`, `peerHandlers`. */
  get transport(): MemoryTransport {
    return this.link;
  }

  notify(method: string, params?: JsonObject): void {
    this.link.send(params === undefined ? { jsonrpc: '2.0', method } : { jsonrpc: '2.0', method, params });
  }

  /** Asks the client; resolves with its response. Ids are strings, so that they never equal the client's own. */
  request(method: string, params?: JsonObject): Promise<JsonRpcResult | JsonRpcError> {
    const id = `server-${this.nextId}`;
    this.nextId += 1;
    const pending = new Deferred<JsonRpcResult | JsonRpcError>();
    this.pending.set(id, pending);
    this.link.send(
      params === undefined ? { jsonrpc: '2.0', id, method } : { jsonrpc: '2.0', id, method, params },
    );
    return pending.promise;
  }

  /** Answers a request that its table entry left open. */
  respond(id: RequestId, result: JsonValue): void {
    this.link.send({ jsonrpc: '2.0', id, result });
  }

  /** Resolves when `count` requests or notifications of this method have arrived, with the last of them. */
  async waitFor(method: string, count = 1): Promise<JsonRpcMessage> {
    for (;;) {
      const found = this.received.filter((message) => 'method' in message && message.method === method)[
        count - 1
      ];
      if (found) return found;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private take(message: JsonRpcMessage): void {
    this.received.push(message);
    if (isRequest(message)) void this.answer(message);
    else if (isResponse(message) && message.id !== undefined) this.pending.get(message.id)?.resolve(message);
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Answers that are no promises leave in the order of their requests. */
  private async answer(request: JsonRpcRequest): Promise<void> {
    const outcome = new Promise<JsonValue | undefined>((resolve) => {
      const answer = this.answers.get(request.method);
      if (!answer) throw new ScriptedError(-32601, 'Method not found');
      resolve(answer(request.params ?? {}, request));
    });
    await outcome.then(
      (result) => {
        if (result !== undefined) this.respond(request.id, result);
      },
      (error: unknown) => this.fail(request.id, error),
    );
  }

  private fail(id: RequestId, thrown: unknown): void {
    const error = thrown instanceof ScriptedError ? thrown : new ScriptedError(-32603, String(thrown));
    const { code, message, data } = error;
    this.link.send({ jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } });
  }
}
