/** What the review of a request for the person's input holds: its message, and its fields or its address. */

import type { ConsentSubject } from '../host/consentQueue';
import { asksForSecret } from '../policy/secretQuestion';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { ElicitationField, ElicitationForm, ElicitationUrl } from '../protocol/elicitation';
import { countOf, joinSafe } from './consentTexts';
import { fieldName } from './elicitationForm';
import { describeInput } from './fieldInput';
import type { ReviewContent } from './reviewLayout';
import { blank, fact, heading, notes, theirs, warning, type ReviewLine } from './reviewLines';
import { urlReview, type ToUnicode } from './urlReview';
import { visibleJsonLine } from './visibleJson';

type Subject = Extract<ConsentSubject, { kind: 'elicitation' }>;

/** What a review of it holds. */
export function elicitationReview({ request, cause }: Subject, toUnicode: ToUnicode): ReviewContent {
  const isForm = request.mode === 'form';
  return {
    title: (server) =>
      isForm
        ? safe`The server "${server}" asks you for input`
        : safe`The server "${server}" asks you to open a page`,
    standing: isForm
      ? safe`Nothing has been sent. The server gets your answers only after you have seen all of them and sent them.`
      : safe`Nothing has been opened. The server only learns whether you agreed, not what you do there.`,
    cause,
    expiresAs: safe`as if you had cancelled it`,
    facts: [],
    hiddenWarning: hasHidden(request.message) ? safe`It holds characters that cannot be seen.` : undefined,
    author: safe`server's`,
    body: [
      blank(),
      heading(safe`What it says`),
      ...theirs(request.message),
      ...(request.mode === 'form' ? formLines(request) : urlLines(request, toUnicode)),
    ],
    images: [],
    closing: undefined,
  };
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
