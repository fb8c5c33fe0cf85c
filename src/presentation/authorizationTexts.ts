/** What is said about the authorization of a server that failed. */

import { assertNever } from '../base/assertNever';
import type { AuthorizationFailure, AuthorizationProblem } from '../protocol/authorizationProblem';

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
    'The authorization server takes no new clients; register one there by hand, and set it in the entry, as in "oauth": { "clientId": "…" }',
  'registration-refused':
    'The authorization server did not register this host; a client that was registered there by hand can be set in the entry, as in "oauth": { "clientId": "…" }',
  'sign-in-refused': 'The authorization server ended the sign-in with an error',
  'token-refused': 'The authorization server gave no access',
  'token-invalid': 'The authorization server gave an access token that cannot be used',
  'callback-invalid': 'The answer to the sign-in is not valid',
  'unsafe-url': 'An address for the sign-in is not safe to use',
  'token-not-accepted':
    'You are signed in, but the server refuses the access token; signing out and in again may help',
  'proof-not-accepted':
    'You are signed in, but the server refuses the proof that goes with the access token (DPoP); is the clock of this computer right?',
  'scopes-refused': 'The server asks for rights that cannot be put before you',
  'insufficient-scope': 'The access that was granted does not allow this',
  'metadata-unavailable': 'The authorization server does not describe itself',
  'metadata-invalid': 'The authorization metadata are not valid',
  'header-refused': 'The server refused the Authorization header of its settings',
  'account-refused': "The server refused the editor's session of the account that its settings name",
  'store-unavailable': 'The stored credentials cannot be reached',
  'settings-incomplete': 'The authorization settings of this server are incomplete',
};

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
