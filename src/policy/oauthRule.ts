/** How a remote server is signed in to, as an entry says it: the `oauth` field. */

/** `authorizationCode` asks the person; the others sign in without anybody (client credentials, RFC 7523, ID-JAG). */
export const GRANTS = ['authorizationCode', 'clientCredentials', 'jwtBearer', 'enterprise'] as const;

/** One of {@link GRANTS}. */
export type Grant = (typeof GRANTS)[number];

/** Fields that are text and may hold variables. */
export const OAUTH_TEXTS = [
  'clientId',
  'clientSecret',
  'clientMetadataUrl',
  'issuer',
  'privateKey',
  'privateKeyAlgorithm',
  'assertion',
  'redirectUri',
] as const;
/** The same, of the organization's identity provider. */
export const PROVIDER_TEXTS = ['issuer', 'tokenEndpoint', 'clientId', 'clientSecret', 'idToken'] as const;

/** The name of a field of {@link OAUTH_TEXTS} or {@link PROVIDER_TEXTS}, as it is written below `oauth`. */
export type OAuthText = (typeof OAUTH_TEXTS)[number] | `identityProvider.${(typeof PROVIDER_TEXTS)[number]}`;

/** Fields whose values are never shown. */
export const OAUTH_SECRETS: ReadonlySet<string> = new Set<OAuthText>([
  'clientSecret',
  'privateKey',
  'assertion',
  'identityProvider.clientSecret',
  'identityProvider.idToken',
]);

/** The `oauth` field. Text is as written, variables not expanded. */
export interface OAuthRule {
  readonly grant: Grant;
  readonly texts: ReadonlyMap<OAuthText, string>;
  /** Replaces what the server proposes. */
  readonly scopes?: readonly string[];
  /** Undefined: when the server asks for it. */
  readonly dpop?: boolean;
  /** Goes on with an authorization server that does not say that it checks PKCE. */
  readonly allowMissingPkce: boolean;
}

/** A session of an account that the editor knows. */
export interface AccountRule {
  readonly provider: string;
  readonly scopes: readonly string[];
}

/** What signing in is when an entry says nothing. */
export const DEFAULT_OAUTH: OAuthRule = {
  grant: 'authorizationCode',
  texts: new Map(),
  allowMissingPkce: false,
};
