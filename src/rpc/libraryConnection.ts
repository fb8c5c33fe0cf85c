/** Sets up `vscode-jsonrpc` for MCP: what it is asked to leave alone, and what it must not print. */

import {
  CancellationSenderStrategy,
  createMessageConnection,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';

import type { InboundRequests } from './inboundRequests';

/** What the library calls. */
export interface LibraryHandlers {
  /** Serves a request of the server; `token` belongs to it in {@link InboundRequests}. */
  readonly serve: (method: string, params: unknown, token: unknown) => Promise<unknown>;
  /** A protocol oddity. The library tells its payload as well, which is not passed on. */
  readonly onOdd: () => void;
}

/** A connection that listens. */
export function openLibraryConnection(
  reader: MessageReader,
  writer: MessageWriter,
  inbound: InboundRequests,
  { serve, onOdd }: LibraryHandlers,
): MessageConnection {
  const quiet = (): void => undefined;
  const logger = { error: onOdd, warn: onOdd, info: quiet, log: quiet };
  const connection = createMessageConnection(reader, writer, logger, {
    // Responses are settled at once instead of one per turn; requests of the server are bounded by InboundRequests.
    maxParallelism: 1_000_000,
    cancellationStrategy: {
      receiver: {
        kind: 'request',
        createCancellationTokenSource: (request) => inbound.open(request.id),
      },
      // Not used: the library would leave a cancelled call pending.
      sender: CancellationSenderStrategy.Message,
    },
  });
  connection.onRequest((method: string, params: unknown, token: unknown) => serve(method, params, token));
  // Failures are told when the transport closes; without a listener the library would print them.
  connection.onError(quiet);
  connection.listen();
  return connection;
}
