/** More scopes than were granted (AUTH19, T092): each has a consent of its own, and a call gets two of them at most. */

import type { Challenge } from './challenge';
import { requestedAt, type FlowContext } from './context';
import type { ChallengedAnswer } from './contract';
import type { Discovered } from './discovery';
import { challengedBy } from './problem';
import type { Renewal } from './renewal';
import { unionOf, withOffline } from './scopes';
import type { SignIn } from './signIn';

const MAX_PER_CALL = 2;
/** Refused answers of one call, whatever they were for. */
const MAX_ATTEMPTS = 4;

/** What a person has to be asked for. */
interface Wider {
  readonly found: Discovered;
  readonly scopes: readonly string[];
  readonly newScopes: readonly string[];
}

/**
 * Holds a call to its bounds.
 * @throws FailureError `authorization` / `insufficient-scope`
 */
export function checkBounds(
  challenge: Challenge,
  { attempt, widenings = 1 }: Pick<ChallengedAnswer, 'attempt' | 'widenings'>,
): void {
  if (widenings > MAX_PER_CALL || attempt >= MAX_ATTEMPTS)
    throw challengedBy('insufficient-scope', challenge);
}

export class StepUps {
  constructor(
    private readonly context: FlowContext,
    private readonly renewal: Renewal,
    private readonly signIn: SignIn,
  ) {}

  /**
   * Gets tokens for what was granted and what is needed now.
   * @throws FailureError when there will be none
   */
  async run(
    challenge: Challenge,
    refused: string | undefined,
    tool: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const wider = await this.context.host.exclusively(
      () => this.withoutPerson(challenge, refused, signal),
      signal,
    );
    if (!wider) return;
    const { found, scopes, newScopes } = wider;
    await this.signIn.run(found, { reason: 'more-scopes', scopes, newScopes, tool }, signal);
  }

  private async withoutPerson(
    challenge: Challenge,
    refused: string | undefined,
    signal: AbortSignal,
  ): Promise<Wider | undefined> {
    const { store, discovery, settings } = this.context;
    const { grant = 'authorization_code' } = settings;
    const record = await store.reload();
    const { tokens } = record;
    if (tokens && tokens.accessToken !== refused) return undefined;
    const needed = challenge.scopes ?? [];
    const newScopes = needed.filter((scope) => tokens?.scopes.includes(scope) !== true);
    // Asking for what was granted already would change nothing.
    if (newScopes.length === 0 || grant === 'jwt_bearer') throw challengedBy('insufficient-scope', challenge);
    const found = await discovery.find(challenge, record, signal);
    const { as } = found.issuer;
    const scopes = unionOf(requestedAt(record, as.issuer), tokens?.scopes ?? [], needed);
    if (grant !== 'authorization_code') {
      await this.renewal.machineTokens(grant, found, scopes, record, signal);
      return undefined;
    }
    return { found, scopes: withOffline(scopes, as.scopes_supported), newScopes };
  }
}
