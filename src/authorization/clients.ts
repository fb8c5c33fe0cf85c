/** Which client this host is at an authorization server: a registered one, a published one, or one that registers itself (AUTH7, AUTH11). */

import {
  customFetch,
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
  ResponseBodyError,
  type OmitSymbolProperties,
  type Client,
} from 'oauth4webapi';

import { own, ownString } from '../base/json';
import type { Clock } from '../base/clock';
import { FailureError } from '../protocol/failure';
import { chooseMethod, clientAuth, requireTaken, type Party } from './clientAuth';
import type { AuthorizationSettings } from './contract';
import type { GuardedFetch } from './guardedFetch';
import type { IssuerMetadata } from './metadata';
import { answersOtherwise, problem, quoting } from './problem';
import { isHolder, type AuthMethod, type AuthRecord, type StoredClient } from './record';
import { fieldsOf, jsonResponse, refusalIn } from './tokenAnswer';
import { isSameRedirect, safeUrl } from './urls';

const CLIENT_NAME = 'MCP Host';
const MAX_ID = 2_048;
const VISIBLE = /^[\x20-\x7e]+$/;
const METHODS: readonly AuthMethod[] = ['none', 'client_secret_basic', 'client_secret_post'];

export class Clients {
  constructor(
    private readonly settings: AuthorizationSettings,
    private readonly fetch: GuardedFetch,
    private readonly clock: Clock,
  ) {}

  /**
   * The client that needs no registration, or undefined when this host has to register itself.
   * @throws FailureError `authorization` / `issuer-mismatch` when the configured one belongs elsewhere; `registration-impossible`
   */
  withoutRegistering(
    { as, takesMetadataDocuments }: IssuerMetadata,
    record: AuthRecord,
  ): StoredClient | undefined {
    const { clientId, clientMetadataUrl } = this.settings;
    const { issuer, registration_endpoint: endpoint } = as;
    if (clientId !== undefined) return this.preRegistered(issuer, clientId, record);
    if (clientMetadataUrl !== undefined && takesMetadataDocuments)
      return { kind: 'metadata-document', issuer, clientId: checkDocumentUrl(clientMetadataUrl) };
    if (endpoint === undefined) throw problem('registration-impossible');
    return undefined;
  }

  /**
   * The client of the settings. `clientId` is empty where a workload's JWT stands for it.
   * @throws FailureError `authorization` / `issuer-mismatch` when it belongs elsewhere
   */
  preRegistered(issuer: string, clientId: string, record: AuthRecord): StoredClient {
    const bound = record.clients.find(
      (known) => known.kind === 'pre-registered' && known.clientId === clientId,
    );
    // The person has it from one authorization server; another must not even see it, unless they say so.
    if (bound && bound.issuer !== issuer && this.settings.issuer !== issuer)
      throw problem('issuer-mismatch', 'what the settings hold to sign in with was used with another one');
    return { kind: 'pre-registered', issuer, clientId };
  }

  /** The client for a sign-in whose answer comes back at `redirectUri`; registers one when none fits. */
  async forSignIn(
    issuer: IssuerMetadata,
    record: AuthRecord,
    redirectUri: string,
    signal: AbortSignal,
  ): Promise<StoredClient> {
    const known = this.withoutRegistering(issuer, record);
    if (known) return known;
    const usable = this.registered(issuer, record).find(
      (client) => client.redirectUri !== undefined && isSameRedirect(client.redirectUri, redirectUri),
    );
    return usable ?? this.register(issuer, redirectUri, signal);
  }

  /** Where the answer to an earlier sign-in came back, if the next one can be asked for by the same client. */
  earlierRedirect(issuer: IssuerMetadata, record: AuthRecord): string | undefined {
    return this.registered(issuer, record)[0]?.redirectUri;
  }

  /** The clients that were registered there and can be used for a sign-in. */
  private registered({ as }: IssuerMetadata, record: AuthRecord): readonly StoredClient[] {
    return record.clients.filter(
      (client) =>
        client.kind === 'dynamic' &&
        client.issuer === as.issuer &&
        client.retired !== true &&
        (client.secretExpiresAt ?? Number.POSITIVE_INFINITY) > this.clock.wall(),
    );
  }

  /** The client that tokens were given to, or undefined when it is no longer known. */
  holderOf(
    tokens: { readonly issuer: string; readonly clientId: string },
    record: AuthRecord,
  ): StoredClient | undefined {
    return record.clients.find((client) => isHolder(client, tokens));
  }

