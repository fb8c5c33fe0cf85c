/** Progress tokens of running requests, and the reports that arrive for them (PROG1 to PROG3). */

import { isObject, own, ownString, type JsonObject } from '../base/json';
import type { Disposable } from '../base/disposable';
import { IdTable } from '../base/idTable';
import { cutText } from '../protocol/cutText';

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

/** The tokens of one session. */
export class ProgressTokens {
  private next = 1;
  private readonly tokens = new IdTable<Token>();

  /** @param alive called for every valid report, before `report`. */
  open(report: (progress: Progress) => void, alive: () => void): OpenToken {
    const token = new Token(this.tokens, this.next++, report, alive);
    this.tokens.add(token.id, token);
    return token;
  }

  /** Takes `notifications/progress` params. Unknown tokens, steps back and values that are no numbers are ignored (T055). */
  report(params: JsonObject): void {
    const token = this.tokens.get(own(params, 'progressToken'));
    const progress = own(params, 'progress');
    if (!token || typeof progress !== 'number' || !Number.isFinite(progress) || progress <= token.last)
      return;
    token.last = progress;
    const total = own(params, 'total');
    const message = ownString(params, 'message');
    token.alive();
    token.report({
      progress,
      ...(typeof total === 'number' && Number.isFinite(total) && total > 0 ? { total } : {}),
      ...(message === undefined ? {} : { message: cutText(message, MAX_MESSAGE) }),
    });
  }
}

/** A class, because there is one for every call. */
class Token implements OpenToken {
  /** What was reported last. */
  last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly tokens: IdTable<Token>,
    readonly id: number,
    readonly report: (progress: Progress) => void,
    readonly alive: () => void,
  ) {}

  addTo(params: JsonObject): JsonObject {
    const meta = own(params, '_meta');
    const asked = isObject(meta) ? { ...meta, progressToken: this.id } : { progressToken: this.id };
    return { ...params, _meta: asked };
  }

  dispose(): void {
    this.tokens.take(this.id);
  }
}
