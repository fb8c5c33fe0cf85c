/** Turns unwanted HTTP answers into failures. */

import type { Clock } from '../../base/clock';
import { isObject, own, ownString, parseJson } from '../../base/json';
import { cutText } from '../../protocol/cutText';
import { FailureError, type Failure, type NetworkProblem } from '../../protocol/failure';
import { readMessage } from '../../protocol/jsonrpc';
import { ClientMethods } from '../../protocol/methods';
import { MAX_DEPTH } from '../admission';
import { isDeeperThan } from '../lineDecoder';
import { readStart } from './bodies';
import type { HttpReply } from './httpClient';
import { NetworkError, toNetworkError } from './networkFailure';
import { RedirectError } from './redirects';

/** Bytes of an error's body that are read, characters of it that are kept, and of the `data` of a JSON-RPC error in it (T065). */
const MAX_ERROR_BYTES = 65_536;
const MAX_EXCERPT = 500;
const MAX_ERROR_DATA = 8_192;
/** How long a body is read that only explains an error (T066). */
const EXPLAIN_MS = 5_000;

/**
 * An answer with an error status, or of a type that is none of MCP's, as a failure. Reads the beginning of its body, for a few seconds.
 * @param sent headers whose values are secrets: a server that echoes them is not quoted in that (T065).
 */
export async function failureOf(
  reply: HttpReply,
  clock: Clock,
  sent: Readonly<Record<string, string>>,
): Promise<Failure> {
  const { status, contentType } = reply;
  const start = await readStart(reply, MAX_ERROR_BYTES, EXPLAIN_MS, clock);
  const text = withoutSecrets(start.toString('utf8'), sent);
  // Some frameworks call a few words HTML when nobody says what they are; a page has markup.
  const isPage = (contentType === 'text/html' ? /<[!a-z]/i : /^\s*<(?:!doctype|html)/i).test(text);
  const rpc = contentType === 'application/json' || contentType === '' ? rpcError(text, status) : undefined;
  const retryAfterMs = readRetryAfter(reply.headers['retry-after'], clock.wall());
  const again = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (rpc) return { ...rpc, ...again };
  const excerpt = isPage || !READABLE.test(contentType) ? '' : cutText(text, MAX_EXCERPT);
  return {
    code: 'http-error',
    status,
    isPage,
    ...(excerpt === '' ? {} : { excerpt }),
    ...again,
  };
}

/** Types of what a person can read; a server that names none mostly says a few words. */
const READABLE = /^$|^text\/|^application\/(?:[\w.+-]+\+)?(?:json|xml)$/;

/** Shorter values are not looked for: they are words that stand everywhere. */
const SHORTEST_SECRET = 6;

/** The text without the values of these headers, nor the parts of them, such as what stands behind `Bearer` (T065). */
export function withoutSecrets(text: string, headers: Readonly<Record<string, string>>): string {
  let clean = text;
  for (const [name, value] of Object.entries(headers)) {
    const parts = [value, ...value.split(/[\s,;=]+/)].filter((part) => part.length >= SHORTEST_SECRET);
    for (const part of parts)
      // As it is, and as it stands in JSON.
      for (const form of new Set([part, JSON.stringify(part).slice(1, -1)]))
        clean = clean.replaceAll(form, `(your ${name})`);
  }
  return clean;
}

/** The error of a JSON-RPC answer within the bounds of a message; it may lack its id, since it belongs to this exchange (BASE5). */
function rpcError(text: string, status: number): Failure | undefined {
  const value = parseJson(text);
  if (!isObject(value) || isDeeperThan(value, MAX_DEPTH)) return undefined;
  if (ownString(value, 'jsonrpc') !== '2.0') return undefined;
  // An id that says nothing, as `null`, must not cost the error.
  const message = readMessage({ jsonrpc: '2.0', error: own(value, 'error') });
  if (!message.ok || !('error' in message.value)) return undefined;
  const { error } = message.value;
  return {
    code: 'server-error',
    rpcCode: error.code,
    message: error.message,
    ...(error.data === undefined ? {} : { data: cutText(JSON.stringify(error.data), MAX_ERROR_DATA) }),
    httpStatus: status,
  };
}

/**
 * `Retry-After` in milliseconds from `now`: seconds, or a date (RFC 9110 §10.2.3).
 * @returns undefined when there is none that says anything.
 */
export function readRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) || at <= now ? undefined : at - now;
}

/**
 * What a request to a server ended with, as a failure that says whether the server may have acted on it all the same (T127).
 * @param wasTaken the server has begun to answer it, and not with a refusal
 */
export function requestFailure(error: unknown, host: string, method: string, wasTaken: boolean): Failure {
  const failure = exchangeFailure(error, host);
  if (method !== ClientMethods.toolsCall.method || !(wasTaken || mayHaveArrived(error, failure)))
    return failure;
  return { ...failure, mayHaveActed: true };
}

/** What TLS refuses behind its handshake is the client's certificate, and before the request is read. */
const REFUSED: ReadonlySet<NetworkProblem> = new Set(['tls', 'certificate']);

function mayHaveArrived(error: unknown, failure: Failure): boolean {
  // Who stands before the server gave up on it.
  if (failure.code === 'http-error') return failure.status >= 500;
  // A failure that was made elsewhere is one of signing in: whoever is asked to do that was refused.
  if (failure.code !== 'network' || error instanceof FailureError) return false;
  return !REFUSED.has(failure.problem) && (!(error instanceof NetworkError) || error.hasLeft);
}

/** Whatever an exchange ended with, as a failure. */
export function exchangeFailure(error: unknown, host: string): Failure {
  if (error instanceof FailureError) return error.failure;
  if (error instanceof RedirectError)
    return { code: 'redirected', reason: error.reason, ...(error.to === undefined ? {} : { to: error.to }) };
  const {
    problem,
    detail,
    host: where,
  } = error instanceof NetworkError ? error : toNetworkError(error, host);
  return { code: 'network', problem, host: where, ...(detail === undefined ? {} : { detail }) };
}
