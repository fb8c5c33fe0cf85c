/** Reads the metadata documents of resources (RFC 9728) and authorization servers (RFC 8414, OpenID Connect Discovery). */

import type { AuthorizationServer } from 'oauth4webapi';

import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../base/json';
import type { GuardedFetch } from './guardedFetch';
import { ElsewhereError, problem } from './problem';
import { cleanScopes } from './scopes';
import { safeUrl } from './urls';

/** What a server says of itself. */
export interface ResourceMetadata {
  /** Byte for byte. */
  readonly resource: string;
  readonly issuers: readonly string[];
  readonly scopes?: readonly string[];
  readonly requiresDpop: boolean;
}

/** An authorization server whose endpoints have been checked. */
export interface IssuerMetadata {
  readonly as: AuthorizationServer;
  /** True when it has no metadata and the endpoints are those of revision 2025-03-26 (AUTH24). */
  readonly guessed: boolean;
  readonly takesMetadataDocuments: boolean;
  readonly grantProfiles?: readonly string[];
}

const MAX_ITEMS = 1_000;
const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
] as const;
const LISTS = [
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
  'scopes_supported',
  'grant_types_supported',
  'dpop_signing_alg_values_supported',
] as const;

/**
 * Gets a metadata document.
 * @returns undefined when there is none: any 4xx, or a web page, as sites give out for every path they do not know.
 * @throws ElsewhereError for a redirect, which is not followed (T080); FailureError when nobody knows whether there is one (network, 5xx), or
 * it cannot be read.
 */
export async function fetchMetadata(
  url: URL,
  fetch: GuardedFetch,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  const headers = { accept: 'application/json' };
  const response = await fetch.send(url, { method: 'GET', headers, signal });
  const { status } = response;
  if (status >= 500 || status === 429)
    throw problem('metadata-unavailable', `HTTP ${status} from ${url.host}`);
  if (status !== 200) return undefined;
  const text = await response.text();
  if (/^\s*</.test(text)) return undefined;
  const value = parseJson(text);
  if (!isObject(value)) throw problem('metadata-invalid', `${url.host} sent no JSON object`);
  return value;
}

/** @throws FailureError `authorization` / `metadata-invalid` */
export function readResourceMetadata(value: JsonObject): ResourceMetadata {
  const resource = ownString(value, 'resource');
  if (resource === undefined || resource === '')
    throw problem('metadata-invalid', 'the resource is not named');
  const scopes = strings(value, 'scopes_supported');
  return {
    resource,
    issuers: strings(value, 'authorization_servers') ?? [],
    ...(scopes === undefined ? {} : { scopes: cleanScopes(scopes) }),
    requiresDpop: own(value, 'dpop_bound_access_tokens_required') === true,
  };
}

/** @throws FailureError `authorization` / `metadata-invalid` or `unsafe-url`; every endpoint is checked, used or not. */
export function readIssuerMetadata(value: JsonObject): IssuerMetadata {
  const issuer = ownString(value, 'issuer');
  if (issuer === undefined) throw problem('metadata-invalid', 'the issuer is not named');
  const as: { -readonly [K in keyof AuthorizationServer]: AuthorizationServer[K] } = { issuer };
  for (const name of ENDPOINTS) {
    const endpoint = ownString(value, name);
    if (endpoint !== undefined) as[name] = safeUrl(endpoint, name).href;
  }
  for (const name of LISTS) {
    const list = strings(value, name);
    if (list !== undefined) as[name] = [...list];
  }
  if (own(value, 'authorization_response_iss_parameter_supported') === true)
    as.authorization_response_iss_parameter_supported = true;
  const grantProfiles = strings(value, 'authorization_grant_profiles_supported');
  return {
    as,
    guessed: false,
    takesMetadataDocuments: own(value, 'client_id_metadata_document_supported') === true,
    ...(grantProfiles === undefined ? {} : { grantProfiles }),
  };
}

/** The endpoints that revision 2025-03-26 assumes at the origin of a server without metadata. */
export function guessedIssuer(origin: string): IssuerMetadata {
  const as: AuthorizationServer = {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
  };
  return { as, guessed: true, takesMetadataDocuments: false };
}

/**
 * Whether a token endpoint is where it was guessed to be: one says what is wrong with an empty request in its own form (RFC 6749 §5.2), or
 * gives a token to anyone, which is not used.
 * @throws FailureError when nobody knows (network, 5xx)
 */
export async function hasTokenEndpoint(
  { as }: IssuerMetadata,
  fetch: GuardedFetch,
  signal: AbortSignal,
): Promise<boolean> {
  const url = new URL(as.token_endpoint ?? as.issuer);
  let response: Response;
  try {
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    response = await fetch.send(url, { method: 'POST', headers, body: '', signal });
  } catch (error) {
    if (error instanceof ElsewhereError) return false;
    throw error;
  }
  const { status } = response;
  if (status >= 500 || status === 429)
    throw problem('metadata-unavailable', `HTTP ${status} from ${url.host}`);
  const value = parseJson(await response.text());
  if (!isObject(value)) return false;
  return status === 200
    ? ownString(value, 'access_token') !== undefined
    : (status === 400 || status === 401) && ownString(value, 'error') !== undefined;
}

function strings(value: JsonObject, name: string): readonly string[] | undefined {
  const list = own(value, name);
  if (!Array.isArray(list)) return undefined;
  return list.slice(0, MAX_ITEMS).filter((item: JsonValue): item is string => typeof item === 'string');
}
