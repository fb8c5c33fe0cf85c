/** How a request failed, told apart and bounded. */

import { cutText } from '../protocol/cutText';
import { FailureError, type Failure } from '../protocol/failure';
import type { JsonRpcErrorObject } from '../protocol/jsonrpc';
import type { TransportClose } from '../transport/transport';
import type { RequestOptions } from './rpcHandlers';

/** Characters of an error's `data` that are kept. */
const MAX_ERROR_DATA = 65_536;

/** The request never left. */
export const UNWRITTEN: Failure = { code: 'internal', detail: 'the request cannot be written as JSON' };

/** A server's error answer as a failure. The message was bounded when it was read. */
export function answerFailure({ code, message, data }: JsonRpcErrorObject): Failure {
  return {
    code: 'server-error',
    rpcCode: code,
    message,
    ...(data === undefined ? {} : { data: cutText(JSON.stringify(data), MAX_ERROR_DATA) }),
  };
}

/** What requests fail with when the connection is over before their answer. */
export function closedFailure(close: TransportClose): Failure {
  if (close.kind === 'violation') return { code: 'connection-closed', violation: close.detail };
  if (close.kind === 'ended' && close.isCut) return { code: 'answer-lost' };
  return { code: 'connection-closed', ...(close.exit === undefined ? {} : { exit: close.exit }) };
}

/** What a request that was sent fails with when its answer does not come, or cannot be taken. */
export function unanswered(failure: Failure, { acts }: RequestOptions): FailureError {
  return new FailureError(acts === true ? { ...failure, mayHaveActed: true } : failure);
}

/** What requests fail with that come behind the end, where those that waited fail with `failure`: they never leave. */
export function afterEnd(failure: Failure): Failure {
  return failure.code === 'answer-lost' ? { code: 'connection-closed' } : failure;
}
