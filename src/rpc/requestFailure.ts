/** How a request failed, told apart and bounded. */

import type { CancelSignal } from '../base/cancelSignal';
import { ownString, type JsonObject } from '../base/json';
import { cutText } from '../protocol/cutText';
import type { Failure } from '../protocol/failure';
import type { JsonRpcErrorObject } from '../protocol/jsonrpc';
import type { TransportClose } from '../transport/transport';

/** Characters of an error's `data` that are kept. */
const MAX_ERROR_DATA = 65_536;
const MAX_REASON = 200;

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

/** What the server is told when a request is cancelled: the signal's reason when that is a text of ours. */
export function cancelReason(signal: CancelSignal | undefined): string {
  const reason: unknown = signal?.reason;
  return typeof reason === 'string' ? reason : 'cancelled by the user';
}

/** Why the server cancels, in its own words, for the log (CANC6). */
export function reasonIn(params: JsonObject): string | undefined {
  const reason = ownString(params, 'reason');
  return reason === undefined ? undefined : cutText(reason, MAX_REASON);
}

/** What requests fail with when the connection is over before their answer. */
export function closedFailure(close: TransportClose): Failure {
  if (close.kind === 'violation') return { code: 'connection-closed', violation: close.detail };
  if (close.kind === 'ended' && close.isCut) return { code: 'answer-lost' };
  return { code: 'connection-closed', ...(close.exit === undefined ? {} : { exit: close.exit }) };
}

/** What requests fail with that come behind the end, where those that waited fail with `failure`: they never leave. */
export function afterEnd(failure: Failure): Failure {
  return failure.code === 'answer-lost' ? { code: 'connection-closed' } : failure;
}
