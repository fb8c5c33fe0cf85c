/** The parts that every flow of one server shares. */

import type { Clock } from '../base/clock';
import type { Clients } from './clients';
import type { AuthorizationHost, AuthorizationSettings } from './contract';
import type { CredentialStore } from './credentialStore';
import type { Discovered, Discovery } from './discovery';
import { DpopKey } from './dpop';
import { problem } from './problem';
import { withClient, type AuthRecord, type StoredClient } from './record';
import { grantedScopes, unionOf } from './scopes';
import type { TokenAnswer } from './tokenAnswer';
import type { TokenEndpoint } from './tokenEndpoint';

/** What a flow works with. */
export interface FlowContext {
  readonly settings: AuthorizationSettings;
  readonly host: AuthorizationHost;
  readonly clock: Clock;
  readonly store: CredentialStore;
  readonly discovery: Discovery;
  readonly clients: Clients;
  readonly endpoint: TokenEndpoint;
  /** Whether the server's challenge asked for DPoP. */
  readonly wantsDpop: () => boolean;
}

/** The stored key, or a new one, where tokens are to be bound to a key; else undefined. */
export async function dpopKeyFor(
  context: FlowContext,
  found: Pick<Discovered, 'requiresDpop'>,
  record: AuthRecord,
): Promise<DpopKey | undefined> {
  const wanted = context.settings.dpop ?? (found.requiresDpop || context.wantsDpop());
  if (!wanted) return undefined;
  return (await storedKey(record)) ?? (await DpopKey.create());
}

/** The key that stored tokens are bound to. */
export async function storedKey(record: AuthRecord): Promise<DpopKey | undefined> {
  return record.dpopKey && (await DpopKey.restore(record.dpopKey));
}

/** What new tokens belong to. */
export interface Holder {
  readonly found: Discovered;
  readonly client: StoredClient;
  /** All scopes that were asked for. */
  readonly requested: readonly string[];
  readonly dpop: DpopKey | undefined;
  /** See {@link StoredTokens.signedInAt}; undefined where no person signs in. */
  readonly signedInAt?: number | undefined;
}

/**
 * The record with new tokens in the place of the old ones.
 * @throws FailureError `authorization` / `token-invalid` when they are not what was asked for
 */
export function withTokens(
  context: FlowContext,
  record: AuthRecord,
  answer: TokenAnswer,
  { found, client, requested, dpop, signedInAt }: Holder,
): AuthRecord {
  if (answer.type === 'none') throw problem('token-invalid', 'it is no access token');
  if (dpop === undefined && answer.type === 'dpop')
    throw problem('token-invalid', 'it is bound to a key unknown');
  if (dpop !== undefined && answer.type === 'bearer')
    throw problem('token-invalid', 'it is not bound to the key of this host');
  const { issuer } = found.issuer.as;
  return {
    ...withClient(record, client),
    requested: { issuer, scopes: requested },
    ...(dpop === undefined ? {} : { dpopKey: dpop.jwk }),
    ...(found.metadataUrl === undefined ? {} : { metadataUrl: found.metadataUrl }),
    tokens: {
      issuer,
      resource: found.resource,
      clientId: client.clientId,
      accessToken: answer.accessToken,
      type: answer.type,
      scopes: answer.scope === undefined ? requested : grantedScopes(answer.scope),
      obtainedAt: context.clock.wall(),
      ...(signedInAt === undefined ? {} : { signedInAt }),
      ...(answer.refreshToken === undefined ? {} : { refreshToken: answer.refreshToken }),
      ...(answer.lifetimeMs === undefined ? {} : { lifetimeMs: answer.lifetimeMs }),
      ...(answer.account === undefined ? {} : { account: answer.account }),
      ...(found.issuer.guessed ? { guessed: true } : {}),
    },
  };
}

/** What was asked for at this authorization server so far. */
export function requestedAt(record: AuthRecord, issuer: string): readonly string[] {
  return record.requested?.issuer === issuer ? unionOf(record.requested.scopes) : [];
}
