/** How a request is taken back over HTTP in the stateful era: with a message that nothing else may wait for. */

import { isObject, own } from '../../base/json';
import { isNotification, type JsonRpcMessage, type RequestId } from '../../protocol/jsonrpc';

/** How such a message is sent. */
export const GOODBYE = { answerMs: 2_000, isGoodbye: true } as const;

/** The request that a message takes back, if that is what it does. */
export function takenBackBy(message: JsonRpcMessage): RequestId | undefined {
  if (!isNotification(message) || message.method !== 'notifications/cancelled') return undefined;
  const id = isObject(message.params) ? own(message.params, 'requestId') : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
