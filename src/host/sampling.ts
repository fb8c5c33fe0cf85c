/** Serves servers' requests for model answers: policy first, then the person, then the model. There is no other way to an answer. */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { RequestOrigin, SamplingReply } from '../client/contract';
import type { SamplingRequest } from '../protocol/sampling';
import { decideSampling } from '../policy/samplingDecision';
import { safeText, type SafeText } from '../policy/safeText';
import type { SamplingRule } from '../policy/serverEntry';
import type { Call, Calls } from './calls';
import type { Cause, ConsentOutcome, ConsentQueue } from './consentQueue';
import { ModelError, type ModelChoice, type ModelsPort } from './ports';
import { untilAborted } from './untilAborted';

const HOUR_MS = 3_600_000;
const REFUSAL_NOTE_MS = 10_000;

/** The server that asks. */
export interface Asker {
  readonly serverId: string;
  readonly serverName: string;
  readonly rule: SamplingRule;
}

/** One request on its way through. */
interface Pending {
  readonly asker: Asker;
  readonly request: SamplingRequest;
  readonly origin: RequestOrigin;
  readonly history: History;
  readonly log: Logger;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

interface History {
  readonly requests: number[];
  readonly deniedAt: number[];
  /** Requests per call that led to them. */
  readonly perCall: Map<number, number>;
  waiting: number;
  /** What was noted last, and how many refusals for the same reason came since. */
  refusal?: { readonly reason: SafeText; readonly at: number; more: number };
  /** The request before; a person is asked one thing at a time per server. */
  tail: Promise<void>;
}

export interface SamplingSettings {
  readonly samplingExpiryMs: number;
}

/** Sampling for all servers. */
export class Sampling {
  private readonly histories = new Map<string, History>();

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
    private readonly queue: ConsentQueue,
    private readonly models: ModelsPort,
    private readonly settings: SamplingSettings,
  ) {}

  /** Answers one request. Never rejects: every end is a reply for the server. */
  async serve(
    asker: Asker,
    request: SamplingRequest,
    origin: RequestOrigin,
    log: Logger,
    signal: AbortSignal,
  ): Promise<SamplingReply> {
    const history = this.historyOf(asker.serverId);
    const now = this.clock.monotonic();
    while ((history.requests[0] ?? now) < now - HOUR_MS) history.requests.shift();
    const callId = this.leadingCall(asker.serverId, origin)?.id;
    const refused = this.refusal(asker, history, log, {
      waiting: history.waiting,
      requests: history.requests.length,
      ...(callId === undefined ? {} : { ofThisCall: history.perCall.get(callId) ?? 0 }),
    });
    if (refused) return refused;
    history.requests.push(now);
    if (callId !== undefined) history.perCall.set(callId, (history.perCall.get(callId) ?? 0) + 1);
    return await this.inTurn(history, async () => {
      if (signal.aborted) return unavailable('Cancelled.');
      // While it waited its call may have ended, and the server may have been muted. It was counted when it came.
      const late = this.refusal(asker, history, log, { waiting: 0, requests: 0 });
      const pending: Pending = { asker, request, origin, history, log, signal };
      return late ?? (await this.askWhileCalled(pending));
    });
  }

  /** Forgets a server that is gone. Denials stay: a server could otherwise end its mute by rewriting its own entry. */
  forget(serverId: string): void {
    if (this.histories.get(serverId)?.deniedAt.length === 0) this.histories.delete(serverId);
  }

  private refusal(
    asker: Asker,
    history: History,
    log: Logger,
    counts: { readonly waiting: number; readonly requests: number; readonly ofThisCall?: number },
  ): SamplingReply | undefined {
    const { waiting, ...recent } = counts;
    const decision = decideSampling({
      rule: asker.rule,
      callsRunning: this.calls.runningOf(asker.serverId).length,
      waiting,
      recent: { ...recent, deniedAt: history.deniedAt },
      requestProblems: [],
    });
    if (decision.kind === 'ask') return undefined;
    this.noteRefusal(history, decision.reason, log);
    return unavailable(decision.message);
  }

  /** A request that only a running call entitles to ends with the server's last one, whether it waits or is with the model (T138). */
  private async askWhileCalled(pending: Pending): Promise<SamplingReply> {
    const { rule, serverId } = pending.asker;
    if (rule.kind === 'ask' && rule.outsideCalls) return await this.ask(pending);
    const uncalled = new AbortController();
    const watching = this.calls.onDidChange(() => {
      if (this.calls.runningOf(serverId).length === 0) uncalled.abort();
    });
    try {
      return await this.ask({ ...pending, signal: AbortSignal.any([pending.signal, uncalled.signal]) });
    } finally {
      watching.dispose();
    }
  }

