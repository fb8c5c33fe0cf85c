/** Answers to the server's requests on their way out: nothing of ours leaks in them, and they do not pile up unread. */

import { ErrorCode } from '../protocol/errorCodes';
import type { JsonRpcError, JsonRpcResult, RequestId } from '../protocol/jsonrpc';
import type { Transport } from '../transport/transport';
import type { InboundAnswer } from './rpcHandlers';

/** Answers that may wait for a server that does not take them. */
const MAX_UNTAKEN = 1_000;

export class AnswerWriter {
  /** Answers written since the server last took what was written. */
  private untaken = 0;

  constructor(private readonly transport: Transport) {}

  /** True for a server that asks without end and takes no answers: it is not listened to (T057). */
  get isBlocked(): boolean {
    return this.transport.isCongested && this.untaken >= MAX_UNTAKEN;
  }

  /** Sends an answer; one that cannot be written becomes a fixed internal error. */
  send(answer: JsonRpcResult | JsonRpcError): void {
    this.untaken = this.transport.isCongested ? this.untaken + 1 : 0;
    try {
      this.transport.send(answer);
    } catch {
      // The library would put the message of what was thrown onto the wire.
      if (answer.id !== undefined)
        this.transport.send(errorAnswer(answer.id, ErrorCode.internalError, 'Internal error.'));
    }
  }
}

/** An error answer; `message` is our own text. */
export function errorAnswer(id: RequestId, code: number, message: string): JsonRpcError {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

/** The answer of a handler that does not do what was asked; `message` is our own text. */
export function wireError(code: number, message: string): InboundAnswer {
  return { kind: 'error', code, message };
}
