/** HTTP servers on this machine, played by a test: every request is recorded, and the test answers it byte by byte if it likes. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import type { JsonObject, JsonValue } from '../../src/base/json';
import type { JsonRpcMessage } from '../../src/protocol/jsonrpc';

/** One request as it arrived. */
export interface HttpExchange {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Its body as it came. */
  readonly text: string;
  /** The JSON of its body, if it is that. */
  readonly body: JsonValue | undefined;
  readonly response: http.ServerResponse;
  /** True once the client has closed the connection before the answer was complete. */
  aborted: boolean;
}

type Answer = (exchange: HttpExchange) => void | Promise<void>;

export class ScriptedHttp {
  readonly exchanges: HttpExchange[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly server: http.Server,
    answer: Answer,
  ) {
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.wake();
      });
    });
    server.on(
      'request',
      (request: http.IncomingMessage, response) => void this.take(request, response, answer),
    );
  }

  /** Starts on a free port of 127.0.0.1. */
  static async start(answer: Answer): Promise<ScriptedHttp> {
    // More than it has to take, so that it is never what bounds a request.
    const server = http.createServer({ maxHeaderSize: 65_536 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ScriptedHttp(server, answer);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.sockets.size;
  }

  /** Requests with this HTTP method, and this JSON-RPC method in their body. */
  got(method: string, rpcMethod?: string): HttpExchange[] {
    return this.exchanges.filter(
      (exchange) =>
        exchange.method === method && (rpcMethod === undefined || rpcMethodOf(exchange.body) === rpcMethod),
    );
  }

  /** Waits until the condition holds; it is looked at whenever something happened here. */
  async until(condition: () => boolean, what: string): Promise<void> {
    while (!condition()) {
      let timer: NodeJS.Timeout | undefined;
      const seen = await new Promise<boolean>((resolve) => {
        const wake = (): void => resolve(true);
        this.waiting.add(wake);
        timer = setTimeout(() => resolve(false), 10_000);
      });
      clearTimeout(timer);
      assert.ok(seen, `in vain: ${what}`);
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    answer: Answer,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const exchange: HttpExchange = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: jsonOf(text),
      response,
      aborted: false,
    };
    response.once('close', () => {
      exchange.aborted = !response.writableFinished;
      this.wake();
    });
    this.exchanges.push(exchange);
    this.wake();
    await answer(exchange);
    this.wake();
  }

  private wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // A form, or nothing.
  }
}

function rpcMethodOf(body: JsonValue | undefined): string | undefined {
  const message = body as { readonly method?: unknown } | null | undefined;
  return typeof message?.method === 'string' ? message.method : undefined;
}

/** Answers with JSON. */
export function json(
  { response }: HttpExchange,
  status: number,
  value: unknown,
  headers: http.OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** Answers a JSON-RPC request with a result. */
export function result(
  exchange: HttpExchange,
  value: JsonObject,
  headers: http.OutgoingHttpHeaders = {},
): void {
  json(exchange, 200, { jsonrpc: '2.0', id: idOf(exchange), result: value }, headers);
}

/** Answers a JSON-RPC request with an error. */
export function rpcError(exchange: HttpExchange, status: number, code: number, data?: JsonValue): void {
  const error = { code, message: 'no', ...(data === undefined ? {} : { data }) };
  json(exchange, status, { jsonrpc: '2.0', id: idOf(exchange), error });
}

/** Begins a stream of events. */
export function stream({ response }: HttpExchange): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
}

/** Writes one event with a message. */
export function event({ response }: HttpExchange, message: JsonRpcMessage | JsonObject, id?: string): void {
  response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`);
}

/** The id of the request in the body. */
export function idOf({ body }: HttpExchange): string | number {
  const { id } = body as { readonly id: string | number };
  return id;
}

/** The params of the message in the body. */
export function paramsOf({ body }: HttpExchange): JsonObject {
  const { params } = body as { readonly params?: JsonObject };
  return params ?? {};
}
