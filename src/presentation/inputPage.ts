/** A server's request for the person's input as the content of its page: everything that is asked, on one page, and nothing that acts by itself. */

import type { ConsentEntry, ConsentSubject } from '../host/consentQueue';
import { asksForSecret, secretInAnswer } from '../policy/secretQuestion';
import { exactText, hasHidden, safe, safeLines, safeText, type SafeText } from '../policy/safeText';
import type { ElicitationField, ElicitationForm } from '../protocol/elicitation';
import { causeText, countOf, timeLeftText } from './consentTexts';
import { describeInput } from './fieldInput';
import { proposedEntry, type FormAnswers } from './inputAnswers';
import type { Entered, FormState, InputPage, PageControl, PageChoice, PageInput } from './inputMessages';
import { urlReview, type ToUnicode } from './urlReview';
import { visibleJson, visibleJsonLine } from './visibleJson';

/** A click or key that was already on its way when a request was shown decides nothing (T005). */
export const SETTLE_MS = 500;

/** More choices than this do not stand on the page one by one. */
const MAX_LISTED = 6;
/** A text that may be longer than this may have several lines. */
const ONE_LINE = 80;
const MAX_PREVIEW = 20_000;

type Elicitation = Extract<ConsentSubject, { kind: 'elicitation' }>;

