/** Grants without a person at a browser: client credentials, a workload's JWT, and an enterprise's identity provider (AUTHX1, AUTHX2). */

import { dpopKeyFor, withTokens, type FlowContext } from './context';
import { chooseMethod, clientAuth, type Party } from './clientAuth';
import type { AuthorizationSettings } from './contract';
import type { Discovered } from './discovery';
import { problem, TokenRefusedError } from './problem';
import type { AuthRecord, StoredClient } from './record';
import { checkAsked } from './scopes';
import type { TokenRequest } from './tokenEndpoint';
import { safeUrl } from './urls';

/** A grant that this host can ask for by itself. */
export type MachineGrant = Exclude<NonNullable<AuthorizationSettings['grant']>, 'authorization_code'>;

const CLIENT_CREDENTIALS = 'client_credentials';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const ID_JAG_PROFILE = 'urn:ietf:params:oauth:grant-profile:id-jag';
/** Where a workload's JWT alone says who asks. */
const NO_CLIENT = '';

export class MachineGrants {
  /** A JWT that was refused is not shown a second time. */
  private refusedAssertion: { readonly assertion: string; readonly error: TokenRefusedError } | undefined;

  constructor(private readonly context: FlowContext) {}

  /**
   * New tokens, put into the record but not yet stored.
   * @throws FailureError `authorization`, or of the network
   */
  async acquire(
    grant: MachineGrant,
    found: Discovered,
    scopes: readonly string[],
    record: AuthRecord,
    signal: AbortSignal,
  ): Promise<AuthRecord> {
    const { clients, endpoint, settings } = this.context;
    checkAsked(scopes);
    const client = this.client(grant, found, record);
    const party = client.clientId === NO_CLIENT ? unnamed(found) : await clients.party(found.issuer, client);
    if (
      grant === 'client_credentials' &&
      settings.clientSecret === undefined &&
      settings.privateKey === undefined
    )
      throw problem('settings-incomplete', 'a client secret or a private key is missing');
    const dpop = await dpopKeyFor(this.context, found, record);
    const request = await this.request(grant, found, scopes, signal);
    try {
      const answer = await endpoint.request(party, request, dpop);
      // Nobody signed in, so what renews the access is the grant itself.
      const { refreshToken: _, ...tokens } = answer;
      return withTokens(this.context, record, tokens, { found, client, requested: scopes, dpop });
    } catch (error) {
      const { assertion } = settings;
      if (
        grant === 'jwt_bearer' &&
        assertion !== undefined &&
        error instanceof TokenRefusedError &&
        !error.isPassing
      )
        this.refusedAssertion = { assertion, error };
      throw error;
    }
  }

  private client(grant: MachineGrant, found: Discovered, record: AuthRecord): StoredClient {
    const { clients, settings } = this.context;
    const clientId = settings.clientId ?? (grant === 'jwt_bearer' ? NO_CLIENT : undefined);
    if (clientId === undefined) throw problem('settings-incomplete', 'a client id is missing');
    return clients.preRegistered(found.issuer.as.issuer, clientId, record);
  }

  private async request(
    grant: MachineGrant,
    found: Discovered,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<TokenRequest> {
    const parameters = {
      resource: found.resource,
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    };
    switch (grant) {
      case 'client_credentials':
        return { kind: 'grant', type: CLIENT_CREDENTIALS, parameters };
      case 'jwt_bearer':
        return {
          kind: 'grant',
          type: JWT_BEARER,
          parameters: { ...parameters, assertion: this.assertion() },
        };
      case 'enterprise': {
        const assertion = await this.identityAssertion(found, scopes, signal);
        return { kind: 'grant', type: JWT_BEARER, parameters: { ...parameters, assertion } };
      }
    }
  }

  private assertion(): string {
    const { assertion } = this.context.settings;
    if (assertion === undefined)
      throw problem('settings-incomplete', 'the assertion of the workload is missing');
    if (this.refusedAssertion?.assertion === assertion) throw this.refusedAssertion.error;
    return assertion;
  }

  /** Exchanges the person's id token at the identity provider for an assertion to this one authorization server (RFC 8693). */
  private async identityAssertion(
    found: Discovered,
    scopes: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const { enterprise } = this.context.settings;
    if (!enterprise) throw problem('settings-incomplete', 'the identity provider is missing');
    if (found.issuer.grantProfiles?.includes(ID_JAG_PROFILE) === false)
      throw problem('token-refused', 'it takes no assertions of identity providers');
    const party = await this.identityProvider(enterprise, signal);
    const answer = await this.context.endpoint.request(
      party,
      {
        kind: 'grant',
        type: TOKEN_EXCHANGE,
        parameters: {
          requested_token_type: ID_JAG,
          subject_token: enterprise.idToken,
          subject_token_type: ID_TOKEN,
          audience: found.issuer.as.issuer,
          resource: found.resource,
          ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
        },
      },
      undefined,
    );
    if (answer.issuedType !== undefined && answer.issuedType !== ID_JAG)
      throw problem('token-invalid', 'the identity provider gave another kind of token');
    return answer.accessToken;
  }

  private async identityProvider(
    { issuer, tokenEndpoint, clientId, clientSecret }: NonNullable<AuthorizationSettings['enterprise']>,
    signal: AbortSignal,
  ): Promise<Party> {
    const as =
      tokenEndpoint === undefined
        ? (await this.context.discovery.issuer(issuer, signal)).as
        : { issuer, token_endpoint: safeUrl(tokenEndpoint, 'token_endpoint').href };
    const proof = { secret: clientSecret };
    const method = chooseMethod(as.token_endpoint_auth_methods_supported, proof);
    return { as, client: { client_id: clientId }, auth: await clientAuth(method, proof) };
  }
}

/** RFC 7521 §4.1: the assertion may stand for the client as well; the library wants a name all the same, and does not send it. */
function unnamed({ issuer }: Discovered): Party {
  return { as: issuer.as, client: { client_id: 'unnamed' }, auth: () => undefined };
}
