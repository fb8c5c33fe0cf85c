/** Serves servers' requests for the person's input: policy first, then the person. Nothing but their own answers ever leaves. */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { ElicitationReply, ElicitationWait, RequestOrigin } from '../client/contract';
import { decideElicitation } from '../policy/elicitationDecision';
import type { ElicitationAnswer, ElicitationRequest } from '../protocol/elicitation';
import { causeOf, leadingCall, whileCalled } from './callCause';
import type { Calls } from './calls';
import type { ConsentOutcome, ConsentQueue } from './consentQueue';
import { RefusalNotes } from './refusalNotes';
import { Turns } from './turns';

const HOUR_MS = 3_600_000;

/** The server that asks. */
export interface ElicitationAsker {
  readonly serverId: string;
  readonly serverName: string;
  /** True when it may ask while no call of the person's is running. */
  readonly outsideCalls: boolean;
}

export interface ElicitationSettings {
  /** How long a request waits for the person, as for any other one of a server. */
  readonly samplingExpiryMs: number;
}

interface History {
  readonly requests: number[];
  /** Requests per call that led to them. */
  readonly perCall: Map<number, number>;
  readonly refusals: RefusalNotes;
  /** A person is asked one thing at a time per server. */
  readonly turns: Turns;
}

/** Elicitation for all servers. */
export class Elicitation {
  private readonly histories = new Map<string, History>();

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
    private readonly queue: ConsentQueue,
    private readonly settings: ElicitationSettings,
  ) {}

  /** Answers one request. Never rejects: every end is a reply for the server. */
  async serve(
    asker: ElicitationAsker,
    request: ElicitationRequest,
    origin: RequestOrigin,
    log: Logger,
    signal: AbortSignal,
  ): Promise<ElicitationReply> {
    const history = this.historyOf(asker.serverId);
    const now = this.clock.monotonic();
    while ((history.requests[0] ?? now) < now - HOUR_MS) history.requests.shift();
    const callId = leadingCall(this.calls, asker.serverId, origin)?.id;
    const ofThisCall = callId === undefined ? undefined : (history.perCall.get(callId) ?? 0);
    const refused = this.refusal(asker, history, log, {
      waiting: history.turns.waiting,
      requests: history.requests.length,
      ...(ofThisCall === undefined ? {} : { ofThisCall }),
    });
    if (refused) return refused;
    history.requests.push(now);
    if (callId !== undefined) this.count(history, callId);
    return await history.turns.take(async () => {
      if (signal.aborted) return CANCELLED;
      // While it waited its call may have ended. It was counted when it came.
      const late = this.refusal(asker, history, log, { waiting: 0, requests: 0 });
      return late ?? (await this.ask(asker, request, origin, log, signal));
    });
  }

  /**
   * Waits until the person says that they are done with what they opened for a call, or that they give it up. Never rejects;
   * when the server says first that all is done, `signal` aborts.
   */
  async wait(
    asker: ElicitationAsker,
    urls: readonly string[],
    origin: RequestOrigin,
    log: Logger,
    signal: AbortSignal,
  ): Promise<ElicitationWait> {
    const call = leadingCall(this.calls, asker.serverId, origin);
    // Only a call that waits can go on, and only the person's own call has them wait.
    if (!call) return { kind: 'give-up' };
    const outcome = await whileCalled(this.calls, asker.serverId, signal, (uncalled) =>
      this.queue.ask(
        whoOf(asker),
        { kind: 'elicitation-wait', urls, cause: { kind: 'call', callTitle: call.target } },
        { signal: uncalled, expiresAfterMs: this.settings.samplingExpiryMs },
      ),
    );
    log.info(`A call that waited for the browser ${WAIT_TEXT[outcome.kind]}.`);
    return { kind: outcome.kind === 'allow-once' ? 'continue' : 'give-up' };
  }

  private async ask(
    asker: ElicitationAsker,
    request: ElicitationRequest,
    origin: RequestOrigin,
    log: Logger,
    signal: AbortSignal,
  ): Promise<ElicitationReply> {
    const put = (until: AbortSignal): Promise<ConsentOutcome> =>
      this.queue.ask(
        whoOf(asker),
        { kind: 'elicitation', request, cause: causeOf(this.calls, asker.serverId, origin) },
        { signal: until, expiresAfterMs: this.settings.samplingExpiryMs },
      );
    const outcome = asker.outsideCalls
      ? await put(signal)
      : await whileCalled(this.calls, asker.serverId, signal, put);
    // What was answered is the person's and the server's alone; no log holds it (T143).
    log.info(`A request for your input ${OUTCOME_TEXT[outcome.kind]}.`);
    return replyOf(outcome);
  }

  private refusal(
    asker: ElicitationAsker,
    history: History,
    log: Logger,
    counts: { readonly waiting: number; readonly requests: number; readonly ofThisCall?: number },
  ): ElicitationReply | undefined {
    const decision = decideElicitation({
      callsRunning: this.calls.runningOf(asker.serverId).length,
      outsideCalls: asker.outsideCalls,
      ...counts,
    });
    if (decision.kind === 'ask') return undefined;
    history.refusals.note('A request for your input was refused', decision.reason, log);
    return { kind: 'unavailable', message: decision.message };
  }

  private count({ perCall }: History, callId: number): void {
    for (const id of perCall.keys()) if (this.calls.get(id)?.state.kind !== 'running') perCall.delete(id);
    perCall.set(callId, (perCall.get(callId) ?? 0) + 1);
  }

  private historyOf(serverId: string): History {
    const found = this.histories.get(serverId);
    if (found) return found;
    const made: History = {
      requests: [],
      perCall: new Map(),
      refusals: new RefusalNotes(this.clock),
      turns: new Turns(),
    };
    this.histories.set(serverId, made);
    return made;
  }
}

const CANCELLED: ElicitationReply = { kind: 'unavailable', message: 'Cancelled.' };

function whoOf({ serverId, serverName }: ElicitationAsker): { serverId: string; serverName: string } {
  return { serverId, serverName };
}

function replyOf(outcome: ConsentOutcome): ElicitationReply {
  switch (outcome.kind) {
    case 'submit':
      return answer({ action: 'accept', content: outcome.content });
    case 'allow-once':
      return answer({ action: 'accept' });
    case 'deny':
      return answer({ action: 'decline' });
    // Nobody said yes or no (ELIC6).
    case 'dismiss':
    case 'expired':
      return answer({ action: 'cancel' });
    case 'withdrawn':
    case 'answer':
    case 'allow-edited':
      return CANCELLED;
  }
}

function answer(given: ElicitationAnswer): ElicitationReply {
  return { kind: 'answer', answer: given };
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'to open a page was allowed once',
  'allow-edited': 'was withdrawn',
  submit: 'was answered',
  answer: 'was answered',
  deny: 'was declined',
  dismiss: 'was dismissed',
  expired: 'expired',
  withdrawn: 'was withdrawn',
};

const WAIT_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'goes on',
  'allow-edited': 'waits no more',
  submit: 'goes on',
  answer: 'goes on',
  deny: 'was given up',
  dismiss: 'was given up',
  expired: 'was given up, because nobody decided',
  withdrawn: 'waits no more',
};