/** What a page needs of the editor. */
interface InputPageOptions {
  /** Writes a time (milliseconds since the epoch) as the person reads it. */
  readonly formatTime: (time: number) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The page of an entry. @param content what stands below the server's words */
export function inputPage(
  entry: ConsentEntry,
  { request, cause }: Elicitation,
  content: InputPage['content'],
  { formatTime, now }: InputPageOptions,
): InputPage {
  const warning = hasHidden(request.message) ? 'It holds characters that cannot be seen: ⟨…⟩.' : undefined;
  return {
    title:
      request.mode === 'form'
        ? safe`Server "${exactText(entry.serverName)}" asks you for input`
        : safe`Server "${exactText(entry.serverName)}" asks you to open a page`,
    facts: [
      {
        label: 'Cause',
        value: cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`,
      },
      { label: 'Since', value: safeText(formatTime(entry.since)) },
    ],
    expiry: expiryOf(entry, now),
    intro: content.kind === 'form' ? FORM_INTRO : ADDRESS_INTRO,
    message: wholeText(request.message),
    ...(warning === undefined ? {} : { messageWarning: warning }),
    settleMs: SETTLE_MS,
    content,
  };
}

const FORM_INTRO =
  'Only what stands below goes to this server, and only when you submit it. Never give passwords, keys or codes to a server in this way.';
const ADDRESS_INTRO =
  'Nothing has been opened or fetched. The server only learns whether you agreed, not what you do there. Open it only if you expect it and know its host.';

/** When it ends without the person; empty when it never does. */
export function expiryOf(entry: Pick<ConsentEntry, 'expiresAt'>, now: number): string {
  const text = timeLeftText(entry, now);
  return text === undefined ? '' : `${text}, then it counts as cancelled`;
}

/** The fields of a form. @param entered what the person had entered before */
export function pageInputs(
  { fields }: ElicitationForm,
  entered: ReadonlyMap<number, Entered>,
): readonly PageInput[] {
  return fields.map((field, index) => {
    const { key, title, description, required } = field;
    return {
      name: exactText(title ?? key),
      ...(title === undefined ? {} : { key: exactText(key) }),
      ...(description === undefined ? {} : { description: wholeText(description) }),
      required,
      accepts: acceptsText(field),
      warnings: fieldWarnings(field),
      control: controlOf(field),
      entered: entered.get(index) ?? proposedEntry(field),
    };
  });
}

/** An address, with its host apart. */
export function pageAddress(url: string, toUnicode: ToUnicode): InputPage['content'] {
  const { protocol, host, href } = new URL(url);
  const before = `${protocol}//`;
  const { inLetters, warnings } = urlReview(url, toUnicode);
  return {
    kind: 'address',
    address: {
      before: exactText(before),
      host: exactText(host),
      after: exactText(href.slice(before.length + host.length)),
      ...(inLetters === undefined ? {} : { inLetters }),
      warnings,
    },
  };
}

/** What the person has done so far, beside their answers. */
interface FormProgress {
  readonly revision: number;
  /** Fields that were in view. */
  readonly seen: ReadonlySet<number>;
  /** They were asked whether to send what looks like a secret. */
  readonly isConfirming: boolean;
}

/** What changes while a form is filled in. */
export function formState(form: ElicitationForm, all: FormAnswers, progress: FormProgress): FormState {
  const { revision, seen, isConfirming } = progress;
  const unseen = form.fields.length - seen.size;
  const json = visibleJson({ ...all.content });
  const confirm = isConfirming ? secretsIn(form, all) : [];
  return {
    revision,
    answers: all.answers.map(({ problem, value, isProposed }) => {
      const shape = secretInAnswer(value);
      return {
        isProposed,
        ...(problem === undefined ? {} : { problem: safeText(problem, 1_200) }),
        ...(shape === undefined ? {} : { warning: `This looks like a secret: ${safeText(shape)}.` }),
      };
    }),
    canSubmit: mayBeSent(all) && unseen === 0,
    summary: summaryOf(all, unseen),
    preview: json.length > MAX_PREVIEW ? `${json.slice(0, MAX_PREVIEW)}…` : json,
    ...(confirm.length === 0 ? {} : { confirm }),
  };
}

/** True when nothing about the answers themselves keeps them from being sent. */
export function mayBeSent({ problems, isChecking }: FormAnswers): boolean {
  return problems === 0 && !isChecking;
}

/** Names of the answered fields that look like secrets, by their question or by what was entered (ELIC9, T143). */
export function secretsIn({ fields }: ElicitationForm, { answers }: FormAnswers): readonly SafeText[] {
  return fields.flatMap((field, index) => {
    const value = answers[index]?.value;
    const looksSecret = value !== undefined && (asksForSecret(field) || secretInAnswer(value) !== undefined);
    return looksSecret ? [exactText(field.title ?? field.key)] : [];
  });
}

function summaryOf({ problems, isChecking, content }: FormAnswers, unseen: number): string {
  if (problems > 0) return `${countOf(problems, 'field')} to be filled in or corrected.`;
  if (unseen > 0) return `${countOf(unseen, 'field')} not yet in view: scroll on before you submit.`;
  if (isChecking) return 'Checking…';
  const count = Object.keys(content).length;
  return count === 0 ? 'No answers, only your consent.' : `${countOf(count, 'answer')} to be sent.`;
}

function acceptsText({ input }: ElicitationField): string {
  const accepted = describeInput(input);
  const pattern =
    input.kind === 'string' && input.pattern !== undefined ? `in the form ${input.pattern}` : '';
  const lines = input.kind === 'string' && isLong(input) ? 'Shift+Enter begins a new line' : '';
  return exactText([accepted, pattern, lines].filter((part) => part !== '').join(', '));
}

function fieldWarnings(field: ElicitationField): readonly string[] {
  const { defaultValue } = field;
  return [
    ...(asksForSecret(field) ? ['This looks like a secret. Never give passwords, keys or codes here.'] : []),
    ...(typeof defaultValue === 'string' && hasHidden(defaultValue)
      ? [`What is proposed holds characters that cannot be seen: ${visibleJsonLine(defaultValue)}`]
      : []),
  ];
}

function controlOf({ input, required, defaultValue }: ElicitationField): PageControl {
  const none = required ? {} : { none: 'No answer' };
  switch (input.kind) {
    case 'boolean':
      return { kind: 'one', choices: [{ label: 'Yes' }, { label: 'No' }], isLong: false, ...none };
    case 'choice':
      return {
        kind: 'one',
        choices: input.choices.map(choiceOf),
        isLong: input.choices.length > MAX_LISTED,
        ...none,
      };
    case 'choices':
      return { kind: 'several', choices: input.choices.map(choiceOf) };
    case 'number':
      return { kind: 'text', severalLines: false, numeric: true };
    case 'string': {
      const example = input.format === undefined ? undefined : EXAMPLES.get(input.format);
      // A control of one line would drop line ends.
      const hasLines = typeof defaultValue === 'string' && /[\r\n]/.test(defaultValue);
      return {
        kind: 'text',
        severalLines: hasLines || isLong(input),
        numeric: false,
        ...(example === undefined ? {} : { example }),
      };
    }
  }
}

function isLong({
  format,
  pattern,
  maxLength = Number.POSITIVE_INFINITY,
}: Extract<ElicitationField['input'], { kind: 'string' }>): boolean {
  return format === undefined && pattern === undefined && maxLength > ONE_LINE;
}

function choiceOf({ value, title }: { readonly value: string; readonly title?: string }): PageChoice {
  const plain = value === '' ? '""' : exactText(value);
  return title === undefined || title === value
    ? { label: plain }
    : { label: exactText(title), value: plain };
}

const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['date', '2026-12-31'],
  ['date-time', '2026-12-31T12:00:00Z'],
  ['email', 'name@example.com'],
  ['uri', 'https://example.com'],
]);

/** All of a text, with its lines, and everything in it visible. */
function wholeText(text: string): string {
  return safeLines(text, {
    maxLines: Number.MAX_SAFE_INTEGER,
    maxColumns: Number.MAX_SAFE_INTEGER,
  }).join('\n');
}
