/** Making failures of authorization: own words only, and foreign words cut and freed of secrets. */

import { cutText } from '../protocol/cutText';
import type { AuthorizationProblem } from '../protocol/authorizationProblem';
import { FailureError } from '../protocol/failure';

const MAX_FOREIGN_TEXT = 300;
/** Shorter values would be found in any text. */
const MIN_SECRET = 4;

/** @param detail text of our own, without a full stop. */
export function problem(code: AuthorizationProblem, detail?: string): FailureError {
  return new FailureError({
    code: 'authorization',
    problem: code,
    ...(detail === undefined ? {} : { detail }),
  });
}

/**
 * An endpoint of the sign-in answers, but not with OAuth, as a portal or a proxy before it does. That says nothing of a grant (T089), nor of
 * the MCP server, whose own answers tell its era and its address.
 */
export function answersOtherwise(
  host: string,
  what: string,
  says?: string,
  secrets: Iterable<string> = [],
): FailureError {
  return new FailureError({
    code: 'network',
    problem: 'other',
    host,
    detail: what,
    forSignIn: true,
    ...(says === undefined ? {} : { excerpt: quote(says, undefined, secrets) }),
  });
}

/** The same, where it only leads elsewhere: nothing follows there. */
export class ElsewhereError extends FailureError {
  /** @param to the origin that it leads to, if it names one */
  constructor(
    readonly host: string,
    readonly to?: string,
  ) {
    super(answersOtherwise(host, 'it leads elsewhere').failure);
  }
}

/** Something names `named` where our own `detail` says what is wrong with that; whoever set it up looks for exactly these characters. */
export function misnamed(code: AuthorizationProblem, detail: string, named: string): FailureError {
  return new FailureError({
    code: 'authorization',
    problem: code,
    detail,
    serverSays: cutText(named, MAX_FOREIGN_TEXT),
  });
}

/** A failure that quotes an authorization server. */
export function quoting(
  code: AuthorizationProblem,
  error: string,
  description: string | undefined,
  secrets: Iterable<string>,
): FailureError {
  return new FailureError({
    code: 'authorization',
    problem: code,
    serverSays: quote(error, description, secrets),
  });
}

/** A refusal of the server itself, with the words of its challenge if it has any. */
export function challengedBy(
  code: AuthorizationProblem,
  { description }: { readonly description?: string },
): FailureError {
  return description === undefined ? problem(code) : quoting(code, description, undefined, []);
}

/** A token that the server asked for and refuses: for its proof, which a wrong clock spoils, or for itself. */
export function notAccepted(challenge: {
  readonly error?: string;
  readonly description?: string;
}): FailureError {
  const { error, description = '' } = challenge;
  const isOfTime = /\biat\b/i.test(description) && /\b(?:dpop|proof)\b/i.test(description);
  const isOfProof = error === INVALID_PROOF || isOfTime;
  return challengedBy(isOfProof ? 'proof-not-accepted' : 'token-not-accepted', challenge);
}

/** RFC 9449 §5 and §7.1. */
const INVALID_PROOF = 'invalid_dpop_proof';

/** OAuth errors after which asking again later may well succeed. */
const PASSING: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable', 'slow_down']);

/** An OAuth error of a token endpoint, which callers tell apart by its code (RFC 6749 §5.2). */
export class TokenRefusedError extends FailureError {
  constructor(
    readonly error: string,
    description: string | undefined,
    secrets: Iterable<string>,
  ) {
    super({
      code: 'authorization',
      problem: 'token-refused',
      ...(error === INVALID_PROOF ? { detail: 'is the clock of this computer right?' } : {}),
      serverSays: quote(error, description, secrets),
    });
  }

  /** True when the same request may be answered otherwise later. */
  get isPassing(): boolean {
    return PASSING.has(this.error);
  }
}

function quote(error: string, description: string | undefined, secrets: Iterable<string>): string {
  // Cut generously first: a secret that the cut would split is still found whole or lies beyond the end.
  let text = cutText(description === undefined ? error : `${error}: ${description}`, 20_000);
  for (const secret of secrets) if (secret.length >= MIN_SECRET) text = text.replaceAll(secret, '***');
  return cutText(text, MAX_FOREIGN_TEXT);
}
