/** A request for the person's input as a document that holds all of it: who asks, what led to it, its message, its fields or its address. */

import type { ConsentEntry, ConsentSubject } from '../host/consentQueue';
import { asksForSecret } from '../policy/secretQuestion';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { ElicitationField, ElicitationForm, ElicitationUrl } from '../protocol/elicitation';
import { causeText, countOf, joinSafe } from './consentTexts';
import { fieldName } from './elicitationForm';
import { describeInput } from './fieldInput';
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
import { urlReview, type ToUnicode } from './urlReview';
import { visibleJsonLine } from './visibleJson';

/** An entry that {@link elicitationReview} can show. */
export type ElicitationEntry = ConsentEntry & {
  readonly subject: Extract<ConsentSubject, { kind: 'elicitation' }>;
};

export interface ElicitationReviewOptions extends ReviewOptions {
  readonly toUnicode: ToUnicode;
}

/** True for an entry that {@link elicitationReview} can show. */
export function isElicitation(entry: ConsentEntry): entry is ElicitationEntry {
  return entry.subject.kind === 'elicitation';
}

/** Lays out the document. */
export function elicitationReview(entry: ElicitationEntry, options: ElicitationReviewOptions): Review {
  const { request } = entry.subject;
  const lines = [
    ...header(entry, options),
    ...facts(entry, options),
    ...hiddenWarning(request.message),
    blank(),
    ...notes(
      safe`Everything behind a bar │ is the server's own text, ┊ continues its line, and ⟨…⟩ stands for characters that cannot be seen.`,
    ),
    blank(),
    heading(safe`What it says`),
    ...theirs(request.message),
    ...(request.mode === 'form' ? formLines(request) : urlLines(request, options.toUnicode)),
  ];
  return { lines, images: [] };
}

function header({ serverName, subject }: ElicitationEntry, { ended }: ReviewOptions): ReviewLine[] {
  const isForm = subject.request.mode === 'form';
  const what = isForm ? safe`asks you for input` : safe`asks you to open a page`;
  const so = isForm
    ? safe`Nothing has been sent. The server gets your answers only after you have seen all of them and sent them.`
    : safe`Nothing has been opened. The server only learns whether you agreed, not what you do there.`;
  return [
    { kind: 'title', text: safe`The server "${exactText(serverName)}" ${what}` },
    blank(),
    ...(ended === undefined ? notes(so) : warning(safe`No longer waiting. ${ended}`)),
    blank(),
  ];
}

function facts({ subject, since, expiresAt }: ElicitationEntry, { formatTime }: ReviewOptions): ReviewLine[] {
  const { cause } = subject;
  return [
    ...fact('Cause', cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`),
    ...fact('Since', safeText(formatTime(since))),
    ...(expiresAt === undefined
      ? []
      : fact('Expires', safe`${safeText(formatTime(expiresAt))}, as if you had cancelled it`)),
  ];
}

function hiddenWarning(message: string): ReviewLine[] {
  return hasHidden(message) ? [blank(), ...warning(safe`It holds characters that cannot be seen.`)] : [];
}

function formLines({ fields }: ElicitationForm): ReviewLine[] {
  const secrets = fields.filter(asksForSecret).map((field) => fieldName(field));
  return [
    ...(secrets.length === 0
      ? []
      : [
          blank(),
          ...warning(
            safe`It seems to ask for a secret (${joinSafe(secrets, safe`, `)}). Never give passwords, keys or codes to a server in this way.`,
          ),
        ]),
    blank(),
    heading(safe`What it asks: ${countOf(fields.length, 'field')}`),
    ...fields.flatMap(fieldLines),
  ];
}

function fieldLines(field: ElicitationField): ReviewLine[] {
  const { key, title, description, required, defaultValue, input } = field;
  const accepted = describeInput(input);
  const takes: readonly SafeText[] = [
    required ? safe`required` : safe`optional`,
    safeText(KIND_TEXT[input.kind]),
    ...(accepted === '' ? [] : [safeText(accepted)]),
    ...(input.kind === 'string' && input.pattern !== undefined
      ? [safe`in the form ${exactText(input.pattern)}`]
      : []),
    ...(defaultValue === undefined ? [] : [safe`proposed: ${exactText(visibleJsonLine(defaultValue))}`]),
  ];
  const choices = 'choices' in input ? input.choices : [];
  return [
    blank(),
    ...theirs(title === undefined ? key : `${title}  (${key})`),
    ...(description === undefined ? [] : theirs(description)),
    ...choices.flatMap(({ value, title: name }) =>
      theirs(name === undefined ? `- ${value}` : `- ${name}  (${value})`),
    ),
    ...notes(joinSafe(takes, safe`, `)),
  ];
}

const KIND_TEXT = {
  boolean: 'yes or no',
  choice: 'one of these',
  choices: 'any of these',
  number: 'a number',
  string: 'text',
} as const;

function urlLines({ url }: ElicitationUrl, toUnicode: ToUnicode): ReviewLine[] {
  const { host, inLetters, warnings } = urlReview(url, toUnicode);
  return [
    blank(),
    heading(safe`Where it leads`),
    ...fact('Host', host),
    ...(inLetters === undefined ? [] : fact('In letters', inLetters)),
    ...warnings.flatMap((text) => warning(text)),
    blank(),
    heading(safe`The whole address`),
    ...theirs(url),
  ];
}
