/** A request for a model answer as the text in which a person edits it, and the way from that text to what is sent. */

import type { PersonDecision } from '../host/consentQueue';
import { err, ok, type Result } from '../base/result';
import { MAX_ANSWER_TOKENS } from '../policy/modelChoice';
import { editableSampling, readSamplingEdit } from '../protocol/samplingEdit';
import type { SamplingRequest } from '../protocol/sampling';
import { readArguments } from './argumentValue';
import { placeOf, type TextPlace } from './jsonPlaces';

/** What is wrong in a draft, in our own words that may quote what was typed, and where; the whole of it when no place is known. */
export interface DraftProblem {
  readonly message: string;
  readonly place?: TextPlace;
  /** It can be sent all the same. */
  readonly harmless: boolean;
}

/** The text that a person begins with. */
export function requestDraft(request: SamplingRequest): string {
  return `${JSON.stringify(editableSampling(request), null, 2)}\n`;
}

/** What sending the text means: the request is allowed as it is when nothing was changed in it. */
export function readRequestDraft(
  original: SamplingRequest,
  text: string,
): Result<PersonDecision, DraftProblem> {
  const form = readArguments(text);
  if (!form.ok) return err(problemAt(syntaxPlace(text, form.error), form.error));
  const edited = readSamplingEdit(original, form.value);
  if (!edited.ok) {
    const { path, message } = edited.error;
    return err(problemAt(placeOf(text, path), message));
  }
  const isSame =
    JSON.stringify(editableSampling(edited.value)) === JSON.stringify(editableSampling(original));
  return ok(isSame ? { kind: 'allow-once' } : { kind: 'allow-edited', request: edited.value });
}

/** Everything that is to be told about the text. */
export function requestDraftProblems(original: SamplingRequest, text: string): readonly DraftProblem[] {
  const read = readRequestDraft(original, text);
  if (!read.ok) return [read.error];
  if (read.value.kind !== 'allow-edited' || read.value.request.maxTokens <= MAX_ANSWER_TOKENS) return [];
  const place = placeOf(text, '/maxTokens');
  const message = `A model is asked for at most ${MAX_ANSWER_TOKENS} tokens.`;
  return [{ message, harmless: true, ...(place ? { place } : {}) }];
}

function problemAt(place: TextPlace | undefined, message: string): DraftProblem {
  return { message, harmless: false, ...(place ? { place } : {}) };
}

/** Engines say where JSON breaks as a position in their message, when they say it at all. */
function syntaxPlace(text: string, message: string): TextPlace | undefined {
  const position = Number(/ at position (\d{1,9})/.exec(message)?.[1]);
  if (Number.isNaN(position)) return undefined;
  const start = Math.max(0, Math.min(position, text.length - 1));
  return { start, end: start + 1 };
}
