/** The two stream classes `vscode-jsonrpc` wants, reduced to functions: framing and back-pressure belong to the transport. */

import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';

import type { JsonRpcMessage } from '../protocol/jsonrpc';

/** Hands messages to the connection. */
export class SessionReader extends AbstractMessageReader implements MessageReader {
  private callback: DataCallback | undefined;

  listen(callback: DataCallback): Disposable {
    this.callback = callback;
    return { dispose: () => (this.callback = undefined) };
  }

  /** Gives one message to the library. */
  deliver(message: JsonRpcMessage): void {
    this.callback?.(message);
  }
}

/** Takes messages from the connection. Writing never fails: a dead transport settles everything by itself. */
export class SessionWriter extends AbstractMessageWriter implements MessageWriter {
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
