/**
 * The record of everything that waits for the person. Notifications only point here; deciding in one place settles an entry
 * everywhere, and a late click finds nothing to decide.
 */

import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { RequestPart, SignInRequest } from '../client/contract';
import type { ElicitationContent, ElicitationRequest } from '../protocol/elicitation';
import { contentProblems } from '../protocol/elicitationValues';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import { recheckEdit } from '../protocol/samplingEdit';
import { isHandAnswer, type HandAnswer } from '../protocol/samplingHand';
import type { LaunchFacts } from '../policy/launchFacts';
import type { LaunchReview } from '../policy/launchReview';
import type { GrantOffer } from '../policy/samplingGrants';
import type { ChosenModel, ModelChoice, WorkspaceFolder } from './ports';

/** What led to a server's request, as far as it is known. */
export type Cause =
  | {
      readonly kind: 'call';
      /** Two calls of the same tool are two. */
      readonly callId: number;
      readonly callTitle: string;
      /** Which of the requests that the call waits for together. */
      readonly part?: RequestPart;
    }
  /** The server asked while these calls ran; which one led to it cannot be known. */
  | { readonly kind: 'while-running'; readonly callTitles: readonly string[] };

/** What is asked. */
export type ConsentSubject =
  /** `changed` when an earlier form was approved; `before` what the person saw of it then, when that is kept. */
  | {
      readonly kind: 'launch';
      readonly review: LaunchReview;
      readonly changed: boolean;
      readonly before?: LaunchFacts;
    }
  | {
      readonly kind: 'sampling';
      /** The same for all that becomes of this request. */
      readonly conversation: number;
      readonly request: SamplingRequest;
      readonly cause: Cause;
      readonly model: ModelChoice;
      /** What the person may make a rule of; absent where that is not possible. */
      readonly grant?: GrantOffer;
    }
  /** What a model said, before the server gets it. */
  | {
      readonly kind: 'sampling-answer';
      readonly conversation: number;
      readonly answer: SamplingAnswer;
      /** As it went to the model. */
      readonly request: SamplingRequest;
      /** The person changed the request. */
      readonly edited: boolean;
      readonly cause: Cause;
      readonly model: ChosenModel;
      /** So often the model may still be asked the same. */
      readonly asksLeft: number;
      /** The person stopped the model, so this is what it had said until then. */
      readonly stopped?: true;
      /** Why the model, asked once more, gave no other answer; for the person. */
      readonly failure?: string;
    }
  /** Whether a browser opens to sign in. `host` is that of the server. */
  | {
      readonly kind: 'sign-in';
      readonly request: SignInRequest;
      readonly host: string;
      /** The person has just asked for it. */
      readonly clicked: boolean;
    }
  /** Which of these the server may know. Absent where no call is known to have led to it. */
  | {
      readonly kind: 'roots';
      readonly folders: readonly WorkspaceFolder[];
      readonly cause?: Extract<Cause, { readonly kind: 'call' }>;
    }
  /** Whether a tool runs that something else than a view of ours names: a link, a key of the person's, another extension. */
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly title?: string;
      readonly description?: string;
    }
  | { readonly kind: 'elicitation'; readonly request: ElicitationRequest; readonly cause: Cause }
  /** The person is busy with what they opened, and a call waits until they are done. */
  | { readonly kind: 'elicitation-wait'; readonly urls: readonly string[]; readonly cause: Cause };

/** One waiting question. Times are milliseconds since the epoch. */
export interface ConsentEntry {
  readonly id: number;
  readonly serverId: string;
  readonly serverName: string;
  readonly since: number;
  readonly expiresAt?: number;
  readonly subject: ConsentSubject;
}

/** What a person can say. */
export type PersonDecision =
  /** `model`, for sampling only: the one that the person chose instead of the one that the entry names. */
  | { readonly kind: 'allow-once'; readonly model?: ChosenModel }
  | { readonly kind: 'deny' }
  /** Sampling only: what the person made of the request goes to the model instead of it. */
  | { readonly kind: 'allow-edited'; readonly request: SamplingRequest; readonly model?: ChosenModel }
  /** Sampling only: the person answers in the model's place, or changes what it said, which has no other reason to end than its own. */
  | ({ readonly kind: 'answer' } & HandAnswer)
  /** An answer of a model only: it is asked the same once more. */
  | { readonly kind: 'ask-again' }
  /** A form only: what the person filled in, exactly as they were shown it. */
  | { readonly kind: 'submit'; readonly content: ElicitationContent }
  /** Folders only: the server may know these, and no others. */
  | { readonly kind: 'share'; readonly uris: readonly string[] }
  /** Elicitation only: neither yes nor no. */
  | { readonly kind: 'dismiss' };

/** How an entry ended. Only `allow-once`, `allow-edited`, `answer`, `submit` and `share` let anything happen. */
export type ConsentOutcome =
  | PersonDecision
  | { readonly kind: 'expired' }
  /** Whatever asked no longer does. */
  | { readonly kind: 'withdrawn' };

