/** Progress tokens of running requests, and the reports that arrive for them (PROG1 to PROG3). */

import { isObject, own, ownString, type JsonObject } from '../base/json';
import type { Disposable } from '../base/disposable';
import { IdTable } from '../base/idTable';

/** One report. `progress` only ever grows. */
export interface Progress {
  readonly progress: number;
  readonly total?: number;
  /** At most 500 characters, raw text of the server. */
  readonly message?: string;
}

/** A token while its request runs. */
export interface OpenToken extends Disposable {
  /** A copy of `params` that asks for progress. */
  addTo(params: JsonObject): JsonObject;
}

const MAX_MESSAGE = 500;

interface Listener {
  readonly report: (progress: Progress) => void;
  readonly alive: () => void;
  last: number;
}

/** The tokens of one session. */
export class ProgressTokens {
  private next = 1;
  private readonly tokens = new IdTable<Listener>();

  /** @param alive called for every valid report, before `report`. */
  open(report: (progress: Progress) => void, alive: () => void): OpenToken {
    const token = this.next++;
    this.tokens.add(token, { report, alive, last: Number.NEGATIVE_INFINITY });
    return {
      dispose: () => void this.tokens.take(token),
      addTo: (params) => {
        const meta = own(params, '_meta');
        return { ...params, _meta: { ...(isObject(meta) ? meta : {}), progressToken: token } };
      },
    };
  }

  /** Takes `notifications/progress` params. Unknown tokens, steps back and values that are no numbers are ignored (T055). */
  report(params: JsonObject): void {
    const token = own(params, 'progressToken');
    const listener = this.tokens.get(token);
    const progress = own(params, 'progress');
    if (!listener || typeof progress !== 'number' || !Number.isFinite(progress) || progress <= listener.last)
      return;
    listener.last = progress;
    const total = own(params, 'total');
    const message = ownString(params, 'message');
    listener.alive();
    listener.report({
      progress,
      ...(typeof total === 'number' && Number.isFinite(total) && total > 0 ? { total } : {}),
      ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE) }),
    });
  }
}