  /** A server that is refused again and again for the same reason fills no log. */
  private noteRefusal(history: History, reason: SafeText, log: Logger): void {
    const now = this.clock.monotonic();
    const last = history.refusal;
    if (last?.reason === reason && now - last.at < REFUSAL_NOTE_MS) {
      last.more++;
      return;
    }
    const more = last && last.more > 0 ? ` (${last.more} more were refused before)` : '';
    log.warn(`A request for a model answer was refused: ${reason}${more}`);
    history.refusal = { reason, at: now, more: 0 };
  }

  private async ask(pending: Pending): Promise<SamplingReply> {
    const { asker, request, origin, log, signal } = pending;
    const wanted = asker.rule.kind === 'ask' ? asker.rule.model : undefined;
    const model = await untilAborted(this.choose(request, wanted, asker.serverId), signal);
    if (!model) return unavailable('Cancelled.');
    const cause = this.causeOf(asker.serverId, origin);
    const outcome = await this.queue.ask(
      asker,
      { kind: 'sampling', request, cause, model },
      { signal, expiresAfterMs: this.settings.samplingExpiryMs },
    );
    log.info(`A request for a model answer ${OUTCOME_TEXT[outcome.kind]}.`);
    return await this.follow(outcome, model, pending);
  }

  private async follow(
    outcome: ConsentOutcome,
    model: ModelChoice,
    pending: Pending,
  ): Promise<SamplingReply> {
    switch (outcome.kind) {
      case 'allow-once':
        return await this.send(model, pending);
      case 'answer':
        return {
          kind: 'answer',
          answer: { role: 'assistant', text: outcome.text, model: 'human', stopReason: 'endTurn' },
        };
      case 'deny':
        pending.history.deniedAt.push(this.clock.monotonic());
        return { kind: 'rejected' };
      case 'expired':
        return unavailable('Nobody decided in time.');
      case 'withdrawn':
        return unavailable('Cancelled.');
    }
  }

  /** The person allowed the model they were shown, so no other one is used. */
  private async send(model: ModelChoice, { request, log, signal }: Pending): Promise<SamplingReply> {
    if (model.kind === 'none') return unavailable('No language model is available.');
    try {
      // A provider may not notice that nobody waits any more; the server's next request must not wait for that.
      const answer = await untilAborted(this.models.send(model.id, request, signal), signal);
      return answer && !signal.aborted ? { kind: 'answer', answer } : unavailable('Cancelled.');
    } catch (error) {
      if (signal.aborted) return unavailable('Cancelled.');
      const reason = error instanceof ModelError ? error.forPerson : 'unknown error';
      log.error(`The model gave no answer: ${safeText(reason)}`);
      // What the model's provider said may name an account; the server only learns that there is no answer (T142).
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

  private causeOf(serverId: string, origin: RequestOrigin): Cause {
    const call = this.leadingCall(serverId, origin);
    if (call) return { kind: 'call', callTitle: call.target };
    return { kind: 'while-running', callTitles: this.calls.runningOf(serverId).map(({ target }) => target) };
  }

  /** The call that led to a request, when that is certain: a client may only name running calls of its own server. */
  private leadingCall(serverId: string, origin: RequestOrigin): Call | undefined {
    const call = origin.kind === 'call' ? this.calls.get(origin.callId) : undefined;
    const counts = call?.serverId === serverId && call.state.kind === 'running' && !call.background;
    return counts ? call : undefined;
  }

  private async inTurn<T>(history: History, work: () => Promise<T>): Promise<T> {
    history.waiting++;
    const before = history.tail;
    let done: () => void = () => undefined;
    history.tail = new Promise((resolve) => (done = resolve));
    try {
      await before;
      return await work();
    } finally {
      history.waiting--;
      done();
    }
  }

  private historyOf(serverId: string): History {
    const found = this.histories.get(serverId);
    if (found) return found;
    const made: History = {
      requests: [],
      deniedAt: [],
      perCall: new Map(),
      waiting: 0,
      tail: Promise.resolve(),
    };
    this.histories.set(serverId, made);
    return made;
  }
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'was allowed once',
  answer: 'was answered by hand',
  deny: 'was denied',
  expired: 'expired',
  withdrawn: 'was withdrawn',
};

function unavailable(message: string): SamplingReply {
  return { kind: 'unavailable', message };
}
