/**
 * Serves what the server asks with `vscode-jsonrpc`: what it is asked to leave alone, and what it must not print. It is loaded with the
 * first request of a server, because most never ask anything.
 */

import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationSenderStrategy,
  CancellationTokenSource,
  createMessageConnection,
  ResponseError,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';

import type { JsonRpcMessage, JsonRpcRequest } from '../protocol/jsonrpc';
import type { InboundAnswer } from './rpcHandlers';

/** What the library calls. */
interface LibraryHandlers {
  /** Serves the request that was delivered under `key`. */
  readonly serve: (key: string, method: string, params: unknown) => Promise<InboundAnswer>;
  /** Takes what is to be written. */
  readonly write: (message: JsonRpcMessage) => void;
  /** A protocol oddity. The library tells its payload as well, which is not passed on. */
  readonly onOdd: () => void;
}

/** A connection that serves. */
export interface LibraryConnection {
  /** Gives one request to the library; its id is a key. */
  deliver(request: JsonRpcRequest): void;
  dispose(): void;
}

/** A connection that listens. */
export function openLibraryConnection({ serve, write, onOdd }: LibraryHandlers): LibraryConnection {
  const quiet = (): void => undefined;
  const reader = new RequestReader();
  /** The library's token of a request → its key. */
  const keys = new WeakMap<object, string>();
  const logger = { error: onOdd, warn: onOdd, info: quiet, log: quiet };
  const connection = createMessageConnection(reader, new AnswerSink(write), logger, {
    // Requests are bounded before they come here, and one that waits for a person must not hold up the others.
    maxParallelism: 1_000_000,
    cancellationStrategy: {
      receiver: {
        kind: 'request',
        createCancellationTokenSource: ({ id }) => {
          const source = new CancellationTokenSource();
          keys.set(source.token, String(id));
          return source;
        },
      },
      // Nothing is asked through the library.
      sender: CancellationSenderStrategy.Message,
    },
  });
  connection.onRequest(async (method: string, params: unknown, token: object) => {
    const answer = await serve(keys.get(token) ?? '', method, params);
    return answer.kind === 'result' ? answer.result : new ResponseError(answer.code, answer.message);
  });
  // Failures are told when the transport closes; without a listener the library would print them.
  connection.onError(quiet);
  connection.listen();
  return {
    deliver: (request) => reader.deliver(request),
    dispose: () => connection.dispose(),
  };
}

/** Hands requests to the connection: framing and back-pressure belong to the transport. */
class RequestReader extends AbstractMessageReader implements MessageReader {
  private callback: DataCallback | undefined;

  listen(callback: DataCallback): Disposable {
    this.callback = callback;
    return { dispose: () => (this.callback = undefined) };
  }

  deliver(message: JsonRpcRequest): void {
    this.callback?.(message);
  }
}

/** Takes answers from the connection. Writing never fails: a dead transport settles everything by itself. */
class AnswerSink extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly send: (message: JsonRpcMessage) => void) {
    super();
  }

  write(message: Message): Promise<void> {
    this.send(message as JsonRpcMessage);
    return Promise.resolve();
  }

  end(): void {
    // The transport's owner ends it.
  }
}
