/** Serves servers' requests for the person's input: policy first, then the person. Nothing but their own answers ever leaves. */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { ElicitationReply, ElicitationWait, RequestOrigin } from '../client/contract';
import { decideElicitation } from '../policy/elicitationDecision';
import type { ElicitationAnswer, ElicitationRequest } from '../protocol/elicitation';
import { CallCause } from './callCause';
import type { Calls } from './calls';
import type { ConsentOutcome, ConsentQueue } from './consentQueue';
import { COUNTED, QuestionHistory, type QuestionCounts } from './questionHistory';

/** The server that asks. */
export interface ElicitationAsker {
  readonly serverId: string;
  readonly serverName: string;
  /** True when it may ask while no call of the person's is running. */
  readonly outsideCalls: boolean;
}

interface ElicitationSettings {
  /** How long a request waits for the person, as for any other one of a server. */
  readonly samplingExpiryMs: number;
}

/** One request on its way through. */
interface Pending {
  readonly asker: ElicitationAsker;
  readonly request: ElicitationRequest;
  readonly cause: CallCause;
  readonly history: QuestionHistory;
  readonly log: Logger;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Elicitation for all servers. */
export class Elicitation {
  /** By server id. Kept when a server goes: it could otherwise end its limits by rewriting its own entry. */
  private readonly histories = new Map<string, QuestionHistory>();

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
    const cause = new CallCause(this.calls, asker.serverId, origin);
    const pending: Pending = { asker, request, cause, history, log, signal };
    const refused = this.refusal(pending, history.counts(cause.running));
    if (refused) return refused;
    history.add(cause.running);
    return await history.turns.take(async () => {
      if (signal.aborted) return CANCELLED;
      // While it waited its call may have ended.
      return this.refusal(pending, COUNTED) ?? (await this.ask(pending));
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
    const cause = new CallCause(this.calls, asker.serverId, origin);
    // Only a call that waits can go on, and only the person's own call has them wait.
    if (!cause.call) return { kind: 'give-up' };
    const outcome = await cause.whileRunning(signal, (until) =>
      this.queue.ask(
        whoOf(asker),
        { kind: 'elicitation-wait', urls, cause: cause.describe() },
        { signal: until, expiresAfterMs: this.settings.samplingExpiryMs },
      ),
    );
    log.info(`A call that waited for the browser ${WAIT_TEXT[outcome.kind]}.`);
    return { kind: outcome.kind === 'allow-once' ? 'continue' : 'give-up' };
  }

  private async ask({ asker, request, cause, log, signal }: Pending): Promise<ElicitationReply> {
    const put = (until: AbortSignal): Promise<ConsentOutcome> =>
      this.queue.ask(
        whoOf(asker),
        { kind: 'elicitation', request, cause: cause.describe() },
        { signal: until, expiresAfterMs: this.settings.samplingExpiryMs },
      );
    const outcome = mayOutliveCalls(asker, cause) ? await put(signal) : await cause.whileRunning(signal, put);
    // What was answered is the person's and the server's alone; no log holds it (T143).
    log.info(`A request for your input ${OUTCOME_TEXT[outcome.kind]}.`);
    return replyOf(outcome);
  }

  private refusal(
    { asker, cause, history, log }: Pending,
    counts: QuestionCounts,
  ): ElicitationReply | undefined {
    const decision = decideElicitation({
      callsRunning: cause.running.length,
      outsideCalls: mayOutliveCalls(asker, cause),
      ...counts,
    });
    if (decision.kind === 'ask') return undefined;
    history.refusals.note('A request for your input was refused', decision.reason, log);
    return { kind: 'unavailable', message: decision.message };
  }

  private historyOf(serverId: string): QuestionHistory {
    const found = this.histories.get(serverId);
    if (found) return found;
    const made = new QuestionHistory(this.clock, this.calls);
    this.histories.set(serverId, made);
    return made;
  }
}

/** True when it needs no running call. */
function mayOutliveCalls({ outsideCalls }: ElicitationAsker, cause: CallCause): boolean {
  return outsideCalls && !cause.isOfCall;
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
    case 'ask-again':
    case 'share':
      return CANCELLED;
  }
}

function answer(given: ElicitationAnswer): ElicitationReply {
  return { kind: 'answer', answer: given };
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'to open a page was allowed once',
  'allow-edited': 'was withdrawn',
  'ask-again': 'was withdrawn',
  submit: 'was answered',
  answer: 'was answered',
  deny: 'was declined',
  dismiss: 'was dismissed',
  share: 'was withdrawn',
  expired: 'expired',
  withdrawn: 'was withdrawn',
};

const WAIT_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'goes on',
  'allow-edited': 'waits no more',
  'ask-again': 'waits no more',
  submit: 'goes on',
  answer: 'goes on',
  deny: 'was given up',
  dismiss: 'was given up',
  share: 'waits no more',
  expired: 'was given up, because nobody decided',
  withdrawn: 'waits no more',
};
