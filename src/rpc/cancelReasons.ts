/** Why a request is taken back, as either side says it. */

import type { CancelSignal } from '../base/cancelSignal';
import { ownString, type JsonObject } from '../base/json';
import { cutText } from '../protocol/cutText';

/** Characters. */
const MAX_REASON = 200;

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
