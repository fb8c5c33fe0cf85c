/** Finds out who gives access to a server, and for which resource (AUTH3 to AUTH6, AUTH24). It asks, and decides nothing about clients. */

import { ownString } from '../base/json';
import type { Clock } from '../base/clock';
import { FailureError } from '../protocol/failure';
import type { Challenge } from './challenge';
import type { AuthorizationSettings } from './contract';
import type { GuardedFetch } from './guardedFetch';
import {
  guessedIssuer,
  hasTokenEndpoint,
  readIssuerMetadata,
  readResourceMetadata,
  type IssuerMetadata,
  type ResourceMetadata,
} from './metadata';
import { MetadataSearch } from './metadataSearch';
import { misnamed, problem } from './problem';
import type { AuthRecord } from './record';
import { appendWellKnown, canonicalResource, coversServer, insertWellKnown, safeUrl } from './urls';

const PROTECTED_RESOURCE = 'oauth-protected-resource';
const OAUTH = 'oauth-authorization-server';
const OPENID = 'openid-configuration';
/** How long the metadata of an authorization server are used, and of how many. */
const KEEP_MS = 600_000;
const MAX_KEPT = 4;
/** Authorization servers that are tried beside the first one. */
const MAX_OTHERS = 2;

/** Who gives access, for what. */
export interface Discovered {
  readonly issuer: IssuerMetadata;
  /** The value of every `resource` parameter. */
  readonly resource: string;
  /** All scopes that the server's metadata list. */
  readonly scopes?: readonly string[];
  readonly requiresDpop: boolean;
  /** Where the metadata were, when there are any. */
  readonly metadataUrl?: string;
}

export class Discovery {
  private readonly known = new Map<string, { readonly issuer: IssuerMetadata; readonly at: number }>();

  constructor(
    private readonly fetch: GuardedFetch,
    private readonly clock: Clock,
    private readonly serverUrl: URL,
    private readonly settings: AuthorizationSettings,
  ) {}

  /**
   * Looks everything up anew, since a server may have moved to another authorization server (AUTH11).
   * @throws FailureError `authorization`, or of the network
   */
  async find(challenge: Challenge | undefined, record: AuthRecord, signal: AbortSignal): Promise<Discovered> {
    const named = challenge?.metadataUrl ?? record.metadataUrl;
    const search = new MetadataSearch(this.fetch, signal);
    const found = await this.resource(named, search);
    if (!found) return this.withoutMetadata(search, signal);
    const { metadata, url } = found;
    if (!coversServer(metadata.resource, this.serverUrl))
      throw misnamed(
        'resource-mismatch',
        `they name another resource than ${this.serverUrl.host}`,
        `resource: ${metadata.resource}`,
      );
    const issuer = await this.firstOf(this.choices(metadata, record), signal);
    return {
      issuer,
      resource: metadata.resource,
      ...(metadata.scopes === undefined ? {} : { scopes: metadata.scopes }),
      requiresDpop: metadata.requiresDpop,
      metadataUrl: url.href,
    };
  }

  /**
   * Metadata of an authorization server, a few minutes old at most.
   * @throws FailureError `authorization` / `metadata-unavailable`, `issuer-mismatch` and others
   */
  async issuer(name: string, signal: AbortSignal): Promise<IssuerMetadata> {
    const known = this.known.get(name);
    if (known && this.clock.monotonic() - known.at < KEEP_MS) return known.issuer;
    const base = safeUrl(name, 'the issuer');
    const isRoot = base.pathname === '/';
    const places = [
      insertWellKnown(base, OAUTH),
      insertWellKnown(base, OPENID),
      ...(isRoot ? [] : [appendWellKnown(base, OPENID)]),
    ];
    const search = new MetadataSearch(this.fetch, signal);
    let other: FailureError | undefined;
    for (const place of places) {
      const value = await search.at(place);
      if (!value) continue;
      const named = ownString(value, 'issuer');
      // No normalisation: an issuer is a string (RFC 8414 §3.3). What stands for another, or is none, may hide the right one further on.
      if (named !== name) {
        other ??= notIssuer(named);
        continue;
      }
      const issuer = readIssuerMetadata(value);
      this.keep(name, issuer);
      return issuer;
    }
    throw other ?? search.nothing('metadata-unavailable', `nothing at ${base.host} says so`);
  }

