/** What can go wrong below HTTP, told apart by the system's error codes and never by messages. */

import type { NetworkProblem } from '../../protocol/failure';

/** A request that got no answer. `detail` is the system's own code, such as `ECONNREFUSED`; `hasLeft` when there was a connection for it. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';

  constructor(
    readonly problem: NetworkProblem,
    readonly host: string,
    readonly detail?: string,
    readonly hasLeft = false,
  ) {
    super(problem);
  }

  /** The same of a request that had a connection. */
  whenSent(): NetworkError {
    return new NetworkError(this.problem, this.host, this.detail, true);
  }
}

const PROBLEMS: ReadonlyMap<string, NetworkProblem> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unknown-host'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ECONNRESET', 'cut'],
  ['EPIPE', 'cut'],
  ['ECONNABORTED', 'cut'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'cut'],
  ['ETIMEDOUT', 'timeout'],
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['CERT_NOT_YET_VALID', 'certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'certificate'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
  ['CERT_REVOKED', 'certificate'],
  ['CERT_UNTRUSTED', 'certificate'],
]);

/** An error of Node's network stack as a {@link NetworkError}. Its message may name addresses and is not kept. */
export function toNetworkError(error: unknown, host: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const code = codeOf(error);
  return new NetworkError(problemOf(code), host, code);
}

/** Sends once more what may come twice without harm, when its connection was cut. @throws what `send` throws */
export async function againIfCut<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof NetworkError && error.problem === 'cut') return await send();
    throw error;
  }
}

const UNREACHED: readonly NetworkProblem[] = ['refused', 'unknown-host', 'unreachable'];

/** The same of a request through a proxy: what cannot be reached is the proxy then, or it ends without a word; of the rest it tells by a status. */
export function toProxiedError(error: unknown, host: string): NetworkError {
  const { problem, detail } = toNetworkError(error, host);
  const isProxy = UNREACHED.includes(problem) || (problem === 'other' && detail === undefined);
  return new NetworkError(isProxy ? 'proxy' : problem, host, detail);
}

function problemOf(code: string | undefined): NetworkProblem {
  if (code === undefined) return 'other';
  const known = PROBLEMS.get(code);
  if (known) return known;
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'tls';
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP')) return 'not-http';
  // What zlib and Brotli find in bytes that are not theirs.
  return code.startsWith('Z_') || code.startsWith('ERR__') ? 'encoding' : 'other';
}

/** Several addresses are tried for one name; the error is then a collection whose first member tells most. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return code;
  const { errors } = error as { readonly errors?: unknown };
  return Array.isArray(errors) ? codeOf(errors[0]) : undefined;
}
