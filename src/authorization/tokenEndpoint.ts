/** Requests to token and revocation endpoints, with DPoP and its nonces; it decides nothing about what an answer means. */

import {
  authorizationCodeGrantRequest,
  customFetch,
  genericTokenEndpointRequest,
  isDPoPNonceError,
  processGenericTokenEndpointResponse,
  processRevocationResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  revocationRequest,
} from 'oauth4webapi';

import { FailureError } from '../protocol/failure';
import type { Party } from './clientAuth';
import type { DpopKey } from './dpop';
import type { GuardedFetch, GuardedRequest } from './guardedFetch';
import { problem, TokenRefusedError } from './problem';
import { checkToken, tidyAnswer, type TokenAnswer } from './tokenAnswer';
import { safeUrl } from './urls';

/** What is handed in for tokens. */
export type TokenRequest =
  | {
      readonly kind: 'code';
      /** As the library has validated them. */
      readonly callback: URLSearchParams;
      readonly redirectUri: string;
      readonly verifier: string;
      readonly resource: string;
    }
  | { readonly kind: 'refresh'; readonly refreshToken: string; readonly resource: string }
  | {
      readonly kind: 'grant';
      readonly type: string;
      readonly parameters: Readonly<Record<string, string>>;
    };

/** Parameters that must not come back in a failure. */
const SECRETS = [
  'code',
  'code_verifier',
  'refresh_token',
  'client_secret',
  'client_assertion',
  'assertion',
  'subject_token',
  'token',
];

export class TokenEndpoint {
  constructor(private readonly fetch: GuardedFetch) {}

  /**
   * Asks for tokens once, and once more when the endpoint only wants its nonce in the proof (RFC 9449 §8). No caller can take it back: what
   * is handed in may be spent by the time it is, and the answer the only one there will be (T088). It ends by the deadline of every request.
   * @throws TokenRefusedError for an OAuth error; FailureError `network`, `authorization`
   */
  async request(party: Party, request: TokenRequest, dpop: DpopKey | undefined): Promise<TokenAnswer> {
    const endpoint = tokenEndpointOf(party);
    const secrets = new Set<string>();
    const exchange = async (): Promise<TokenAnswer> => {
      let account: string | undefined;
      const options = {
        ...this.fetch.options(endpoint),
        [customFetch]: async (url: string, sent: GuardedRequest) => {
          collectSecrets(sent, secrets);
          const tidied = await tidyAnswer(await this.fetch.send(url, sent), endpoint.host, secrets);
          account = tidied.account;
          return tidied.response;
        },
        ...(dpop === undefined ? {} : { DPoP: dpop.handle }),
      };
      const response = await send(party, request, options);
      const answer = await read(party, response);
      return account === undefined ? answer : { ...answer, account };
    };
    try {
      return await exchange().catch((error: unknown) => {
        if (dpop !== undefined && isDPoPNonceError(error)) return exchange();
        throw error;
      });
    } catch (error) {
      throw refusalOf(error, secrets);
    }
  }

  /**
   * Revokes a token (RFC 7009).
   * @returns false where the authorization server does not offer that
   * @throws FailureError, or what the library makes of a refusal
   */
  async revoke(party: Party, token: string): Promise<boolean> {
    const { revocation_endpoint: endpoint } = party.as;
    if (endpoint === undefined) return false;
    const options = this.fetch.options(safeUrl(endpoint, 'revocation_endpoint'));
    await processRevocationResponse(
      await revocationRequest(party.as, party.client, party.auth, token, options),
    );
    return true;
  }
}

function tokenEndpointOf({ as }: Party): URL {
  if (as.token_endpoint === undefined) throw problem('metadata-invalid', 'the token endpoint is missing');
  return safeUrl(as.token_endpoint, 'token_endpoint');
}

type Options = Parameters<typeof genericTokenEndpointRequest>[5];

function send(
  { as, client, auth }: Party,
  request: TokenRequest,
  options: NonNullable<Options>,
): Promise<Response> {
  switch (request.kind) {
    case 'code': {
      const { callback, redirectUri, verifier, resource } = request;
      const more = { ...options, additionalParameters: { resource } };
      return authorizationCodeGrantRequest(as, client, auth, callback, redirectUri, verifier, more);
    }
    case 'refresh': {
      const more = { ...options, additionalParameters: { resource: request.resource } };
      return refreshTokenGrantRequest(as, client, auth, request.refreshToken, more);
    }
    case 'grant':
      return genericTokenEndpointRequest(as, client, auth, request.type, request.parameters, options);
  }
}

async function read({ as, client }: Party, response: Response): Promise<TokenAnswer> {
  const body = await processGenericTokenEndpointResponse(as, client, response, {
    // Token exchange gives out what is no access token (RFC 8693 §2.2.1).
    recognizedTokenTypes: { n_a: () => undefined },
  });
  const type = body.token_type === 'dpop' ? 'dpop' : body.token_type === 'bearer' ? 'bearer' : 'none';
  const issuedType = body['issued_token_type'];
  return {
    accessToken: checkToken(body.access_token, 'access'),
    type,
    ...(body.refresh_token === undefined ? {} : { refreshToken: checkToken(body.refresh_token, 'refresh') }),
    ...(body.scope === undefined ? {} : { scope: body.scope }),
    ...(body.expires_in === undefined ? {} : { lifetimeMs: body.expires_in * 1_000 }),
    ...(typeof issuedType === 'string' ? { issuedType } : {}),
  };
}

function collectSecrets({ body, headers }: GuardedRequest, secrets: Set<string>): void {
  const parameters = new URLSearchParams(body);
  for (const name of SECRETS) {
    const value = parameters.get(name);
    if (value !== null) secrets.add(value);
  }
  const { authorization } = headers;
  if (authorization === undefined) return;
  const encoded = authorization.replace(/^Basic /, '');
  const secret = Buffer.from(encoded, 'base64').toString('utf8').split(':')[1];
  secrets.add(encoded);
  if (secret !== undefined) secrets.add(decodeURIComponent(secret));
}

function refusalOf(error: unknown, secrets: Set<string>): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof ResponseBodyError)
    return new TokenRefusedError(error.error, error.error_description, secrets);
  // The library's own texts and causes may hold the whole answer.
  return problem('token-invalid', 'the answer lacks what a token answer has');
}
