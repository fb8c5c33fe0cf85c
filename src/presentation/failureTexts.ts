/** What is said about a failure. */

import { assertNever } from '../base/assertNever';
import { isAuthorizationFailure } from '../protocol/authorizationProblem';
import { ErrorCode } from '../protocol/errorCodes';
import type { Failure } from '../protocol/failure';
import { safe, safeProse, safeText, type SafeText } from '../policy/safeText';
import { describeAuthorization } from './authorizationTexts';
import { describeHttpStatus, describeNetwork } from './networkTexts';
import { describeExit, describeSpawnFailure } from './processTexts';

/** How much of a server's own words a failure quotes, in characters. */
const QUOTED = 300;

/** One plain English sentence or two. It may name revisions and hosts as a server gives them, so it is not yet safe to show. */
export function describeFailure(failure: Failure): string {
  return `${describeProblem(failure)}${mayHaveActed(failure)}`;
}

function describeProblem(failure: Failure): string {
  if (isAuthorizationFailure(failure)) return describeAuthorization(failure);
  if (hasFixedText(failure)) return FIXED_TEXTS[failure.code];
  switch (failure.code) {
    case 'connection-closed':
      return describeClosed(failure);
    case 'spawn-failed':
      return describeSpawnFailure(failure.spawn);
    case 'timeout':
      return describeTimeout(failure);
    case 'server-error':
      return `${describeServerError(failure.rpcCode)}.${askAgain(failure.retryAfterMs)}`;
    case 'http-error':
      return `${describeHttpStatus(failure)}${askAgain(failure.retryAfterMs)}`;
    case 'network':
      return `${describeNetwork(failure)}${signInHelp(failure)}`;
    case 'redirected':
      return describeRedirect(failure);
    case 'unsupported-version':
      return `The server speaks none of the protocol revisions of this host (it offers ${failure.offered.join(', ') || 'none'}).`;
    case 'not-offered':
      return `The server does not offer ${failure.feature}.`;
    case 'message-refused':
      return `The server sent a message of ${size(failure.bytes)} that was refused: ${failure.detail}.`;
    case 'invalid-result':
      return `The server's answer is not valid: ${failure.detail}.`;
    case 'task-ended':
      return TASK_ENDS[failure.reason];
    case 'refused':
      return failure.detail;
    case 'internal':
      return `Internal error: ${failure.detail}`;
    default:
      return assertNever(failure);
  }
}

/** A failure in a few sentences, with what the server itself says about it as a quotation: at most 300 characters of each text. */
export function failureText(failure: Failure): SafeText {
  const words = wordsOf(failure);
  if (failure.code === 'server-error')
    return safe`${serverErrorText(failure, words)}${safeText(mayHaveActed(failure))}`;
  const text = safeText(describeFailure(failure), 1_000);
  return words === undefined ? text : safe`${text} It says: "${safeProse(words, QUOTED)}"`;
}

/** What the error holds beside its words (`data`) is often all that tells what was wrong with the arguments. */
function serverErrorText(failure: ServerError, words: string | undefined): SafeText {
  const head = safeText(describeServerError(failure.rpcCode));
  const said = words === undefined ? head : safe`${head}: "${safeProse(words, QUOTED)}"`;
  const more = failure.data === undefined ? said : safe`${said} (data: ${safeProse(failure.data, QUOTED)})`;
  const again = askAgain(failure.retryAfterMs);
  // A quotation that ends the text needs no full stop behind it.
  const isQuotation = words !== undefined && failure.data === undefined && again === '';
  return isQuotation ? more : safe`${more}.${safeText(again)}`;
}

/** What the server itself says about it, foreign and raw, where a text of ours only says what it means. */
function wordsOf(failure: Failure): string | undefined {
  switch (failure.code) {
    case 'server-error':
      return worded(failure.message);
    case 'http-error':
    case 'network':
      return worded(failure.excerpt);
    case 'authorization':
      return worded(failure.serverSays);
    default:
      return undefined;
  }
}

function worded(text: string | undefined): string | undefined {
  return text?.trim() === '' ? undefined : text;
}

type ServerError = Extract<Failure, { code: 'server-error' }>;

const MAY_HAVE_ACTED = ' The server may still have acted.';

