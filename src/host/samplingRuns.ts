/** Requests that are with a model now: what it has said so far, for whoever looks on, and a way to stop it. Decides nothing. */

import { Emitter } from '../base/event';
import type { SamplingRequest } from '../protocol/sampling';
import type { Cause } from './consentQueue';
import type { ChosenModel } from './ports';

/** What is with a model. */
export interface RunFacts {
  /** The same for all that becomes of one request of a server. */
  readonly conversation: number;
  readonly serverName: string;
  readonly model: ChosenModel;
  /** As it went to the model. */
  readonly request: SamplingRequest;
  readonly cause: Cause;
}

/** How it ended. */
export type RunEnd =
  /** The answer waits for the person: the whole of it, what was said until they stopped it, or an earlier one. */
  | { readonly kind: 'answered' }
  /** The server got the answer, which nobody wanted to see first. */
  | { readonly kind: 'returned' }
  /** `reason` is for the person. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Nobody waits for it any more. */
  | { readonly kind: 'withdrawn' };

/** A change of one run. */
export type RunChange =
  | { readonly kind: 'began' | 'said'; readonly run: SamplingRun }
  | { readonly kind: 'ended'; readonly run: SamplingRun; readonly end: RunEnd };

/** One request that is with a model. */
export class SamplingRun {
  private readonly stopping = new AbortController();
  private said = '';

  constructor(
    readonly facts: RunFacts,
    private readonly onChange: (change: RunChange) => void,
  ) {}

  /** All that the model has said so far. The answer may be shorter: a limit or a text that ends it may come to lie within. */
  get text(): string {
    return this.said;
  }

  /** Aborts when the person has heard enough. */
  get stopped(): AbortSignal {
    return this.stopping.signal;
  }

  stop(): void {
    this.stopping.abort();
  }

  say(text: string): void {
    if (this.stopped.aborted) return;
    this.said = text;
    this.onChange({ kind: 'said', run: this });
  }

  end(end: RunEnd): void {
    this.onChange({ kind: 'ended', run: this, end });
  }
}

/** All of them. */
export class SamplingRuns {
  private readonly running = new Map<number, SamplingRun>();
  private readonly changed = new Emitter<RunChange>();

  readonly onDidChange = this.changed.event;

  begin(facts: RunFacts): SamplingRun {
    const run = new SamplingRun(facts, (change) => {
      if (change.kind === 'ended') this.running.delete(facts.conversation);
      this.changed.fire(change);
    });
    this.running.set(facts.conversation, run);
    this.changed.fire({ kind: 'began', run });
    return run;
  }

  /** The one of this request, while it is with a model. */
  of(conversation: number): SamplingRun | undefined {
    return this.running.get(conversation);
  }
}
