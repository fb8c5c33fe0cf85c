/**
 * Serves servers' requests for model answers: policy first, then the person, or a rule that the person made, then the model, then the
 * person again. There is no other way to an answer.
 */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { RequestOrigin, SamplingReply } from '../client/contract';
import type { SamplingRequest } from '../protocol/sampling';
import { recheckEdit } from '../protocol/samplingEdit';
import { decideSampling, mustReviewAnswer } from '../policy/samplingDecision';
import { grantNote } from '../policy/samplingGrants';
import type { SamplingRule } from '../policy/serverEntry';
import type { Calls } from './calls';
import { CallCause } from './callCause';
import type { Cause, ConsentOutcome, ConsentQueue } from './consentQueue';
import { ModelError, type ModelChoice, type ModelsPort } from './ports';
import { COUNTED, QuestionHistory, type QuestionCounts } from './questionHistory';
import type { AllowedRequest } from './samplingExchange';
import type { GrantAsker, SamplingGrants } from './samplingGrants';
import type { SamplingLedger } from './samplingLedger';
import type { SamplingRecord } from './samplingRecord';
import type { SamplingRuns } from './samplingRuns';
import { untilAborted } from './untilAborted';

/** The server that asks. */
export interface SamplingAsker extends GrantAsker {
  readonly rule: SamplingRule;
}

/** One request on its way through. */
interface Pending {
  readonly conversation: number;
  readonly asker: SamplingAsker;
  readonly request: SamplingRequest;
  readonly cause: CallCause;
  readonly history: History;
  readonly log: Logger;
  readonly record: SamplingRecord;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What is remembered of a server. */
interface History {
  readonly questions: QuestionHistory;
  /** Monotonic milliseconds, ascending. */
  readonly deniedAt: number[];
}

interface SamplingSettings {
  readonly samplingExpiryMs: number;
  readonly samplingReviewAnswers: boolean;
}

/** Sampling for all servers. */
export class Sampling {
  /** By server id. Kept when a server goes: it could otherwise end its limits, or its mute, by rewriting its own entry. */
  private readonly histories = new Map<string, History>();
  private conversations = 0;

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
    private readonly queue: ConsentQueue,
    private readonly models: ModelsPort,
    private readonly settings: SamplingSettings,
    private readonly grants: SamplingGrants,
    private readonly ledger: Pick<SamplingLedger, 'begin'>,
    private readonly runs: SamplingRuns,
  ) {}

  /** Whether requests may bring tools: servers are told when they start. */
  get takesTools(): boolean {
    return this.models.takesTools;
  }

  /** Answers one request. Never rejects: every end is a reply for the server. */
  async serve(
    asker: SamplingAsker,
    request: SamplingRequest,
    origin: RequestOrigin,
    log: Logger,
    signal: AbortSignal,
  ): Promise<SamplingReply> {
    const record = this.ledger.begin(asker);
    const history = this.historyOf(asker.serverId);
    const cause = new CallCause(this.calls, asker.serverId, origin);
    const conversation = ++this.conversations;
    try {
      return await this.answer({ conversation, asker, request, cause, history, log, record, signal });
    } finally {
      record.end();
    }
  }

  private async answer(pending: Pending): Promise<SamplingReply> {
    const { cause, signal } = pending;
    const { questions } = pending.history;
    const refused = this.refusal(pending, questions.counts(cause.running));
    if (refused) return refused;
    questions.add(cause.running);
    return await questions.turns.take(async () => {
      if (signal.aborted) return unavailable('Cancelled.');
      // While it waited its call may have ended, and the server may have been muted.
      return this.refusal(pending, COUNTED) ?? (await this.askWhileCalled(pending));
    });
  }

  private refusal(
    { asker, cause, history, log, record }: Pending,
    { waiting, ...recent }: QuestionCounts,
  ): SamplingReply | undefined {
    const decision = decideSampling({
      rule: heldToCalls(asker.rule, cause),
      callsRunning: cause.running.length,
      waiting,
      recent: { ...recent, deniedAt: history.deniedAt },
    });
    if (decision.kind === 'ask') return undefined;
    record.refused(decision.cause);
    history.questions.refusals.note('A request for a model answer was refused', decision.reason, log);
    return unavailable(decision.message);
  }

  /** A request that only a running call entitles to ends with that call, whether it waits or is with the model (T138). */
  private async askWhileCalled(pending: Pending): Promise<SamplingReply> {
    const rule = heldToCalls(pending.asker.rule, pending.cause);
    if (rule.kind === 'ask' && rule.outsideCalls) return await this.ask(pending);
    return await pending.cause.whileRunning(
      pending.signal,
      async (signal) => await this.ask({ ...pending, signal }),
    );
  }

