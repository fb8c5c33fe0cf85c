/** What one server has asked the person of one kind: how often lately and in each call, and whose turn it is. Decides nothing. */

import type { Clock } from '../base/clock';
import type { Call, Calls } from './calls';
import { RefusalNotes } from './refusalNotes';
import { Turns } from './turns';

const HOUR_MS = 3_600_000;

/** Counts before a request, as policy takes them. */
export interface QuestionCounts {
  /** Requests that wait, the one before the person included. */
  readonly waiting: number;
  /** Requests of the last hour. */
  readonly requests: number;
  /** Requests that count against a call that may have led to this one; of several, against the one with most. */
  readonly ofThisCall: number;
}

/** Of a request that was counted when it came. */
export const COUNTED: QuestionCounts = { waiting: 0, requests: 0, ofThisCall: 0 };

export class QuestionHistory {
  readonly refusals: RefusalNotes;
  /** A person is asked one thing at a time per server. */
  readonly turns = new Turns();
  /** Monotonic milliseconds, ascending. */
  private readonly requests: number[] = [];
  private readonly perCall = new Map<number, number>();

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
  ) {
    this.refusals = new RefusalNotes(clock);
  }

  /** @param led calls that may have led to the request. */
  counts(led: readonly Call[]): QuestionCounts {
    const now = this.clock.monotonic();
    while ((this.requests[0] ?? now) < now - HOUR_MS) this.requests.shift();
    return {
      waiting: this.turns.waiting,
      requests: this.requests.length,
      ofThisCall: Math.max(0, ...led.map(({ id }) => this.perCall.get(id) ?? 0)),
    };
  }

  /** Counts a request against all calls that may have led to it: where that is not known, a limit holds for each of them. */
  add(led: readonly Call[]): void {
    this.requests.push(this.clock.monotonic());
    for (const id of this.perCall.keys())
      if (this.calls.get(id)?.state.kind !== 'running') this.perCall.delete(id);
    for (const { id } of led) this.perCall.set(id, (this.perCall.get(id) ?? 0) + 1);
  }
}
