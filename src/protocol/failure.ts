/** Everything that can go wrong below the host, as data that crosses threads, told apart by code and never by message. */

import { assertNever } from '../base/assertNever';
import {
  describeAuthorization,
  isAuthorizationFailure,
  type AuthorizationFailure,
} from './authorizationProblem';
import { ErrorCode } from './errorCodes';
import { describeHttpStatus, describeNetwork, type NetworkProblem } from './networkFailure';
import { describeExit, describeSpawnFailure, type ProcessExit, type SpawnFailure } from './processFailure';

export { describeExit, type NetworkProblem, type ProcessExit, type SpawnFailure };

/** Why a redirect was not followed (T067). */
export type RedirectRefusal = 'other-origin' | 'too-many' | 'method' | 'no-location';

/**
 * What went wrong. Words of a server, not yet safe to show, are in `server-error`, `http-error`, `authorization` and `unsupported-version`;
 * a `network` or `redirected` may name a host that a server has chosen.
 */
export type Failure =
  /** The process ended or the pipe closed before an answer came. */
  | { readonly code: 'connection-closed'; readonly exit?: ProcessExit }
  | { readonly code: 'spawn-failed'; readonly spawn: SpawnFailure }
  /** No answer in `ms`; `limit` tells which clock ran out: one of a request, or that of connecting. */
  | { readonly code: 'timeout'; readonly ms: number; readonly limit: 'idle' | 'total' | 'connect' }
  | { readonly code: 'cancelled' }
  /** A JSON-RPC error from the server. `message` is its text, bounded, not yet safe to show. */
  | {
      readonly code: 'server-error';
      readonly rpcCode: number;
      readonly message: string;
      readonly data?: string;
      /** Status of the HTTP answer that carried it, when that was an error as well. */
      readonly httpStatus?: number;
      /** Milliseconds after which the server wants to be asked again. */
      readonly retryAfterMs?: number;
    }
  /** An HTTP answer that is none of MCP. `excerpt` is at most 500 characters of its text, raw. */
  | {
      readonly code: 'http-error';
      readonly status: number;
      readonly excerpt?: string;
      /** True for a web page, as proxies and sign-in portals send it. */
      readonly isPage: boolean;
      /** Milliseconds after which the server wants to be asked again. */
      readonly retryAfterMs?: number;
    }
  /** `detail` is the system's own code, such as `ECONNREFUSED`. */
  | {
      readonly code: 'network';
      readonly problem: NetworkProblem;
      readonly host: string;
      readonly detail?: string;
      /** It was asked about signing in, whose place need not be the server's own. */
      readonly forSignIn?: true;
    }
  /** `to` is the origin it leads to. */
  | { readonly code: 'redirected'; readonly reason: RedirectRefusal; readonly to?: string }
  /** The connection broke before the answer came; the server may have acted. */
  | { readonly code: 'answer-lost' }
  /** The server does not know the session any more (SESS2). */
  | { readonly code: 'session-lost' }
  /** The server speaks none of our revisions. `offered` is what it names instead: at most 100 texts of 200 characters, raw. */
  | { readonly code: 'unsupported-version'; readonly offered: readonly string[] }
  /** The server does not declare this feature, so it is not called. */
  | { readonly code: 'not-offered'; readonly feature: string }
  /** A message over a bound of ours, of `bytes` or, for a body of HTTP, of more. `detail` is our own text. */
  | { readonly code: 'message-refused'; readonly bytes: number; readonly detail: string }
  /** The answer is not what the revision says it must be. */
  | { readonly code: 'invalid-result'; readonly detail: string }
  /** The task that a call became is over without a result, or is given up. */
  | { readonly code: 'task-ended'; readonly reason: 'cancelled' | 'expired' | 'too-long' }
  /** The host decided against it (policy, trust, limits). */
  | { readonly code: 'refused'; readonly detail: string }
  | AuthorizationFailure
  | { readonly code: 'internal'; readonly detail: string };

/** A {@link Failure} as an exception. */
export class FailureError extends Error {
  override readonly name = 'FailureError';

  constructor(readonly failure: Failure) {
    super(describeFailure(failure));
  }
}

/** Something this host does not do. @param detail our own words, a sentence for the person */
export function refused(detail: string): FailureError {
  return new FailureError({ code: 'refused', detail });
}

/** An answer that is not what the revision says it must be. @param detail our own words, the end of a sentence */
export function invalidResult(detail: string): FailureError {
  return new FailureError({ code: 'invalid-result', detail });
}

/** Wraps whatever was thrown; an unknown error becomes `internal` with its message. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  return { code: 'internal', detail: error instanceof Error ? error.message : 'unknown error' };
}

/** True for a server that says only that it is too busy now. */
export function isBusy(
  failure: Failure,
): failure is Extract<Failure, { code: 'http-error' | 'server-error' }> {
  if (failure.code !== 'http-error' && failure.code !== 'server-error') return false;
  const status = failure.code === 'http-error' ? failure.status : failure.httpStatus;
  return status === 429 || status === 503;
}

/** One plain English sentence or two. It may name revisions and hosts as a server gives them, so it is not yet safe to show. */
export function describeFailure(failure: Failure): string {
  if (isAuthorizationFailure(failure)) return describeAuthorization(failure);
  if (hasFixedText(failure)) return FIXED_TEXTS[failure.code];
  switch (failure.code) {
    case 'connection-closed':
      return describeClosed(failure.exit);
    case 'spawn-failed':
      return describeSpawnFailure(failure.spawn);
    case 'timeout':
      return describeTimeout(failure);
    case 'server-error':
      return `${describeServerError(failure.rpcCode)}${askAgain(failure.retryAfterMs)}`;
    case 'http-error':
      return `${describeHttpStatus(failure)}${askAgain(failure.retryAfterMs)}`;
    case 'network':
      return `${describeNetwork(failure)}${failure.forSignIn ? ' Signing in goes through it.' : ''}`;
    case 'redirected':
      return describeRedirect(failure);
    case 'unsupported-version':
      return `The server speaks none of the protocol revisions of this host (it offers ${listOr(failure.offered, 'none')}).`;
    case 'not-offered':
      return `The server does not offer ${failure.feature}.`;
    case 'message-refused':
      return `The server sent a message of ${megabytes(failure.bytes)} that was refused: ${failure.detail}.`;
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

/** Failures of which there is nothing more to tell than their code. */
const FIXED_TEXTS = {
  cancelled: 'Cancelled. The server may still have acted.',
  'answer-lost': 'The connection broke before the answer came. The server may still have acted.',
  'session-lost': 'The server has lost its session with this host.',
} as const satisfies { readonly [K in Failure['code']]?: string };

type FixedFailure = Extract<Failure, { code: keyof typeof FIXED_TEXTS }>;

function hasFixedText(failure: Failure): failure is FixedFailure {
  return Object.hasOwn(FIXED_TEXTS, failure.code);
}

function describeClosed(exit: ProcessExit | undefined): string {
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
    ? `The server needs a feature that this host does not offer to it (error ${rpcCode}).`
    : `The server answered with error ${rpcCode}${rpcMeaning(rpcCode)}.`;
}

function askAgain(retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? '' : ` It wants to be asked again in ${seconds(retryAfterMs)}.`;
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
    case 'too-many':
      return 'The server redirects again and again.';
    case 'method':
      return 'The server redirects to an address that would not get the request.';
    case 'no-location':
      return 'The server redirects to nowhere.';
    default:
      return assertNever(reason);
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}

function listOr(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(', ');
}
