/** What follows a 401, and what precedes one: the cheapest way to tokens that the server takes. */

import type { Challenge } from './challenge';
import type { FlowContext } from './context';
import type { Discovered } from './discovery';
import { notAccepted } from './problem';
import type { Renewal } from './renewal';
import { needed, type SignIn, type SignInPurpose } from './signIn';
import { withOffline } from './scopes';

/** How long a new token counts as one of the call that got it. */
const FRESH_MS = 60_000;

/** What a person has to be asked for. */
interface Question {
  readonly found: Discovered;
  readonly purpose: SignInPurpose;
}

export class Reacquisition {
  /** Where the newest token of this process came from, and when. */
  private newest:
    { readonly accessToken: string; readonly how: 'refresh' | 'grant'; readonly at: number } | undefined;

  constructor(
    private readonly context: FlowContext,
    private readonly renewal: Renewal,
    private readonly signIn: SignIn,
  ) {}

  /**
   * Replaces the refused token.
   * @param refused undefined when the request left without one
   * @throws FailureError when there will be no other
   */
  async run(
    challenge: Challenge,
    refused: string | undefined,
    attempt: number,
    signal: AbortSignal,
  ): Promise<void> {
    const question = await this.question(challenge, refused, attempt, signal);
    if (!question) return;
    await this.signIn.run(question.found, question.purpose, signal);
    await this.remember('grant');
  }

  /** The same for a request that nobody waits for. @throws FailureError also where a person would have to be asked */
  async quietly(...asked: Parameters<Reacquisition['run']>): Promise<void> {
    const question = await this.question(...asked);
    if (question) throw needed(question.found, question.purpose);
  }

  /** @returns what a person has to be asked for, or undefined when there are other tokens */
  private async question(
    challenge: Challenge,
    refused: string | undefined,
    attempt: number,
    signal: AbortSignal,
  ): Promise<Question | undefined> {
    // When the server refuses what was granted a moment ago, another grant will not help (T070).
    const fresh = this.freshness(refused);
    if (fresh === 'grant' && attempt > 1) throw notAccepted(challenge);
    return await this.context.host.exclusively(
      () => this.withoutPerson(challenge, refused, fresh !== 'refresh', signal),
      signal,
    );
  }

  /** Renews tokens whose life is nearly over, unless another window has done so. @throws FailureError */
  async early(signal: AbortSignal): Promise<void> {
    const { host, store, discovery, settings } = this.context;
    const { grant = 'authorization_code' } = settings;
    await host.exclusively(async () => {
      const record = await store.reload();
      const { tokens } = record;
      if (!tokens || !store.isDue(tokens)) return;
      if (grant !== 'authorization_code') {
        // A workload's JWT is shown when the server asks for it, not before.
        if (grant === 'jwt_bearer') return;
        const found = await discovery.find(undefined, record, signal);
        const scopes = this.renewal.scopesFor(found, undefined, record);
        await this.renewal.machineTokens(grant, found, scopes, record, signal);
        return;
      }
      if (tokens.refreshToken === undefined) return;
      const issuer = await discovery.issuerOf(tokens, signal);
      const found = { issuer, resource: tokens.resource, requiresDpop: false };
      await this.renewal.refresh(record, tokens, found);
      await this.remember('refresh');
    }, signal);
  }

  private async withoutPerson(
    challenge: Challenge,
    refused: string | undefined,
    mayRefresh: boolean,
    signal: AbortSignal,
  ): Promise<Question | undefined> {
    const { store, discovery, settings } = this.context;
    const { grant = 'authorization_code' } = settings;
    const record = await store.reload();
    const { tokens } = record;
    // Another window was faster.
    if (tokens && tokens.accessToken !== refused) return undefined;
    const found = await discovery.find(challenge, record, signal);
    const scopes = this.renewal.scopesFor(found, challenge, record);
    if (grant !== 'authorization_code') {
      await this.renewal.machineTokens(grant, found, scopes, record, signal);
      await this.remember('grant');
      return undefined;
    }
    const { as } = found.issuer;
    const isSame = tokens?.issuer === as.issuer && tokens.resource === found.resource;
    if (tokens && isSame && mayRefresh) {
      const outcome = await this.renewal.refresh(record, tokens, found);
      await this.remember('refresh');
      if (outcome === 'renewed') return undefined;
    }
    const purpose = {
      reason: tokens ? 'expired' : 'sign-in',
      scopes: withOffline(scopes, as.scopes_supported),
    } as const;
    return { found, purpose };
  }

  private freshness(token: string | undefined): 'refresh' | 'grant' | undefined {
    const { newest } = this;
    if (newest === undefined || newest.accessToken !== token) return undefined;
    return this.context.clock.monotonic() - newest.at < FRESH_MS ? newest.how : undefined;
  }

  private async remember(how: 'refresh' | 'grant'): Promise<void> {
    const { tokens } = await this.context.store.read();
    if (tokens) this.newest = { accessToken: tokens.accessToken, how, at: this.context.clock.monotonic() };
  }
}