  /** An authorization server that tokens came from. */
  async issuerOf(
    tokens: { readonly issuer: string; readonly guessed?: true },
    signal: AbortSignal,
  ): Promise<IssuerMetadata> {
    return tokens.guessed ? guessedIssuer(this.serverUrl.origin) : this.issuer(tokens.issuer, signal);
  }

  private async resource(
    named: string | undefined,
    search: MetadataSearch,
  ): Promise<{ readonly metadata: ResourceMetadata; readonly url: URL } | undefined> {
    // A part of an address names no place; the well-known ones are left.
    if (named !== undefined && URL.canParse(named)) {
      const url = safeUrl(named, 'resource_metadata');
      const value = await search.at(url);
      if (value) return { metadata: readResourceMetadata(value), url };
    }
    const root = insertWellKnown(new URL(this.serverUrl.origin), PROTECTED_RESOURCE);
    const atPath = insertWellKnown(this.serverUrl, PROTECTED_RESOURCE);
    for (const url of atPath.href === root.href ? [root] : [atPath, root]) {
      if (url.href === named) continue;
      const value = await search.at(url);
      if (value) return { metadata: readResourceMetadata(value), url };
    }
    return undefined;
  }

  /** A server of revision 2025-03-26: its own origin is the authorization server, if there is one (AUTH24). */
  private async withoutMetadata(search: MetadataSearch, signal: AbortSignal): Promise<Discovered> {
    const resource = canonicalResource(this.serverUrl);
    const { issuer: pinned } = this.settings;
    if (pinned !== undefined)
      return { issuer: await this.issuer(pinned, signal), resource, requiresDpop: false };
    const { origin } = this.serverUrl;
    safeUrl(origin, 'the server');
    const base = new URL(origin);
    const value = await search.first([insertWellKnown(base, OAUTH), insertWellKnown(base, OPENID)]);
    if (!value) {
      const issuer = guessedIssuer(origin);
      // Any server may answer 401; nobody is sent to addresses at which there is nothing.
      if (!(await hasTokenEndpoint(issuer, this.fetch, signal))) throw search.nothing('header-wanted');
      return { issuer, resource, requiresDpop: false };
    }
    const issuer = readIssuerMetadata(value);
    // The name was not given by anyone, so both spellings of an origin are it.
    if (issuer.as.issuer !== origin && issuer.as.issuer !== `${origin}/`) throw notIssuer(issuer.as.issuer);
    this.keep(issuer.as.issuer, issuer);
    return { issuer, resource, requiresDpop: false };
  }

  /** The authorization servers that may be gone to, the best first. What is a secret of one is for that one alone. */
  private choices({ issuers }: ResourceMetadata, { tokens }: AuthRecord): readonly [string, ...string[]] {
    const { issuer: pinned, clientId, grant = 'authorization_code' } = this.settings;
    if (pinned !== undefined) {
      if (!issuers.includes(pinned))
        throw problem('issuer-mismatch', 'the server names another one than its settings');
      return [pinned];
    }
    const [first, ...others] = issuers;
    if (first === undefined) throw problem('no-authorization-server');
    if (tokens && issuers.includes(tokens.issuer)) return [tokens.issuer];
    const isOpen = clientId === undefined && grant === 'authorization_code';
    return isOpen ? [first, ...others.slice(0, MAX_OTHERS)] : [first];
  }

  /**
   * The first one that says what it is: one that is gone, or away, does not stand in the way of the next. What is wrong with the best is told.
   * @throws FailureError `cancelled` when nobody waits any more
   */
  private async firstOf(
    [best, ...others]: readonly [string, ...string[]],
    signal: AbortSignal,
  ): Promise<IssuerMetadata> {
    try {
      return await this.issuer(best, signal);
    } catch (error) {
      for (const name of others) {
        if (signal.aborted) throw new FailureError({ code: 'cancelled' });
        const issuer = await this.issuer(name, signal).catch(() => undefined);
        if (issuer) return issuer;
      }
      throw error;
    }
  }

  private keep(name: string, issuer: IssuerMetadata): void {
    const [oldest] = this.known.keys();
    if (this.known.size >= MAX_KEPT && oldest !== undefined) this.known.delete(oldest);
    this.known.set(name, { issuer, at: this.clock.monotonic() });
  }
}

/** What is said of metadata that name another issuer, or none. */
function notIssuer(named: string | undefined): FailureError {
  return named === undefined
    ? problem('metadata-invalid', 'the issuer is not named')
    : misnamed('issuer-mismatch', 'its metadata name another issuer', `issuer: ${named}`);
}