/** When an entry ends without the person; never by time when `expiresAfterMs` (milliseconds) is absent. */
export interface AskOptions {
  /** Withdraws the entry when it aborts. */
  readonly signal: AbortSignal;
  readonly expiresAfterMs?: number;
}

interface Waiting {
  readonly entry: ConsentEntry;
  readonly outcome: Deferred<ConsentOutcome>;
  readonly cleanup: () => void;
}

/** All waiting questions, oldest first. */
export class ConsentQueue implements Disposable {
  private readonly waiting = new Map<number, Waiting>();
  private readonly changed = new Emitter<ConsentChange>();
  private nextId = 1;
  private disposed = false;

  /** An entry was added or left. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly clock: Clock) {}

  entries(): readonly ConsentEntry[] {
    return [...this.waiting.values()].map(({ entry }) => entry);
  }

  get(id: number): ConsentEntry | undefined {
    return this.waiting.get(id)?.entry;
  }

  /** Puts a question and waits for its end. Never rejects. */
  ask(
    who: { readonly serverId: string; readonly serverName: string },
    subject: ConsentSubject,
    options: AskOptions,
  ): Promise<ConsentOutcome> {
    if (options.signal.aborted || this.disposed) return Promise.resolve({ kind: 'withdrawn' });
    const id = this.nextId++;
    const since = this.clock.wall();
    const outcome = new Deferred<ConsentOutcome>();
    const { expiresAfterMs } = options;
    const entry: ConsentEntry = {
      id,
      ...who,
      since,
      ...(expiresAfterMs === undefined ? {} : { expiresAt: since + expiresAfterMs }),
      subject,
    };
    const onAbort = (): void => void this.settle(id, { kind: 'withdrawn' });
    options.signal.addEventListener('abort', onAbort, { once: true });
    const timer =
      expiresAfterMs === undefined
        ? undefined
        : this.clock.schedule(expiresAfterMs, () => void this.settle(id, { kind: 'expired' }));
    const cleanup = (): void => {
      options.signal.removeEventListener('abort', onAbort);
      timer?.dispose();
    };
    this.waiting.set(id, { entry, outcome, cleanup });
    this.changed.fire({ kind: 'added', entry });
    return outcome.promise;
  }

  /** @returns false when the entry is gone, or cannot be decided like this: a late click decides nothing. */
  decide(id: number, decision: PersonDecision): boolean {
    const subject = this.waiting.get(id)?.entry.subject;
    return subject !== undefined && fits(subject, decision) && this.settle(id, decision);
  }

  /** Withdraws everything; whatever is asked from now on is withdrawn at once. */
  dispose(): void {
    this.disposed = true;
    for (const id of [...this.waiting.keys()]) this.settle(id, { kind: 'withdrawn' });
    this.changed.dispose();
  }

  private settle(id: number, outcome: ConsentOutcome): boolean {
    const found = this.waiting.get(id);
    if (!found) return false;
    this.waiting.delete(id);
    found.cleanup();
    found.outcome.resolve(outcome);
    this.changed.fire({ kind: 'settled', entry: found.entry, outcome });
    return true;
  }
}

/** A change of the queue. */
export type ConsentChange =
  | { readonly kind: 'added'; readonly entry: ConsentEntry }
  | { readonly kind: 'settled'; readonly entry: ConsentEntry; readonly outcome: ConsentOutcome };

/** Whether a question can be decided in this way at all. */
function fits(subject: ConsentSubject, decision: PersonDecision): boolean {
  const isForm = subject.kind === 'elicitation' && subject.request.mode === 'form';
  switch (decision.kind) {
    case 'deny':
      return true;
    case 'allow-once':
      return (
        !isForm && subject.kind !== 'roots' && (decision.model === undefined || subject.kind === 'sampling')
      );
    case 'allow-edited':
      return subject.kind === 'sampling' && recheckEdit(subject.request, decision.request).ok;
    case 'answer':
      return fitsAnswer(subject, decision);
    case 'ask-again':
      return subject.kind === 'sampling-answer' && subject.asksLeft > 0;
    case 'share':
      return subject.kind === 'roots' && areAmong(subject.folders, decision.uris);
    case 'dismiss':
      return subject.kind === 'elicitation';
    case 'submit':
      return (
        subject.kind === 'elicitation' &&
        subject.request.mode === 'form' &&
        contentProblems(subject.request, decision.content).length === 0
      );
  }
}

/** Why a model ended, and what it wants used, is nothing that a person changes of its answer. */
function fitsAnswer(subject: ConsentSubject, answer: HandAnswer): boolean {
  if (subject.kind === 'sampling') return isHandAnswer(subject.request, answer);
  const { stopReason, toolUses } = answer;
  return subject.kind === 'sampling-answer' && stopReason === undefined && toolUses === undefined;
}

/** True when each of these is one of the folders that were asked about. */
function areAmong(folders: readonly WorkspaceFolder[], uris: readonly string[]): boolean {
  return uris.every((uri) => folders.some((folder) => folder.uri === uri));
}
