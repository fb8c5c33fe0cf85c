/** Everything that can go wrong below the host, as data that crosses threads, told apart by code and never by message. */

import type { AuthorizationFailure } from './authorizationProblem';
import { ErrorCode } from './errorCodes';
import type { NetworkProblem } from './networkFailure';
import type { ProcessExit, SpawnFailure } from './processFailure';

export type { NetworkProblem, ProcessExit, SpawnFailure };

/** Why a redirect was not followed (T067); `messages` of one that is none: the address for messages of an HTTP+SSE server (T073). */
export type RedirectRefusal = 'other-origin' | 'too-many' | 'method' | 'no-location' | 'messages';

/**
 * What went wrong. Words of a server, not yet safe to show, are in `server-error`, `http-error`, `network`, `authorization` and `unsupported-version`;
 * a `network` or `redirected` may name a host that a server has chosen.
 */
export type Failure = Problem & {
  /** It was a call of a tool that has left, and no answer of the tool came: the server may have carried it out (T127). */
  readonly mayHaveActed?: true;
};

type Problem =
  /** The process ended or the pipe closed before an answer came. */
  | {
      readonly code: 'connection-closed';
      readonly exit?: ProcessExit;
      /** What the server did for which it was cut off, as "wrote …": our own words. */
      readonly violation?: string;
    }
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
  /** `detail` is the system's own code, such as `ECONNREFUSED`, or a few words of ours. */
  | {
      readonly code: 'network';
      readonly problem: NetworkProblem;
      readonly host: string;
      readonly detail?: string;
      /** It was asked about signing in, whose place need not be the server's own. */
      readonly forSignIn?: true;
      /** What the place says instead of what it was asked for: at most 300 characters, raw. */
      readonly excerpt?: string;
    }
  /** `to` is the origin it leads to, or for `method` the whole place without its query. */
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

  /** For a stack trace; what a person reads of a failure is made where it is shown. */
  constructor(readonly failure: Failure) {
    super('detail' in failure ? `${failure.code}: ${failure.detail}` : failure.code);
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

/** True for the 404 of an endpoint that is there, and knows the session if there is one, but no such method (2026-07-28). */
export function isUnknownMethod(failure: Failure): boolean {
  return (
    failure.code === 'server-error' &&
    failure.rpcCode === ErrorCode.methodNotFound &&
    failure.httpStatus === 404
  );
}
