/** Getting tokens anew without a person: a refresh, or a machine's grant asked for again. One at a time among all windows (T088). */

import { dpopKeyFor, requestedAt, storedKey, withTokens, type FlowContext } from './context';
import type { Challenge } from './challenge';
import type { Discovered } from './discovery';
import type { MachineGrant, MachineGrants } from './machineGrants';
import { TokenRefusedError } from './problem';
import { without, withoutTokens, type AuthRecord, type StoredTokens } from './record';
import { initialScopes, unionOf } from './scopes';

/** `gone`: the refresh token is of no use any more. */
type RefreshOutcome = 'renewed' | 'gone';

export class Renewal {
  constructor(
    private readonly context: FlowContext,
    private readonly machine: MachineGrants,
  ) {}

  /**
   * Hands in the refresh token and stores what comes back, whoever still waits for it. Call it alone.
   * Only `invalid_grant` ends the tokens; a network that fails leaves all as it is (T089).
   * @throws FailureError when nothing is known of the refresh token now.
   */
  async refresh(record: AuthRecord, tokens: StoredTokens, found: Discovered): Promise<RefreshOutcome> {
    const { clients, endpoint, store } = this.context;
    const { refreshToken, resource } = tokens;
    const client = clients.holderOf(tokens, record);
    if (refreshToken === undefined || client === undefined) return 'gone';
    const dpop = tokens.type === 'dpop' ? await storedKey(record) : undefined;
    const key = dpop ?? (await dpopKeyFor(this.context, found, record));
    try {
      const party = await clients.party(found.issuer, client);
      const answer = await endpoint.request(party, { kind: 'refresh', refreshToken, resource }, key);
      const kept = {
        ...answer,
        // Not every refresh rotates (RFC 6749 §6), and none tells again who signed in or what was granted.
        refreshToken: answer.refreshToken ?? refreshToken,
        scope: answer.scope ?? tokens.scopes.join(' '),
        ...(tokens.account === undefined ? {} : { account: answer.account ?? tokens.account }),
      };
      const requested = requestedAt(record, tokens.issuer);
      const { signedInAt } = tokens;
      const holder = { found, client, requested, dpop: key, signedInAt };
      await store.write(withTokens(this.context, record, kept, holder));
      return 'renewed';
    } catch (error) {
      if (!(error instanceof TokenRefusedError) || error.isPassing) throw error;
      if (error.error === 'invalid_grant') await store.write(withoutTokens(record));
      if (error.error === 'invalid_client' && client.kind === 'dynamic')
        await store.write(without(record, client));
      return 'gone';
    }
  }

  /** Asks for a machine's tokens and stores them. Call it alone. */
  async machineTokens(
    grant: MachineGrant,
    found: Discovered,
    scopes: readonly string[],
    record: AuthRecord,
    signal: AbortSignal,
  ): Promise<void> {
    await this.context.store.write(await this.machine.acquire(grant, found, scopes, record, signal));
  }

  /** Scopes of a grant that begins anew: what is needed now, and all that was asked for before (AUTH19). */
  scopesFor(
    found: Discovered,
    challenge: Pick<Challenge, 'scopes'> | undefined,
    record: AuthRecord,
  ): readonly string[] {
    const { settings } = this.context;
    const initial = initialScopes({
      ...(challenge?.scopes === undefined ? {} : { challenge: challenge.scopes }),
      ...(settings.scopes === undefined ? {} : { settings: settings.scopes }),
      ...(found.scopes === undefined ? {} : { resource: found.scopes }),
    });
    return unionOf(requestedAt(record, found.issuer.as.issuer), initial);
  }
}
