/** What a model answered waits here for the person: nothing of it reaches the server before (SAMP2). Knows no model and no policy. */

import type { Logger } from '../base/log';
import type { SamplingReply } from '../client/contract';
import type { AskOptions, ConsentOutcome, ConsentQueue, ConsentSubject } from './consentQueue';
import type { SamplingRecord } from './samplingRecord';

/** An answer that waits. */
export type AnswerSubject = Extract<ConsentSubject, { kind: 'sampling-answer' }>;

/**
 * Puts an answer before the person. Never rejects. Refusing it is no denial in the sense of muting: the person had allowed the server to
 * ask, and what the model made of it is not the server's doing.
 * @returns the reply, or that the model is to be asked again
 */
export async function reviewAnswer(
  queue: ConsentQueue,
  who: { readonly serverId: string; readonly serverName: string },
  subject: AnswerSubject,
  options: AskOptions,
  record: SamplingRecord,
  log: Logger,
): Promise<SamplingReply | { readonly kind: 'again' }> {
  const outcome = await queue.ask(who, subject, options);
  // What the answer says is in no log.
  log.info(`A model's answer ${OUTCOME_TEXT[outcome.kind]}.`);
  record.reviewed(outcome.kind, outcome.kind === 'answer' && outcome.text !== subject.answer.text);
  switch (outcome.kind) {
    case 'allow-once':
      return { kind: 'answer', answer: subject.answer };
    case 'answer': {
      const { role, text, model, toolUses } = subject.answer;
      if (outcome.text === text) return { kind: 'answer', answer: subject.answer };
      // Why the model stopped says nothing about a text that is not its own any more; the uses of tools were reviewed beside it.
      const uses = toolUses === undefined ? {} : { toolUses, stopReason: 'toolUse' as const };
      return { kind: 'answer', answer: { role, text: outcome.text, model, ...uses } };
    }
    case 'ask-again':
      return { kind: 'again' };
    case 'deny':
      return { kind: 'rejected' };
    case 'expired':
      return { kind: 'unavailable', message: 'Nobody decided in time.' };
    case 'withdrawn':
    case 'allow-edited':
    case 'submit':
    case 'dismiss':
    case 'share':
      return { kind: 'unavailable', message: 'Cancelled.' };
  }
}

const OUTCOME_TEXT: Readonly<Record<ConsentOutcome['kind'], string>> = {
  'allow-once': 'was returned',
  'allow-edited': 'was withdrawn',
  answer: 'was edited and returned',
  'ask-again': 'was not wanted, and the model is asked again',
  deny: 'was refused',
  submit: 'was withdrawn',
  dismiss: 'was withdrawn',
  share: 'was withdrawn',
  expired: 'was not returned, because nobody decided',
  withdrawn: 'was withdrawn',
};
