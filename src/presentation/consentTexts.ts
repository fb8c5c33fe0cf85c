/** Words for what waits for the person. Who asks is always the server's key; what it says of itself is never part of it (T112). */

import { assertNever } from '../base/assertNever';
import type { Cause, ConsentEntry, ConsentOutcome, ConsentSubject } from '../host/consentQueue';
import { safe, safeText, type SafeText } from '../policy/safeText';

const MINUTE_MS = 60_000;
/** More calls than this are counted rather than named. */
const MAX_NAMED_CALLS = 3;

/** `1 message`, `2 messages`. */
export function countOf(count: number, one: string, many = `${one}s`): SafeText {
  return safeText(`${count.toLocaleString('en')} ${count === 1 ? one : many}`);
}

/** Joins texts that are safe already; a second escape would show markers of markers. */
export function joinSafe(parts: readonly SafeText[], separator: SafeText): SafeText {
  return parts.reduce((text, part, index) => (index === 0 ? part : safe`${text}${separator}${part}`), safe``);
}

/** What an entry asks for, in one line. */
export function entryLabel({ serverName, subject }: ConsentEntry): SafeText {
  const server = safeText(serverName, 64);
  switch (subject.kind) {
    case 'sampling':
      return safe`${server} asks for a model answer`;
    case 'sampling-answer':
      return safe`${server} waits for your review of a model answer`;
    case 'launch':
      return subject.changed ? safe`${server} wants to start (changed)` : safe`${server} wants to start`;
    case 'elicitation':
      return subject.request.mode === 'form'
        ? safe`${server} asks you for input`
        : safe`${server} asks you to open a page`;
    case 'elicitation-wait':
      return safe`${server} waits until you are done in the browser`;
    case 'sign-in':
      return safe`${server} asks you to sign in`;
    case 'roots':
      return safe`${server} asks for your workspace folders`;
    case 'tool':
      return safe`A tool of ${server} is to be run`;
    default:
      return assertNever(subject);
  }
}

/** `expires in 9 min`; undefined when it waits for as long as it takes. Times are milliseconds since the epoch. */
export function expiryText(
  { expiresAt }: Pick<ConsentEntry, 'expiresAt'>,
  now: number,
): SafeText | undefined {
  if (expiresAt === undefined) return undefined;
  const minutes = minutesLeft(expiresAt, now);
  return minutes <= 1 ? safe`expires within a minute` : safe`expires in ${minutes} min`;
}

/** The same for a row, where room is short: `9 min left`. */
export function timeLeftText(
  { expiresAt }: Pick<ConsentEntry, 'expiresAt'>,
  now: number,
): SafeText | undefined {
  if (expiresAt === undefined) return undefined;
  const minutes = minutesLeft(expiresAt, now);
  return minutes <= 1 ? safe`< 1 min left` : safe`${minutes} min left`;
}

function minutesLeft(expiresAt: number, now: number): number {
  return Math.ceil((expiresAt - now) / MINUTE_MS);
}

/** Milliseconds until some {@link expiryText} reads differently; undefined when none ever will. */
export function nextExpiryChange(
  entries: readonly Pick<ConsentEntry, 'expiresAt'>[],
  now: number,
): number | undefined {
  const waits = entries.flatMap(({ expiresAt }) => {
    const left = expiresAt === undefined ? 0 : expiresAt - now;
    return left <= MINUTE_MS ? [] : [left % MINUTE_MS || MINUTE_MS];
  });
  return waits.length === 0 ? undefined : Math.min(...waits);
}

/** What led to a request, with the names of calls: for documents and rows, not for notifications. */
export function causeText(cause: Cause): SafeText {
  if (cause.kind === 'call') {
    const call = safe`your call of ${safeText(cause.callTitle, 120)}`;
    const { part } = cause;
    return part ? safe`${call}, request ${part.index} of the ${part.of} that it waits for` : call;
  }
  const { callTitles } = cause;
  if (callTitles.length === 0) return safe`none of your calls: the server asks by itself`;
  const named = callTitles.slice(0, MAX_NAMED_CALLS).map((title) => safeText(title, 80));
  const more = callTitles.length - named.length;
  const names = joinSafe(named, safe`, `);
  const list = more > 0 ? safe`${names} and ${more} more` : names;
  return callTitles.length === 1
    ? safe`asked while 1 call runs: ${list}`
    : safe`asked while ${callTitles.length} calls run: ${list}`;
}

/** What led to a request in our own words only, for a notification (T105). */
export function causeInOwnWords(cause: Cause): SafeText {
  if (cause.kind === 'call')
    return cause.part
      ? safe`for a call that you made (${cause.part.index} of ${cause.part.of})`
      : safe`for a call that you made`;
  switch (cause.callTitles.length) {
    case 0:
      return safe`although none of your calls is running`;
    case 1:
      return safe`while a call of yours is running`;
    default:
      return safe`while ${cause.callTitles.length} calls of yours are running`;
  }
}

const NOTHING_HAPPENED: { readonly [K in ConsentSubject['kind']]?: SafeText } = {
  sampling: safe`Nothing was sent to a model`,
  'sampling-answer': safe`Nothing of the answer went to the server`,
};

/** How an entry ended, for a document that still shows it. */
export function outcomeText(outcome: ConsentOutcome, kind: ConsentSubject['kind']): SafeText {
  const isAnswer = kind === 'sampling-answer';
  const nothing = NOTHING_HAPPENED[kind] ?? safe`Nothing of yours was sent`;
  switch (outcome.kind) {
    case 'allow-once':
      return isAnswer ? safe`You returned it.` : safe`You allowed it once.`;
    case 'allow-edited':
      return safe`You edited it and allowed that once.`;
    case 'answer':
      return isAnswer ? safe`You edited it and returned that.` : safe`You answered it by hand.`;
    case 'ask-again':
      return safe`You had the model asked again.`;
    case 'deny':
      if (isAnswer) return safe`You refused it. The server got an error.`;
      return kind === 'elicitation' ? safe`You declined it.` : safe`You denied it.`;
    case 'submit':
      return safe`You sent your answer.`;
    case 'share':
      return outcome.uris.length === 0
        ? safe`You shared no folder.`
        : safe`You shared ${countOf(outcome.uris.length, 'folder')}.`;
    case 'dismiss':
      return safe`You neither answered nor declined it. The server was told so.`;
    case 'expired':
      if (kind === 'elicitation-wait') return safe`It expired before you decided, and the call was given up.`;
      return kind === 'elicitation'
        ? safe`It expired before you decided. ${nothing}; the server was told that nobody answered.`
        : safe`It expired before you decided. ${nothing}, and the server got an error.`;
    case 'withdrawn':
      if (kind === 'elicitation-wait')
        return safe`Nobody waits for you any more: the server says that it is done, or the call has ended.`;
      return safe`It was withdrawn: the server, or the call behind it, is not waiting any more. ${nothing}.`;
  }
}