  private async ask(pending: Pending): Promise<SamplingReply> {
    const { asker, request, log, signal } = pending;
    const wanted = asker.rule.kind === 'ask' ? asker.rule.model : undefined;
    const model = await untilAborted(this.choose(request, wanted, asker.serverId), signal);
    if (!model) return unavailable('Cancelled.');
    const cause = pending.cause.describe();
    const look = this.grants.look(asker, request, model, pending.cause);
    if (look.kind === 'covered') {
      log.info(`A request for a model answer was allowed: ${grantNote(look.grant, this.clock.wall())}.`);
      return await this.grants.under(look, signal, (held) =>
        this.send(model, request, cause, { ...pending, signal: held }),
      );
    }
    const offer = look.offer ? { grant: look.offer } : {};
    const outcome = await this.queue.ask(
      whoOf(asker),
      { kind: 'sampling', conversation: pending.conversation, request, cause, model, ...offer },
      { signal, expiresAfterMs: this.settings.samplingExpiryMs },
    );
    log.info(`A request for a model answer ${OUTCOME_TEXT[outcome.kind]}.`);
    pending.record.decided(outcome.kind);
    return await this.follow(outcome, model, cause, pending);
  }

  private async follow(
    outcome: ConsentOutcome,
    model: ModelChoice,
    cause: Cause,
    pending: Pending,
  ): Promise<SamplingReply> {
    switch (outcome.kind) {
      case 'allow-once':
        return await this.send(outcome.model ?? model, pending.request, cause, pending);
      case 'allow-edited': {
        const edited = recheckEdit(pending.request, outcome.request);
        return edited.ok
          ? await this.send(outcome.model ?? model, edited.value, cause, pending)
          : unavailable('Sampling is not available.');
      }
      case 'answer': {
        const { text, stopReason = 'endTurn', toolUses } = outcome;
        const uses = toolUses === undefined ? {} : { toolUses };
        return { kind: 'answer', answer: { role: 'assistant', text, model: 'human', stopReason, ...uses } };
      }
      case 'deny':
        pending.history.deniedAt.push(this.clock.monotonic());
        return { kind: 'rejected' };
      case 'expired':
        return unavailable('Nobody decided in time.');
      case 'withdrawn':
      case 'ask-again':
      case 'submit':
      case 'dismiss':
      case 'share':
        return unavailable('Cancelled.');
    }
  }

  /**
   * The person allowed the model they were shown, so no other one is used.
   * @param request as the server sent it, or as the person edited it
   */
  private async send(
    model: ModelChoice,
    request: SamplingRequest,
    cause: Cause,
    pending: Pending,
  ): Promise<SamplingReply> {
    const { asker, conversation, log, record, signal } = pending;
    if (model.kind === 'none') {
      record.failed();
      return unavailable('No language model is available.');
    }
    const edited = request !== pending.request;
    const { settings } = this;
    const review: AllowedRequest['review'] = () => ({
      must: mustReviewAnswer({
        rule: asker.rule,
        isOwn: asker.isOwn,
        reviewAnswers: settings.samplingReviewAnswers,
        edited,
      }),
      expiresAfterMs: settings.samplingExpiryMs,
    });
    const asked = { conversation, ...whoOf(asker), model, request, edited, cause };
    return await this.converse({ ...asked, record, log, signal, review });
  }

  /** Most windows never send a request, so what does that is loaded with the first one. */
  private async converse(allowed: AllowedRequest): Promise<SamplingReply> {
    try {
      const { SamplingExchange } = await import('./samplingExchange');
      if (allowed.signal.aborted) {
        this.runs.begin(allowed).end({ kind: 'withdrawn' });
        return unavailable('Cancelled.');
      }
      return await new SamplingExchange(this.queue, this.models, this.runs).converse(allowed);
    } catch {
      const reason = 'A part of MCP Host is missing. Reload the window.';
      allowed.record.failed();
      allowed.log.error(`The model was not asked. ${reason}`);
      this.runs.begin(allowed).end({ kind: 'failed', reason });
      return unavailable('The language model gave no answer.');
    }
  }

  private async choose(
    request: SamplingRequest,
    wanted: string | undefined,
    serverId: string,
  ): Promise<ModelChoice> {
    try {
      return await this.models.choose(request, wanted, serverId);
    } catch (error) {
      return {
        kind: 'none',
        reason: error instanceof ModelError ? error.forPerson : 'The list of models could not be read.',
      };
    }
  }

  private historyOf(serverId: string): History {
    const found = this.histories.get(serverId);
    if (found) return found;
    const made: History = { questions: new QuestionHistory(this.clock, this.calls), deniedAt: [] };
    this.histories.set(serverId, made);
    return made;
  }
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'was allowed once',
  'allow-edited': 'was edited and allowed once',
  'ask-again': 'was withdrawn',
  submit: 'was withdrawn',
  dismiss: 'was withdrawn',
  share: 'was withdrawn',
  answer: 'was answered by hand',
  deny: 'was denied',
  expired: 'expired',
  withdrawn: 'was withdrawn',
};

/** The rule for one request: that a server may ask at any time does not make a request outlive the call it is known to come from. */
function heldToCalls(rule: SamplingRule, cause: CallCause): SamplingRule {
  return rule.kind === 'ask' && cause.isOfCall ? { ...rule, outsideCalls: false } : rule;
}

function whoOf({ serverId, serverName }: SamplingAsker): { serverId: string; serverName: string } {
  return { serverId, serverName };
}

function unavailable(message: string): SamplingReply {
  return { kind: 'unavailable', message };
}
