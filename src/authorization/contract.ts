/** What the authorization engine takes from an entry and needs from the host. Types only. */

import type { Clock } from '../base/clock';
import type { AddressKind } from '../transport/http/address';
import type { HttpClient, HttpReply } from '../transport/http/httpClient';

/** What an entry says about authorization; all optional. */
export interface AuthorizationSettings {
  /** A client id that was registered by hand. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Where the client id metadata document of this host lies. */
  readonly clientMetadataUrl?: string;
  /** Replaces what the server's metadata propose; what a challenge names still wins (AUTH18). */
  readonly scopes?: readonly string[];
  /** Pins the authorization server. */
  readonly issuer?: string;
  /** `authorization_code` unless it says otherwise. */
  readonly grant?: 'authorization_code' | 'client_credentials' | 'jwt_bearer' | 'enterprise';
  /** For `private_key_jwt`. `algorithm` is a JWS one, as `ES256`. */
  readonly privateKey?: { readonly pem: string; readonly algorithm: string };
  /** For `jwt_bearer`: the JWT of the workload (RFC 7523 §2.1). */
  readonly assertion?: string;
  /** For `enterprise`: the identity provider, and who is signed in there. */
  readonly enterprise?: {
    readonly issuer: string;
    readonly tokenEndpoint?: string;
    readonly clientId: string;
    readonly clientSecret?: string;
    readonly idToken: string;
  };
  /** Undefined: used when the server asks for it. */
  readonly dpop?: boolean;
  /** Goes on with an authorization server that does not say that it checks PKCE. Of the user scope only (T083). */
  readonly allowMissingPkce?: boolean;
  /** Hosts that the person's own settings name, as in `URL.host`: they may lie in a private network. Of the user scope only (T080). */
  readonly privateHosts?: readonly string[];
}

/** Where a host lies; undefined when its name is not known now. */
export type KindOfHost = (hostname: string) => Promise<AddressKind | undefined>;

/** What the engine needs from the host; over the link. Everything may reject with FailureError. */
export interface AuthorizationHost {
  /** This server's stored record, undefined when there is none. A failing store rejects: never the same as "none" (T095). */
  load(): Promise<string | undefined>;
  save(record: string | undefined): Promise<void>;
  /** Runs alone among all windows of this editor for this server (T088). */
  exclusively<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Asks whether the person wants to sign in, and where the answer can come back. */
  beginSignIn(request: SignInRequest, signal: AbortSignal): Promise<SignInGrant>;
  /** Opens the browser after the person's click and waits for the redirect. */
  openSignIn(ticket: string, url: string, state: string, signal: AbortSignal): Promise<SignInReply>;
  /** Tells who is signed in, for the tree. `account` is text of the authorization server. */
  signedIn(account: SignedIn | undefined): void;
  /** Tells what must not be quoted from now on, whoever says it (T065). */
  holds(of: 'credentials' | 'session', values: readonly string[]): void;
}

/** Who is signed in, and for what. */
export interface SignedIn {
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly account?: string;
}

/** What a person decides on before a browser opens. */
export interface SignInRequest {
  readonly issuer: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly reason: 'sign-in' | 'more-scopes' | 'expired';
  readonly newScopes?: readonly string[];
  readonly tool?: string;
  /** The server describes no authorization server; the addresses are those that revision 2025-03-26 assumes (AUTH24). */
  readonly guessed?: true;
  /** Where the answer to an earlier sign-in came back: the same place is the best one, as some authorization servers know no other. */
  readonly earlierRedirect?: string;
}

/** Whether a sign-in may begin. `ticket` names it from then on; `redirectUri` is where its answer comes back. */
export type SignInGrant =
  | { readonly kind: 'begin'; readonly ticket: string; readonly redirectUri: string }
  /** Nobody clicked: the call fails with `sign-in-needed`. */
  | { readonly kind: 'later' }
  | { readonly kind: 'denied' };

/** How a browser came back. `url` is the whole address, as it came. */
export type SignInReply =
  | { readonly kind: 'callback'; readonly url: string }
  /** The person closed it. */
  | { readonly kind: 'dismissed' }
  /** Nobody came back in time. */
  | { readonly kind: 'late' };

/**
 * What signing out has come to. Here everything is forgotten in any case. `here-only`: what the authorization server has given may be
 * good until it expires, because it does not take tokens back or could not be told.
 */
export type SignOutOutcome = 'complete' | 'here-only';

/** Names and values of a request's header fields. */
export type HeaderFields = readonly (readonly [string, string])[];

/** Header fields of an answer, names in lower case. */
export type AnswerHeaders = HttpReply['headers'];

/** What one server's authorization needs. */
export interface AuthorizerOptions {
  readonly serverUrl: URL;
  readonly settings: AuthorizationSettings;
  readonly http: Pick<HttpClient, 'send'>;
  readonly host: AuthorizationHost;
  readonly clock: Clock;
  /** The entry sets the `Authorization` header itself: no OAuth flow ever starts (T068). */
  readonly hasOwnAuthorization?: boolean;
  /** Told whenever requests go on with another access token than before, or with none. */
  readonly onTokens?: () => void;
  /** Where a host lies; found out by its name unless given. */
  readonly hostKind?: KindOfHost;
}

/** A request that is about to leave for the server. */
export interface AuthorizedRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  /** It only takes something back, and does so in time or not at all. */
  readonly isGoodbye?: boolean;
}

/** A 401 or 403. */
export interface ChallengedAnswer {
  readonly status: 401 | 403;
  readonly headers: AnswerHeaders;
  /** What the request left with. */
  readonly used: HeaderFields;
  /** All that it carried, where that is more: a server that echoes it is not quoted in that (T065). */
  readonly sent?: Readonly<Record<string, string>>;
  /** 1 for the first answer that a call got, 2 for the one to its repetition, and so on. */
  readonly attempt: number;
  /** Of a 403: how many answers of this call wanted more rights, this one included. */
  readonly widenings?: number;
  readonly tool?: string;
  /** Nobody waits for the request: no person is asked for its sake (T070). */
  readonly isUnattended?: boolean;
}
