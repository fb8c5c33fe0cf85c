/** Authorization over HTTP, and its extensions. */

import type { Requirements } from './requirement';

export const AUTHORIZATION: Requirements = {
  AUTH1: {
    summary: 'Authorization is for HTTP, the environment for stdio',
    tests: [
      'contract/authorization/codeFlow.test.ts#a refused call signs in with PKCE, resource and a registration, and is repeated with the token',
      'contract/host/launchSpec.test.ts#a server gets the safelist, what its entry names and its token, and nothing else',
    ],
  },
  AUTH2: {
    summary: 'A challenge is read, and answered by signing in',
    tests: [
      'unit/authorization/challenge.test.ts#a challenge is read with all that it says',
      'contract/authorization/codeFlow.test.ts#a refused call signs in with PKCE, resource and a registration, and is repeated with the token',
    ],
  },
  AUTH3: {
    summary: 'Where to sign in is found through the protected resource',
    tests: [
      'contract/authorization/discovery.test.ts#metadata of the server are looked for where the challenge says, then at its path, then at its root (AUTH3)',
    ],
  },
  AUTH4: {
    summary: 'One authorization server is chosen, with registration and tokens of its own',
    tests: [
      'contract/authorization/discovery.test.ts#a server that names no authorization server, or none but another than its settings, is told so',
      'contract/authorization/discovery.test.ts#a server that moves to another authorization server is registered and signed in to there (AUTH11)',
    ],
  },
  AUTH5: {
    summary: 'Metadata of the authorization server are looked for at the known places, in order',
    tests: [
      'contract/authorization/discovery.test.ts#metadata of the authorization server are looked for in the order of the specification (AUTH5)',
    ],
  },
  AUTH6: {
    summary: 'Metadata name the very issuer they were looked up for',
    tests: [
      'contract/authorization/discovery.test.ts#metadata that name another issuer, by a slash even, are not used (AUTH6)',
    ],
  },
  AUTH7: {
    summary: 'A client id is had in a fixed order of ways',
    tests: [
      'contract/authorization/clients.test.ts#a configured client id comes before a metadata document, and that before registering (AUTH7)',
      'contract/authorization/clients.test.ts#without any way to a client id the person is not even asked',
    ],
  },
  AUTH8: {
    summary: 'A client may be known by a metadata document',
    tests: [
      'contract/authorization/clients.test.ts#a metadata document needs an https address with a path (AUTH8)',
    ],
  },
  AUTH9: {
    summary: 'Credentials can be given by the person',
    tests: [
      'contract/authorization/clients.test.ts#a configured secret goes to the token endpoint in a form that all servers understand',
      'contract/authorization/clients.test.ts#a configured client id comes before a metadata document, and that before registering (AUTH7)',
    ],
  },
  AUTH10: {
    summary: 'A client can register, and what is refused is told',
    tests: [
      'contract/authorization/clients.test.ts#registrations are taken as servers give them',
      'contract/authorization/clients.test.ts#a refused registration says what the server said, and nothing happens after it',
      'contract/authorization/clients.test.ts#a callback address that was not registered is registered anew, with the same client never',
    ],
  },
  AUTH11: {
    summary: 'Credentials belong to their issuer',
    tests: [
      'contract/authorization/clients.test.ts#a configured client id is shown to the authorization server it was used with, and to no other (AUTH11)',
      'contract/authorization/discovery.test.ts#a server that moves to another authorization server is registered and signed in to there (AUTH11)',
    ],
  },
  AUTH12: {
    summary: 'PKCE with S256, or no sign-in',
    tests: [
      'contract/authorization/discovery.test.ts#an authorization server that does not tell of PKCE is refused, unless the person allows it (T083)',
      'contract/authorization/codeFlow.test.ts#a refused call signs in with PKCE, resource and a registration, and is repeated with the token',
    ],
  },
  AUTH13: {
    summary: 'The resource is named in every request, in its canonical form',
    tests: [
      'unit/authorization/urls.test.ts#the canonical name of a server has no fragment, no query and no slash that nobody wrote (AUTH13)',
      'contract/authorization/discovery.test.ts#the resource of the metadata is sent byte for byte, and has to be the server or a parent of it (T082)',
      'contract/authorization/codeFlow.test.ts#a refused call signs in with PKCE, resource and a registration, and is repeated with the token',
    ],
  },
  AUTH14: {
    summary: 'The issuer is remembered before the redirect',
    tests: [
      "contract/authorization/callback.test.ts#an issuer that is ${name} ${goesOn ? 'lets the sign-in go on' : 'ends the sign-in'} (AUTH15)",
      'contract/authorization/callback.test.ts#the callback of an earlier sign-in is of no use for a later one',
    ],
  },
  AUTH15: {
    summary: 'The issuer of an answer is compared, exactly',
    tests: [
      "contract/authorization/callback.test.ts#an issuer that is ${name} ${goesOn ? 'lets the sign-in go on' : 'ends the sign-in'} (AUTH15)",
      'contract/authorization/callback.test.ts#an error from the wrong issuer shows nothing of its text; one from the right issuer is quoted',
    ],
  },
  AUTH16: {
    summary: 'state is used and verified',
    tests: [
      'contract/authorization/callback.test.ts#callbacks with a state that is wrong, missing or doubled, or without one code, are refused (T084)',
      'contract/authorization/codeFlow.test.ts#every sign-in has a state and a verifier of its own',
    ],
  },
  AUTH17: {
    summary: 'Addresses of the sign-in are https, or on this machine',
    tests: [
      'unit/authorization/urls.test.ts#${JSON.stringify(text.slice(0, 60))} is no address for a sign-in (T079)',
      'unit/authorization/urls.test.ts#addresses of web servers, and plain http to this machine, are fine',
    ],
  },
  AUTH18: {
    summary: 'Scopes come from the challenge, then the metadata',
    tests: [
      'contract/authorization/scopes.test.ts#scopes come from the challenge, else the settings, else the metadata, else nowhere (AUTH18)',
    ],
  },
  AUTH19: {
    summary: 'A lack of scopes is answered with more of them, a few times',
    tests: [
      'contract/authorization/scopes.test.ts#a step-up asks with the new scopes and the tool, keeps the old ones, and repeats the call (AUTH19, T092)',
      'contract/authorization/scopes.test.ts#a server that wants a new scope each time gets two step-ups of one call (T092)',
    ],
  },
  AUTH20: {
    summary: 'The token is in the header of every request, and in no address',
    tests: [
      'contract/authorization/codeFlow.test.ts#a refused call signs in with PKCE, resource and a registration, and is repeated with the token',
      'contract/authorization/codeFlow.test.ts#the next call, and the next start of the editor, use the token that is there',
      "process/authorization/exampleServer.test.ts#the SDK's example server lets us in after one sign-in, and again without one",
    ],
  },
  AUTH21: {
    summary: 'Tokens go only to the server they are for',
    tests: [
      'contract/authorization/codeFlow.test.ts#a token goes to the configured origin only',
      'unit/authorization/record.test.ts#nothing of another server is used (T094)',
    ],
  },
  AUTH22: {
    summary: 'Tokens are stored safely, and refresh tokens not taken for granted',
    tests: [
      'contract/authorization/codeFlow.test.ts#a store that fails is never taken for an empty one (T095)',
      'contract/authorization/refresh.test.ts#a refresh that gives no refresh token keeps the old one, and one that gives another replaces it',
      'contract/authorization/scopes.test.ts#offline_access is asked for where the authorization server lists it, and never alone (AUTH22)',
    ],
  },
  AUTH23: {
    summary: 'Addresses to sign in at are http or https only',
    tests: [
      'unit/authorization/urls.test.ts#${JSON.stringify(text.slice(0, 60))} is no address for a sign-in (T079)',
      'contract/authorization/guardedFetch.test.ts#metadata with ${name} in an address open nothing and ask nobody (T079)',
    ],
  },
  AUTH24: {
    summary: 'A server of 2025-03-26 without metadata is its own authorization server',
    tests: [
      'contract/authorization/discovery.test.ts#a server of the first revision is its own authorization server (AUTH24)',
      'contract/authorization/discovery.test.ts#the first revision works from metadata at the origin, and from none at all',
      'contract/authorization/discovery.test.ts#a server that answers 401 and has nothing of OAuth wants a header, and leads to no guessed sign-in',
    ],
  },
  AUTH25: {
    summary: 'A client id comes before the flow',
    tests: [
      'contract/authorization/clients.test.ts#without any way to a client id the person is not even asked',
      'contract/authorization/clients.test.ts#a configured client id comes before a metadata document, and that before registering (AUTH7)',
    ],
  },
  AUTHX1: {
    summary: 'Client credentials: without a person, with a secret or a signed assertion',
    tests: [
      'contract/authorization/machineGrants.test.ts#client credentials are had without a person, with resource and scopes, and had again when they end (AUTHX1)',
      'contract/authorization/machineGrants.test.ts#a private key signs an assertion to the issuer (RFC 7523)',
    ],
  },
  AUTHX2: {
    summary: "An enterprise sign-in exchanges tokens, without a redirect to the server's side",
    tests: [
      'contract/authorization/machineGrants.test.ts#an enterprise sign-in exchanges the id token for an assertion, and that for access (AUTHX2)',
      'contract/authorization/machineGrants.test.ts#an identity provider that gives another kind of token, or none, ends the call',
    ],
  },
  AUTHX3: {
    summary: 'Whether that is supported is looked up, and nothing of it is told elsewhere',
    tests: [
      'contract/authorization/machineGrants.test.ts#an authorization server that lists its profiles without this one is not sent an assertion (AUTHX3)',
      'contract/authorization/tokenAnswers.test.ts#nothing secret comes back in the words of a failure',
    ],
  },
  SEC3: {
    summary: 'Metadata are fetched within limits, and not from this machine or private networks',
    tests: [
      'contract/authorization/guardedFetch.test.ts#a public server leads to public addresses only, a near one also to itself (T080)',
      'contract/authorization/guardedFetch.test.ts#bodies, waiting and redirects have limits, and an answer that never ends is given up',
      'contract/authorization/guardedFetch.test.ts#a public server cannot make this host ask its own machine or network (T080)',
      'contract/authorization/metadataRedirects.test.ts#metadata that lead to another origin are not followed, and that is told (T067, T080)',
    ],
  },
  SEC6: {
    summary: 'Each server has tokens of its own, never passed on',
    tests: [
      'contract/authorization/codeFlow.test.ts#a token goes to the configured origin only',
      'contract/authorization/codeFlow.test.ts#a record of another server is not used for this one (T094)',
    ],
  },
  SEC8: {
    summary: 'Few scopes are asked for, and what is declined changes nothing',
    tests: [
      'contract/authorization/scopes.test.ts#scopes come from the challenge, else the settings, else the metadata, else nowhere (AUTH18)',
      'contract/authorization/scopes.test.ts#a step-up that is declined leaves the old token in place',
      'contract/authorization/scopes.test.ts#a hundred rights of a length that is usual are asked for whole, and what is none is left out',
    ],
  },
};