/** Failures of which there is nothing more to tell than their code. */
const FIXED_TEXTS = {
  cancelled: `Cancelled.${MAY_HAVE_ACTED}`,
  'answer-lost': `The connection broke before the answer came.${MAY_HAVE_ACTED}`,
  'session-lost': 'The server has lost its session with this host. Restart it here if that goes on.',
} as const satisfies { readonly [K in Failure['code']]?: string };

/** Where the text of the failure does not say it anyway. */
function mayHaveActed(failure: Failure): string {
  const isSaid = hasFixedText(failure) && FIXED_TEXTS[failure.code].endsWith(MAY_HAVE_ACTED);
  return failure.mayHaveActed && !isSaid ? MAY_HAVE_ACTED : '';
}

type FixedFailure = Extract<Failure, { code: keyof typeof FIXED_TEXTS }>;

function hasFixedText(failure: Failure): failure is FixedFailure {
  return Object.hasOwn(FIXED_TEXTS, failure.code);
}

/** What an address means that only signing in leads to. */
function signInHelp({ forSignIn, problem }: Extract<Failure, { code: 'network' }>): string {
  if (!forSignIn) return '';
  const way =
    problem === 'forbidden-address'
      ? ' If it is where you sign in, or your proxy answers for every name, name it as "issuer" of "oauth" in your own settings.'
      : '';
  return ` Signing in goes through it.${way}`;
}

function describeClosed({ exit, violation }: Extract<Failure, { code: 'connection-closed' }>): string {
  if (violation !== undefined) return `The connection was cut, because the server ${violation}.`;
  return exit ? `The server ended (${describeExit(exit)}).` : 'The connection to the server closed.';
}

function describeTimeout({ limit, ms }: Extract<Failure, { code: 'timeout' }>): string {
  switch (limit) {
    case 'idle':
      return `No answer in ${seconds(ms)}. The server is still running and was asked to cancel.`;
    case 'total':
      return `Not finished after ${seconds(ms)}, the longest time allowed. The server was asked to cancel.`;
    case 'connect':
      return `The server was not ready after ${seconds(ms)}. If it needs longer, set "timeouts": { "connect": … } in its entry.`;
    default:
      return assertNever(limit);
  }
}

const TASK_ENDS: Readonly<Record<Extract<Failure, { code: 'task-ended' }>['reason'], string>> = {
  cancelled: 'The server ended the task of this call without a result.',
  expired: 'The server no longer knows the task of this call.',
  'too-long': 'The task of this call lasted too long. The server was asked to end it.',
};

function describeServerError(rpcCode: number): string {
  return rpcCode === ErrorCode.missingClientCapability
    ? `The server needs a feature that this host does not offer to it (error ${rpcCode})`
    : `The server answered with error ${rpcCode}${rpcMeaning(rpcCode)}`;
}

function askAgain(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? '' : ` It wants to be asked again in ${roughly(retryAfterMs)}.`;
}

/** Of the codes that mean one thing in every revision; the rest of the implementation's range means nothing (ERR2). */
function rpcMeaning(rpcCode: number): string {
  switch (rpcCode) {
    case ErrorCode.methodNotFound:
      return ' (it does not know this request)';
    case ErrorCode.resourceNotFound:
      return ' (it has no such resource)';
    default:
      return '';
  }
}

function describeRedirect({ reason, to }: Extract<Failure, { code: 'redirected' }>): string {
  switch (reason) {
    case 'other-origin':
      return `The server has moved to ${to ?? 'another address'}. Change the URL in the settings if you trust that.`;
    case 'messages':
      return `The server wants its messages sent to ${to ?? 'an address that cannot be used'}, and not to where its URL leads; its own settings have to name the address by which others reach it.`;
    case 'too-many':
      return 'The server redirects again and again.';
    case 'method':
      return `The server redirects in a way that loses the request. Change the URL in the settings to where it leads${to === undefined ? '' : `: ${to}`}.`;
    case 'no-location':
      return 'The server redirects to nowhere.';
    default:
      return assertNever(reason);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** A time to wait, never less than it is: `40 s`, `60 min`, `3 h`. */
function roughly(ms: number): string {
  const [secondsLeft, minutes] = [Math.ceil(ms / 1_000), Math.ceil(ms / 60_000)];
  if (secondsLeft < 120) return `${secondsLeft} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(ms / 3_600_000)} h`;
}

function size(bytes: number): string {
  return bytes < 104_858 ? `${Math.ceil(bytes / 1_024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
