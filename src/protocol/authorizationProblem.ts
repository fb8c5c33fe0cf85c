/** What can be wrong with the authorization of a server, as codes of our own. It knows no OAuth library. */

/** Access to a server that could not be had. */
export type AuthorizationFailure =
  /** Someone has to sign in, and was not asked or did not answer. */
  | { readonly code: 'sign-in-needed'; readonly issuer?: string; readonly scopes?: readonly string[] }
  /** The person closed it, and is not asked again until they want to sign in. */
  | { readonly code: 'sign-in-closed'; readonly issuer?: string }
  /** The authorization server says that they declined. */
  | { readonly code: 'sign-in-denied' }
  /** `detail` is text of our own; `serverSays` is at most 300 characters of an authorization server, or of the server itself, not yet safe to show. */
  | {
      readonly code: 'authorization';
      readonly problem: AuthorizationProblem;
      readonly detail?: string;
      readonly serverSays?: string;
    };

/** Why no access to a server could be had. */
export type AuthorizationProblem =
  /** The server asks for credentials and names nobody who gives them. */
  | 'no-authorization-server'
  /** The server refuses requests and describes no sign-in at all. */
  | 'header-wanted'
  /** Metadata or a callback speak of another authorization server than the one that was asked (T081). */
  | 'issuer-mismatch'
  /** The server's metadata belong to another resource (T082). */
  | 'resource-mismatch'
  /** The authorization server does not say that it checks PKCE (T083). */
  | 'pkce-missing'
  /** No client id is configured, and none can be had. */
  | 'registration-impossible'
  | 'registration-refused'
  /** The authorization server ended the sign-in with an error. */
  | 'sign-in-refused'
  /** The token endpoint answered with an OAuth error. */
  | 'token-refused'
  /** The token endpoint's answer is not one (T091). */
  | 'token-invalid'
  | 'callback-invalid'
  /** A URL that leads somewhere else than to a web server (T079). */
  | 'unsafe-url'
  /** The server refuses a token that it asked for itself (T070). */
  | 'token-not-accepted'
  /** The server refuses the proof that goes with a token, mostly for its time (RFC 9449 §7.1, §11.1). */
  | 'proof-not-accepted'
  | 'insufficient-scope'
  /** More, or longer, rights than a person could look through (T092). */
  | 'scopes-refused'
  /** There are no metadata where they should be. */
  | 'metadata-unavailable'
  | 'metadata-invalid'
  /** The `Authorization` header of the entry was refused; no sign-in is started beside it (T068). */
  | 'header-refused'
  /** The session of an account of the editor was refused, and the editor has no other. */
  | 'account-refused'
  /** Stored credentials cannot be read or written now; they may well be there (T095). */
  | 'store-unavailable'
  /** The entry says too little for its kind of authorization. */
  | 'settings-incomplete';

/** Tells these failures from all others. */
export function isAuthorizationFailure(failure: { readonly code: string }): failure is AuthorizationFailure {
  return ['sign-in-needed', 'sign-in-closed', 'sign-in-denied', 'authorization'].includes(failure.code);
}
