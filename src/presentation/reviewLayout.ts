/**
 * How every review of what a server asks is laid out: who asks, how it stands, what led to it, what is particular to its kind, then the
 * foreign text in full. A kind says what is its own, and nothing about the rest.
 */

import type { Cause, ConsentEntry } from '../host/consentQueue';
import { exactText, safe, safeText, type SafeText } from '../policy/safeText';
import { causeText } from './consentTexts';
import {
  blank,
  fact,
  notes,
  warning,
  type Review,
  type ReviewImage,
  type ReviewLine,
  type ReviewOptions,
} from './reviewLines';

/** What one kind of review has of its own. */
export interface ReviewContent {
  /** What waits, of the server by this name. */
  readonly title: (server: SafeText) => SafeText;
  /** What has happened so far, and what has to happen before anything else does. */
  readonly standing: SafeText;
  readonly cause: Cause;
  /** What it is taken for when nobody decides. */
  readonly expiresAs: SafeText;
  /** More facts, behind those that all have. */
  readonly facts: readonly ReviewLine[];
  /** Said when the foreign text holds characters that cannot be seen. */
  readonly hiddenWarning: SafeText | undefined;
  /** Whose words stand behind the bar. */
  readonly author: SafeText;
  /** The foreign text, each part with an empty line before it. */
  readonly body: readonly ReviewLine[];
  readonly images: readonly ReviewImage[];
  /** Says where the text ends, for what would be sent as a whole. */
  readonly closing: SafeText | undefined;
}

/** Lays out the document. */
export function layOut(entry: ConsentEntry, content: ReviewContent, options: ReviewOptions): Review {
  const { title, standing, author, body, images, hiddenWarning, closing } = content;
  const { ended } = options;
  const lines: readonly ReviewLine[] = [
    { kind: 'title', text: title(exactText(entry.serverName)) },
    blank(),
    ...(ended === undefined ? notes(standing) : warning(safe`No longer waiting. ${ended}`)),
    blank(),
    ...facts(entry, content, options),
    ...(hiddenWarning === undefined ? [] : [blank(), ...warning(hiddenWarning)]),
    blank(),
    ...notes(
      safe`Everything behind a bar │ is the ${author} own text, ┊ continues its line, and ⟨…⟩ stands for characters that cannot be seen.`,
    ),
    ...body,
    ...(closing === undefined ? [] : [blank(), ...notes(closing)]),
  ];
  return { lines, images };
}

function facts(
  { since, expiresAt }: ConsentEntry,
  { cause, expiresAs, facts: more }: ReviewContent,
  { formatTime }: ReviewOptions,
): ReviewLine[] {
  return [
    ...fact('Cause', cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`),
    ...fact('Since', safeText(formatTime(since))),
    ...(expiresAt === undefined
      ? []
      : fact('Expires', safe`${safeText(formatTime(expiresAt))}, ${expiresAs}`)),
    ...more,
  ];
}
