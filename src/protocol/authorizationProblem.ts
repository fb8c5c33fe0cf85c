/** What can be wrong with the authorization of a server, as codes and texts of our own. It knows no OAuth library. */

import { assertNever } from '../base/assertNever';

/** Access to a server that could not be had. */
export type AuthorizationFailure =
  /** Someone has to sign in, and was not asked or did not answer. */
  | { readonly code: 'sign-in-needed'; readonly issuer?: string; readonly scopes?: readonly string[] }
  /** The person closed it, and is not asked again until they want to sign in. */
  | { readonly code: 'sign-in-closed'; readonly issuer?: string }
  /** The authorization server says that they declined. */
  | { readonly code: 'sign-in-denied' }
  /** `detail` is text of our own; `serverSays` is at most 300 characters of an authorization server, not yet safe to show. */
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

/** One plain English sentence per problem. */
export const AUTHORIZATION_TEXTS: Readonly<Record<AuthorizationProblem, string>> = {
  'no-authorization-server': 'The server asks for a sign-in but does not say where',
  'header-wanted':
    'The server wants an Authorization header, and offers no sign-in; set it in its entry, as in "headers": { "Authorization": "Bearer ${input:token}" }',
  'issuer-mismatch': 'The authorization server is not the one it should be',
  'resource-mismatch': 'The authorization metadata of the server belong to another server',
  'pkce-missing':
    'The authorization server does not protect sign-ins with PKCE (code_challenge_methods_supported lacks S256)',
  'registration-impossible':
    'The authorization server takes no new clients; a client id has to be set for this server',
  'registration-refused': 'The authorization server did not register this host',
  'sign-in-refused': 'The authorization server ended the sign-in with an error',
  'token-refused': 'The authorization server gave no access',
  'token-invalid': 'The authorization server gave an access token that cannot be used',
  'callback-invalid': 'The answer to the sign-in is not valid',
  'unsafe-url': 'An address for the sign-in is not safe to use',
  'token-not-accepted': 'You are signed in, but the server refuses the access token',
  'scopes-refused': 'The server asks for rights that cannot be put before you',
  'insufficient-scope': 'The access that was granted does not allow this',
  'metadata-unavailable': 'The authorization server does not describe itself',
  'metadata-invalid': 'The authorization metadata are not valid',
  'header-refused': 'The server refused the Authorization header of its settings',
  'account-refused': "The server refused the editor's session of the account that its settings name",
  'store-unavailable': 'The stored credentials cannot be reached',
  'settings-incomplete': 'The authorization settings of this server are incomplete',
};

/** Tells these failures from all others. */
export function isAuthorizationFailure(failure: { readonly code: string }): failure is AuthorizationFailure {
  return ['sign-in-needed', 'sign-in-closed', 'sign-in-denied', 'authorization'].includes(failure.code);
}

/** One plain English sentence, without any text of a server. */
export function describeAuthorization(failure: AuthorizationFailure): string {
  switch (failure.code) {
    case 'sign-in-needed':
      return 'The server needs you to sign in.';
    case 'sign-in-closed':
      return 'You closed the sign-in; use Sign In when you want to be asked again.';
    case 'sign-in-denied':
      return 'The sign-in was declined.';
    case 'authorization': {
      const { problem, detail } = failure;
      return `${AUTHORIZATION_TEXTS[problem]}${detail === undefined ? '' : ` (${detail})`}.`;
    }
    default:
      return assertNever(failure);
  }
}
