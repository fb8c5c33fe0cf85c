/**
 * A model's answer as a document that holds all of it, before the server that asked gets it (SAMP2): for whom, what led to it, which model.
 * The model's words stand behind a bar, so that no text of its can look like one of ours.
 */

import type { ConsentEntry, ConsentSubject } from '../host/consentQueue';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { SamplingAnswer } from '../protocol/sampling';
import { causeText, countOf } from './consentTexts';
import {
  blank,
  fact,
  heading,
  notes,
  theirs,
  warning,
  type Review,
  type ReviewLine,
  type ReviewOptions,
} from './reviewLines';
import { sizeOf } from './samplingReview';

type AnswerSubject = Extract<ConsentSubject, { kind: 'sampling-answer' }>;
type AnswerEntry = ConsentEntry & { readonly subject: AnswerSubject };

/** True for an entry that {@link samplingAnswerReview} can show. */
export function isSamplingAnswer(entry: ConsentEntry): entry is AnswerEntry {
  return entry.subject.kind === 'sampling-answer';
}

/** Lays out the document. */
export function samplingAnswerReview(entry: AnswerEntry, options: ReviewOptions): Review {
  const { answer } = entry.subject;
  const lines = [
    ...header(entry, options),
    ...facts(entry, options),
    ...(hasHidden(answer.text)
      ? [blank(), ...warning(safe`It holds characters that cannot be seen, which the server would get.`)]
      : []),
    blank(),
    ...notes(
      safe`Everything behind a bar │ is the model's own text, ┊ continues its line, and ⟨…⟩ stands for characters that cannot be seen.`,
    ),
    blank(),
    heading(answer.text === '' ? safe`The answer is empty` : safe`Answer`),
    ...(answer.text === '' ? [] : theirs(answer.text)),
    blank(),
    ...notes(
      safe`This is all that would go to the server, with the name of the model and, when it is known, why it ended.`,
    ),
  ];
  return { lines, images: [] };
}

function header({ serverName }: ConsentEntry, { ended }: ReviewOptions): ReviewLine[] {
  return [
    {
      kind: 'title',
      text: safe`A model's answer for the server "${exactText(serverName)}" waits for your review`,
    },
    blank(),
    ...(ended === undefined
      ? notes(safe`The server has got nothing of it. It gets it only if you return it, as it is or edited.`)
      : warning(safe`No longer waiting. ${ended}`)),
    blank(),
  ];
}

function facts({ subject, since, expiresAt }: AnswerEntry, { formatTime }: ReviewOptions): ReviewLine[] {
  const { answer, request, edited, cause } = subject;
  const asked = cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`;
  const ended = endText(answer);
  return [
    ...fact('Cause', asked),
    ...fact('Since', safeText(formatTime(since))),
    ...(expiresAt === undefined
      ? []
      : fact('Expires', safe`${safeText(formatTime(expiresAt))}, as an error to the server`)),
    ...fact('Model', safeText(answer.model)),
    ...fact('Request', edited ? safe`${sizeOf(request)}; edited by you` : sizeOf(request)),
    ...(ended === undefined ? [] : fact('Ended', ended)),
    ...fact('Size', countOf(answer.text.length, 'character')),
  ];
}

function endText({ stopReason }: SamplingAnswer): SafeText | undefined {
  switch (stopReason) {
    case 'maxTokens':
      return safe`at the limit of tokens, so it may be cut off`;
    case 'stopSequence':
      return safe`at a text that the request names as its end`;
    case 'endTurn':
      return safe`by itself`;
    default:
      return undefined;
  }
}
