/**
 * A request that was allowed, on its way to a model and back: the model's answer waits for the person where it has to, and they may ask the
 * model again. Nothing of an answer reaches the server before (SAMP2). Who may ask at all is decided before.
 */

import type { Logger } from '../base/log';
import type { SamplingReply } from '../client/contract';
import { safeText } from '../policy/safeText';
import type { SamplingAnswer } from '../protocol/sampling';
import type { AskOptions, ConsentQueue } from './consentQueue';
import { ModelError, type ModelAnswer, type ModelsPort } from './ports';
import { reviewAnswer, type AnswerSubject } from './samplingAnswers';
import type { SamplingRecord } from './samplingRecord';
import type { RunFacts, SamplingRun, SamplingRuns } from './samplingRuns';
import { untilAborted } from './untilAborted';

/** So often a model may be asked the same request of a server, all in all (T134). */
export const MOST_ASKS = 5;

/** One request that may go to a model. */
export interface AllowedRequest extends RunFacts {
  readonly serverId: string;
  /** The person changed it. */
  readonly edited: boolean;
  readonly record: SamplingRecord;
  readonly log: Logger;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Asked once there is an answer: whether it waits for the person, and how long. */
  readonly review: () => { readonly must: boolean; readonly expiresAfterMs: number };
}

/** What came of asking once. */
type Turn =
  | { readonly kind: 'over'; readonly reply: SamplingReply }
  /** An answer that the person has to see. */
  | {
      readonly kind: 'answer';
      readonly answer: SamplingAnswer;
      readonly more: Pick<AnswerSubject, 'stopped' | 'failure'>;
    };

export class SamplingExchange {
  constructor(
    private readonly queue: ConsentQueue,
    private readonly models: Pick<ModelsPort, 'send'>,
    private readonly runs: SamplingRuns,
  ) {}

  /** Never rejects: every end is a reply for the server. */
  async converse(allowed: AllowedRequest): Promise<SamplingReply> {
    const { conversation, serverId, serverName, request, edited, cause, model, record, log } = allowed;
    let turn = await this.ask(allowed);
    for (let asksLeft = MOST_ASKS - 1; turn.kind === 'answer'; asksLeft--) {
      const { answer, more } = turn;
      const asked = { conversation, request, edited, cause, model, asksLeft } as const;
      const subject: AnswerSubject = { kind: 'sampling-answer', answer, ...asked, ...more };
      const options: AskOptions = {
        signal: allowed.signal,
        expiresAfterMs: allowed.review().expiresAfterMs,
      };
      const reviewed = await reviewAnswer(
        this.queue,
        { serverId, serverName },
        subject,
        options,
        record,
        log,
      );
      if (reviewed.kind !== 'again') return reviewed;
      turn = await this.ask(allowed, answer);
    }
    return turn.reply;
  }

  /** Asks the model. @param before the answer that the person was not content with, which waits again when there is no other */
  private async ask(allowed: AllowedRequest, before?: SamplingAnswer): Promise<Turn> {
    const { model, request, record, signal } = allowed;
    const run = this.runs.begin(allowed);
    record.sent(model, request);
    const ended = AbortSignal.any([signal, run.stopped]);
    let given: ModelAnswer | undefined;
    try {
      // A provider may not notice that nobody waits any more; the server's next request must not wait for that.
      given = await untilAborted(
        this.models.send(model.id, request, ended, (text) => run.say(text)),
        ended,
      );
    } catch (error) {
      if (!ended.aborted) return this.failed(run, allowed, error, before);
    }
    const stopped = given === undefined && run.stopped.aborted;
    if (stopped && before && run.text === '') {
      run.end({ kind: 'answered' });
      return { kind: 'answer', answer: before, more: {} };
    }
    if (stopped) given = { role: 'assistant', text: run.text, model: model.name };
    const answer = given && record.answered(given);
    if (signal.aborted || !answer) {
      run.end({ kind: 'withdrawn' });
      return unavailable('Cancelled.');
    }
    // Who stopped it, or asked again, wants to see what came of that, whatever the settings say.
    if (stopped || before !== undefined || allowed.review().must) {
      run.end({ kind: 'answered' });
      return { kind: 'answer', answer, more: stopped ? { stopped } : {} };
    }
    record.returned();
    run.end({ kind: 'returned' });
    return { kind: 'over', reply: { kind: 'answer', answer } };
  }

  private failed(
    run: SamplingRun,
    { record, log }: AllowedRequest,
    error: unknown,
    before: SamplingAnswer | undefined,
  ): Turn {
    const reason = error instanceof ModelError ? error.forPerson : 'unknown error';
    log.error(`The model gave no answer: ${safeText(reason)}`);
    run.end({ kind: 'failed', reason });
    if (before) return { kind: 'answer', answer: before, more: { failure: reason } };
    record.failed();
    // What the model's provider said may name an account; the server only learns that there is no answer (T142).
    return unavailable('The language model gave no answer.');
  }
}

function unavailable(message: string): Turn {
  return { kind: 'over', reply: { kind: 'unavailable', message } };
}