  /** A client ready for requests to the token endpoint. */
  async party({ as }: IssuerMetadata, client: StoredClient): Promise<Party> {
    const { clientSecret, privateKey } = this.settings;
    const isOurs = client.kind !== 'dynamic';
    const proof = isOurs
      ? { secret: client.kind === 'pre-registered' ? clientSecret : undefined, privateKey }
      : { secret: client.clientSecret };
    const supported = as.token_endpoint_auth_methods_supported;
    if (isOurs) requireTaken(supported, proof);
    const method = client.method ?? chooseMethod(supported, proof);
    return { as, client: { client_id: client.clientId }, auth: await clientAuth(method, proof) };
  }

  /** RFC 7591 with what MCP adds: a native application that keeps refresh tokens (AUTH10). */
  private async register(
    { as }: IssuerMetadata,
    redirectUri: string,
    signal: AbortSignal,
  ): Promise<StoredClient> {
    const wanted = registrationMethod(as.token_endpoint_auth_methods_supported);
    const endpoint = safeUrl(as.registration_endpoint ?? '', 'registration_endpoint');
    const metadata = {
      client_name: CLIENT_NAME,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      token_endpoint_auth_method: wanted,
    };
    let granted: OmitSymbolProperties<Client>;
    try {
      const response = await dynamicClientRegistrationRequest(as, metadata, {
        ...this.fetch.options(endpoint, signal),
        [customFetch]: async (url, request) =>
          tidyRegistration(await this.fetch.send(url, request), endpoint.host),
      });
      granted = await processDynamicClientRegistrationResponse(response);
    } catch (error) {
      throw registrationFailure(error);
    }
    return this.granted(as.issuer, granted, wanted, redirectUri);
  }

  private granted(
    issuer: string,
    granted: OmitSymbolProperties<Client>,
    wanted: AuthMethod,
    redirectUri: string,
  ): StoredClient {
    const { client_id: clientId, client_secret: secret, client_secret_expires_at: expires } = granted;
    for (const value of [clientId, ...(typeof secret === 'string' ? [secret] : [])])
      if (value.length > MAX_ID || !VISIBLE.test(value))
        throw problem('registration-refused', 'what it gave cannot be used');
    const named = METHODS.find((method) => method === granted.token_endpoint_auth_method);
    const method = named ?? (typeof secret === 'string' && wanted === 'none' ? undefined : wanted);
    return {
      kind: 'dynamic',
      issuer,
      clientId,
      redirectUri,
      ...(typeof secret === 'string' ? { clientSecret: secret } : {}),
      ...(typeof expires === 'number' && expires > 0 ? { secretExpiresAt: expires * 1_000 } : {}),
      ...(method === undefined ? {} : { method }),
    };
  }
}

/** A desktop application can keep no secret, so it asks for none where it may (RFC 8252 §8.4). */
function registrationMethod(supported: readonly string[] | undefined): AuthMethod {
  return METHODS.find((method) => supported?.includes(method) ?? true) ?? 'none';
}

/** AUTH8: https, with a path. */
function checkDocumentUrl(text: string): string {
  const url = safeUrl(text, 'the client metadata document');
  if (url.protocol !== 'https:' || url.pathname === '/' || url.hash !== '')
    throw problem('settings-incomplete', 'a client metadata document needs an https address with a path');
  return text;
}

/** Many servers answer 200, or leave out when a secret ends; the library insists. */
async function tidyRegistration(response: Response, host: string): Promise<Response> {
  const { status } = response;
  const body = await fieldsOf(response);
  if (status >= 500 || status === 429) throw answersOtherwise(host, `HTTP ${status}`);
  if (!body) throw problem('registration-refused', `HTTP ${status}`);
  const kept: Record<string, string | number> = {};
  for (const name of [
    'client_id',
    'client_secret',
    'token_endpoint_auth_method',
    'error',
    'error_description',
  ]) {
    const value = ownString(body, name);
    if (value !== undefined && value !== '') kept[name] = value;
  }
  if (status >= 400 && !('error' in kept)) Object.assign(kept, refusalIn(body, status));
  const expires = own(body, 'client_secret_expires_at');
  if ('client_secret' in kept)
    kept['client_secret_expires_at'] = typeof expires === 'number' && expires > 0 ? expires : 0;
  return jsonResponse(kept, status === 200 ? 201 : status, response.headers);
}

function registrationFailure(error: unknown): FailureError {
  if (error instanceof FailureError) return error;
  if (error instanceof ResponseBodyError)
    return quoting('registration-refused', error.error, error.error_description, []);
  return problem('registration-refused', 'it gave no client id');
}
