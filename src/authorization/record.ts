/** The stored record of one server: its shape as text, versioned and checked before use. It does no input or output. */

import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../base/json';
import { problem } from './problem';
import { coversServer } from './urls';

/** How a client proves at the token endpoint who it is. */
export type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** A client at one authorization server (AUTH11). Secrets of pre-registered ones stay in the settings. */
export interface StoredClient {
  readonly kind: 'pre-registered' | 'metadata-document' | 'dynamic';
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Milliseconds since the epoch; never when absent. */
  readonly secretExpiresAt?: number;
  readonly method?: AuthMethod;
  readonly redirectUri?: string;
  /** A sign-in with it was given up: it goes on renewing its tokens, and the next sign-in registers another. */
  readonly retired?: true;
}

/** Tokens, with all they are bound to. */
export interface StoredTokens {
  readonly issuer: string;
  readonly resource: string;
  readonly clientId: string;
  readonly accessToken: string;
  readonly type: 'bearer' | 'dpop';
  readonly refreshToken?: string;
  /** What was granted. */
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** When a person signed in for them; renewals keep it. Milliseconds since the epoch. */
  readonly signedInAt?: number;
  /** Unknown when absent. */
  readonly lifetimeMs?: number;
  readonly account?: string;
  /** The authorization server has no metadata (AUTH24). */
  readonly guessed?: true;
}

/** All that is kept of the authorization of one server. */
export interface AuthRecord {
  /** The configured URL, canonical. */
  readonly server: string;
  readonly clients: readonly StoredClient[];
  /** Everything that was asked for so far at `issuer` (AUTH19). */
  readonly requested?: { readonly issuer: string; readonly scopes: readonly string[] };
  readonly tokens?: StoredTokens;
  /** Private key of DPoP proofs as a JWK. */
  readonly dpopKey?: JsonObject;
  /** Where the server's metadata were found last. */
  readonly metadataUrl?: string;
}

const VERSION = 1;
const MAX_RECORD = 65_536;
const MAX_CLIENTS = 4;
const METHODS: readonly AuthMethod[] = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
];
const KINDS: readonly StoredClient['kind'][] = ['pre-registered', 'metadata-document', 'dynamic'];

/** A record as text. @throws FailureError `authorization` / `store-unavailable` when it is too large. */
export function writeRecord(record: AuthRecord): string {
  const text = JSON.stringify({ version: VERSION, ...record });
  if (Buffer.byteLength(text) > MAX_RECORD) throw problem('store-unavailable', 'there is too much to store');
  return text;
}

/**
 * Reads what {@link writeRecord} wrote. What belongs to another server is left out (T094).
 * @throws FailureError `authorization` / `store-unavailable` for text that is none: it may be cut, and is not "nothing" (T095).
 */
export function readRecord(text: string | undefined, server: string): AuthRecord {
  if (text === undefined) return { server, clients: [] };
  const value = text.length <= MAX_RECORD ? parseJson(text) : undefined;
  if (!isObject(value) || own(value, 'version') !== VERSION)
    throw problem('store-unavailable', 'what is stored cannot be read; sign out to begin anew');
  if (ownString(value, 'server') !== server) return { server, clients: [] };
  const requested = own(value, 'requested');
  const issuer = isObject(requested) ? ownString(requested, 'issuer') : undefined;
  const tokens = readTokens(own(value, 'tokens'), server);
  const dpopKey = own(value, 'dpopKey');
  const metadataUrl = ownString(value, 'metadataUrl');
  return {
    server,
    clients: readClients(own(value, 'clients')),
    ...(isObject(requested) && issuer !== undefined
      ? { requested: { issuer, scopes: strings(own(requested, 'scopes')) } }
      : {}),
    ...(tokens === undefined ? {} : { tokens }),
    ...(isObject(dpopKey) ? { dpopKey } : {}),
    ...(metadataUrl === undefined ? {} : { metadataUrl }),
  };
}

