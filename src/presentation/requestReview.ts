/** Which entries are reviewed as documents, and as which: the one way from an entry to all of its text. */

import { DocumentKinds } from '../contributions/ids';
import type { ConsentEntry } from '../host/consentQueue';
import { layOut, type ReviewContent } from './reviewLayout';
import type { Review, ReviewOptions } from './reviewLines';
import { samplingAnswerReview } from './samplingAnswerReview';
import { samplingReview } from './samplingReview';

/** A document: where it lies, what it is called, and its text. */
interface RequestReview {
  readonly kind: string;
  readonly name: string;
  readonly review: Review;
}

/** @returns undefined for an entry that is shown in another way. */
export function requestReview(entry: ConsentEntry, options: ReviewOptions): RequestReview | undefined {
  const { subject } = entry;
  const laidOut = (kind: string, name: string, content: ReviewContent): RequestReview => ({
    kind,
    name,
    review: layOut(entry, content, options),
  });
  switch (subject.kind) {
    case 'sampling':
      return laidOut(
        DocumentKinds.review,
        'Model request',
        samplingReview(subject, entry.serverName, options.editorName),
      );
    case 'sampling-answer':
      return laidOut(DocumentKinds.answerReview, 'Model answer', samplingAnswerReview(subject));
    case 'elicitation':
    case 'launch':
    case 'sign-in':
    case 'roots':
    case 'tool':
    case 'elicitation-wait':
      return undefined;
  }
}
