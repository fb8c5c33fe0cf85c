/** What the review of a model's answer holds, before the server that asked gets it (SAMP2): all of it, and which model gave it. */

import type { ConsentSubject } from '../host/consentQueue';
import { hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { ReviewContent } from './reviewLayout';
import { blank, fact, heading, theirs } from './reviewLines';
import { answerFacts, sizeOf } from './samplingFacts';
import { toolUseLines, useTexts } from './samplingToolLines';

type Subject = Extract<ConsentSubject, { kind: 'sampling-answer' }>;

/** What a review of it holds. */
export function samplingAnswerReview(subject: Subject): ReviewContent {
  const { answer, request, edited, cause } = subject;
  const { text, model, toolUses = [] } = answer;
  return {
    title: (server) => safe`A model's answer for the server "${server}" waits for your review`,
    standing: safe`The server has got nothing of it. It gets it only if you return it, as it is or edited.`,
    cause,
    expiresAs: safe`as an error to the server`,
    facts: [
      ...fact('Model', safeText(model)),
      ...fact('Request', edited ? safe`${sizeOf(request)}; edited by you` : sizeOf(request)),
      ...answerFacts(subject).flatMap(({ label, text: value }) => fact(label, value)),
    ],
    hiddenWarning: [text, ...useTexts(toolUses)].some(hasHidden)
      ? safe`It holds characters that cannot be seen, which the server would get.`
      : undefined,
    author: safe`model's`,
    body: [
      blank(),
      ...(text === '' ? [heading(emptyText(toolUses.length))] : [heading(safe`Answer`), ...theirs(text)]),
      ...toolUses.flatMap((use) => [blank(), ...toolUseLines(use)]),
    ],
    images: [],
    closing: safe`This is all that would go to the server, with the name of the model and, when it is known, why it ended.`,
  };
}

function emptyText(uses: number): SafeText {
  return uses === 0 ? safe`The answer is empty` : safe`The answer has no text`;
}