/** The record with this client in front; the oldest are let go, but never the one that the tokens were given to. */
export function withClient(record: AuthRecord, client: StoredClient): AuthRecord {
  const others = without(record, client).clients;
  const holder = others.filter((known) => isHolder(known, record.tokens));
  const rest = others.filter((known) => !holder.includes(known));
  return { ...record, clients: [client, ...rest].slice(0, MAX_CLIENTS - holder.length).concat(holder) };
}

/** The record after a sign-in with this client came to nothing. */
export function withGivenUp(record: AuthRecord, client: StoredClient): AuthRecord {
  return isHolder(client, record.tokens)
    ? withClient(record, { ...client, retired: true })
    : without(record, client);
}

/** True for the client that the tokens were given to. */
export function isHolder(
  { issuer, clientId }: StoredClient,
  tokens: Pick<StoredTokens, 'issuer' | 'clientId'> | undefined,
): boolean {
  return issuer === tokens?.issuer && clientId === tokens.clientId;
}

/** The record without this client. */
export function without(record: AuthRecord, { issuer, clientId }: StoredClient): AuthRecord {
  const clients = record.clients.filter((known) => known.issuer !== issuer || known.clientId !== clientId);
  return { ...record, clients };
}

/** The record without tokens; clients and keys stay. */
export function withoutTokens({ tokens: _tokens, ...record }: AuthRecord): AuthRecord {
  return record;
}

function readTokens(value: JsonValue | undefined, server: string): StoredTokens | undefined {
  if (!isObject(value)) return undefined;
  const [issuer, resource, clientId, accessToken, type, refreshToken, account] = [
    'issuer',
    'resource',
    'clientId',
    'accessToken',
    'type',
    'refreshToken',
    'account',
  ].map((name) => ownString(value, name));
  const obtainedAt = own(value, 'obtainedAt');
  const [signedInAt, lifetimeMs] = [own(value, 'signedInAt'), own(value, 'lifetimeMs')];
  if (issuer === undefined || resource === undefined || clientId === undefined || accessToken === undefined)
    return undefined;
  if ((type !== 'bearer' && type !== 'dpop') || typeof obtainedAt !== 'number') return undefined;
  if (!coversServer(resource, new URL(server))) return undefined;
  return {
    issuer,
    resource,
    clientId,
    accessToken,
    type,
    scopes: strings(own(value, 'scopes')),
    obtainedAt,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(typeof signedInAt === 'number' ? { signedInAt } : {}),
    ...(typeof lifetimeMs === 'number' ? { lifetimeMs } : {}),
    ...(account === undefined ? {} : { account }),
    ...(own(value, 'guessed') === true ? { guessed: true } : {}),
  };
}

function readClients(value: JsonValue | undefined): readonly StoredClient[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MAX_CLIENTS).flatMap((item: JsonValue): StoredClient[] => {
    if (!isObject(item)) return [];
    const kind = KINDS.find((known) => known === own(item, 'kind'));
    const method = METHODS.find((known) => known === own(item, 'method'));
    const [issuer, clientId] = [ownString(item, 'issuer'), ownString(item, 'clientId')];
    const [clientSecret, redirectUri] = [ownString(item, 'clientSecret'), ownString(item, 'redirectUri')];
    const expires = own(item, 'secretExpiresAt');
    if (kind === undefined || issuer === undefined || clientId === undefined) return [];
    return [
      {
        kind,
        issuer,
        clientId,
        ...(clientSecret === undefined ? {} : { clientSecret }),
        ...(typeof expires === 'number' ? { secretExpiresAt: expires } : {}),
        ...(method === undefined ? {} : { method }),
        ...(redirectUri === undefined ? {} : { redirectUri }),
        ...(own(item, 'retired') === true ? { retired: true } : {}),
      },
    ];
  });
}

function strings(value: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item: JsonValue): item is string => typeof item === 'string');
}
