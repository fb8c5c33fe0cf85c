/** More scopes than were granted (AUTH19, T092): each has a consent of its own, and a call gets two of them at most. */

import type { Challenge } from './challenge';
import { requestedAt, type FlowContext } from './context';
import type { Discovered } from './discovery';
import { challengedBy } from './problem';
import type { Renewal } from './renewal';
import { unionOf, withOffline } from './scopes';
import type { SignIn } from './signIn';

const MAX_PER_CALL = 2;
/** Refused answers of one call, whatever they were for. */
const MAX_ATTEMPTS = 4;
/** Tools that are counted for at once. */
const MAX_TOOLS = 256;

/** What a person has to be asked for. */
interface Wider {
  readonly found: Discovered;
  readonly scopes: readonly string[];
  readonly newScopes: readonly string[];
}

export class StepUps {
  /** Step-ups of the call that is under way, by tool. */
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly context: FlowContext,
    private readonly renewal: Renewal,
    private readonly signIn: SignIn,
  ) {}

  /** Counts one step-up of a call. @throws FailureError `authorization` / `insufficient-scope` beyond the limit */
  count(challenge: Challenge, attempt: number, tool = ''): void {
    const before = attempt <= 1 ? 0 : (this.counts.get(tool) ?? 0);
    if (before >= MAX_PER_CALL || attempt >= MAX_ATTEMPTS)
      throw challengedBy('insufficient-scope', challenge);
    if (this.counts.size >= MAX_TOOLS) this.counts.clear();
    this.counts.set(tool, before + 1);
  }

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
