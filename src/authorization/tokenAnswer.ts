/** What token endpoints answer, brought into the shape that the library checks, and bounded (T090, T091). */

import { isObject, own, ownString, parseJson, type JsonObject } from '../base/json';
import { cutText } from '../protocol/cutText';
import type { FailureError } from '../protocol/failure';
import { answersOtherwise, problem } from './problem';

/** Tokens as they were granted. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly type: 'bearer' | 'dpop' | 'none';
  readonly refreshToken?: string;
  /** Undefined: those that were asked for (RFC 6749 §5.1). */
  readonly scope?: string;
  /** Undefined: unknown. */
  readonly lifetimeMs?: number;
  readonly account?: string;
  readonly issuedType?: string;
}

const MAX_TOKEN = 16_384;
const MAX_ACCOUNT = 200;
const MIN_LIFE_S = 60;
const MAX_LIFE_S = 30 * 86_400;
/** RFC 6749 appendix A.12, without spaces: there are servers with tokens of more than RFC 6750 §2.1 has, and no header is made of these. */
const ACCESS_TOKEN = /^[\x21-\x7e]+$/;
/** RFC 6749 appendix A.17. */
const REFRESH_TOKEN = /^[\x20-\x7e]+$/;
const STRINGS = [
  'access_token',
  'token_type',
  'refresh_token',
  'scope',
  'issued_token_type',
  'error',
  'error_description',
] as const;

/** An answer whose body has been looked at. */
interface TidiedAnswer {
  readonly response: Response;
  readonly account?: string;
}

/**
 * Leaves of an answer what this host uses, in the types it should have.
 * @param host of the endpoint
 * @param secrets what it must not be quoted with
 * @throws FailureError `network` for an answer that is none of OAuth
 */
export async function tidyAnswer(
  response: Response,
  host: string,
  secrets: Iterable<string>,
): Promise<TidiedAnswer> {
  const text = await response.clone().text();
  const body = await fieldsOf(response);
  const { status } = response;
  const none = (): FailureError =>
    answersOtherwise(host, `HTTP ${status}`, wordsOf(response, body, text), secrets);
  if (status >= 500 || status === 429 || !body) throw none();
  const kept: Record<string, string | number> = {};
  for (const name of STRINGS) {
    const value = ownString(body, name);
    if (value !== undefined && value !== '') kept[name] = value;
  }
  if (status >= 400 && !('error' in kept)) {
    // Only these two are a token endpoint's own (RFC 6749 §5.2); others come from what stands before it.
    if (status > 401) throw none();
    Object.assign(kept, refusalIn(body, status));
  }
  const seconds = lifetime(own(body, 'expires_in'));
  if (seconds !== undefined) kept['expires_in'] = seconds;
  const account = accountOf(ownString(body, 'id_token'));
  return {
    // Errors with status 200 are common enough, and tokens with 201 are tokens.
    response: jsonResponse(
      kept,
      status < 200 || status >= 300 ? status : 'error' in kept ? 400 : 200,
      response.headers,
    ),
    ...(account === undefined ? {} : { account }),
  };
}

/** What stands in the place of an answer, for a person: nothing of a page, nor of a success, which may be a token in another form. */
function wordsOf(
  { status, headers }: Response,
  body: JsonObject | undefined,
  text: string,
): string | undefined {
  if (body) return refusalIn(body, status).error_description ?? ownString(body, 'error');
  const isPage = /html/i.test(headers.get('content-type') ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
  return status < 400 || isPage || text.trim() === '' ? undefined : text;
}

/**
 * What an answer says: JSON, a form, as some endpoints answer whatever they are asked for, or, of a refusal, a few plain words; undefined when it
 * is none of these. A page is nobody's words: it comes from what stands before the endpoint.
 */
export async function fieldsOf(response: Response): Promise<JsonObject | undefined> {
  const text = await response.text();
  const body = parseJson(text);
  if (isObject(body)) return body;
  if (/^application\/x-www-form-urlencoded\b/i.test(response.headers.get('content-type') ?? ''))
    return Object.fromEntries(new URLSearchParams(text));
  return response.status >= 400 && text.trim() !== '' && !text.includes('<') ? { message: text } : undefined;
}

/** What a refusal that is not in OAuth's form says: its status, and the words that frameworks have for it. */
export function refusalIn(
  body: JsonObject,
  status: number,
): { readonly error: string; readonly error_description?: string } {
  const inner = own(body, 'error');
  const words = ['error_description', 'message', 'detail', 'title']
    .flatMap((name) => [ownString(body, name), isObject(inner) ? ownString(inner, name) : undefined])
    .find((text) => text !== undefined && text !== '');
  return { error: `HTTP ${status}`, ...(words === undefined ? {} : { error_description: words }) };
}

/** A JSON answer with only those headers that mean something to the library. */
export function jsonResponse(body: JsonObject, status: number, headers: Headers): Response {
  const nonce = headers.get('dpop-nonce');
  return new Response(JSON.stringify(body), {
    status,
    headers: [
      ['content-type', 'application/json'],
      ...(nonce === null ? [] : [['dpop-nonce', nonce] as [string, string]]),
    ],
  });
}

/** @throws FailureError `authorization` / `token-invalid` */
export function checkToken(token: string, kind: 'access' | 'refresh'): string {
  if (token.length > MAX_TOKEN) throw problem('token-invalid', 'it is too long');
  if (!(kind === 'access' ? ACCESS_TOKEN : REFRESH_TOKEN).test(token))
    throw problem('token-invalid', 'it holds characters that no token has');
  return token;
}

/** Seconds between a minute and thirty days, or undefined when nothing sensible is said. */
function lifetime(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return undefined;
  return Math.min(Math.max(seconds, MIN_LIFE_S), MAX_LIFE_S);
}

/** A name out of an id token that came straight from the token endpoint (OpenID Connect Core §3.1.3.7); for display only. */
function accountOf(idToken: string | undefined): string | undefined {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) return undefined;
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
  if (!isObject(claims)) return undefined;
  const name = ['email', 'preferred_username', 'name']
    .map((claim) => ownString(claims, claim))
    .find((value) => value !== undefined && value !== '');
  return name === undefined ? undefined : cutText(name, MAX_ACCOUNT);
}
