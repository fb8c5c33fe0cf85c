/** Tokens of accounts that the editor knows: only for the person's own entries, only after they allowed account and origin, only there. */

import type { Disposable } from '../base/disposable';
import type { AccountRule } from '../policy/oauthRule';
import type { ServerDefinition } from './definitions';
import type { AccountsPort, StatePort } from './ports';

const KEY = 'accounts/1';
const MAX_GRANTS = 200;

/** A token, and the name of the account that it is of. */
interface AccountSession {
  readonly token: string;
  readonly account: string;
}

export class Accounts {
  constructor(
    private readonly accounts: AccountsPort,
    private readonly decisions: StatePort,
    private readonly sha256: (text: string) => string,
  ) {}

  /**
   * The session that requests to one server are made with.
   * @param ask false when nobody may be asked anything now
   * @returns undefined when there is no session, or the person does not want it used here
   */
  async session(
    { id, name, scope }: ServerDefinition,
    { provider, scopes }: AccountRule,
    url: URL,
    ask: boolean,
  ): Promise<AccountSession | undefined> {
    // A server must never be able to ask for a token of the person, and neither must a repository.
    if (scope.kind !== 'user') return undefined;
    const session = await this.accounts.session(provider, scopes, ask);
    if (!session) return undefined;
    const grant = this.sha256(JSON.stringify([id, url.origin, provider, scopes, session.account]));
    if (!this.granted().includes(grant)) {
      if (!ask || !(await this.accounts.confirm(name, url.origin, provider, session.account)))
        return undefined;
      await this.decisions.set(KEY, [...this.granted(), grant].slice(-MAX_GRANTS));
    }
    return session;
  }

  /** Tells when a session of this provider came, went or changed. */
  onDidChange({ provider }: AccountRule, listener: () => void): Disposable {
    return this.accounts.onDidChange((changed) => {
      if (changed === provider) listener();
    });
  }

  private granted(): readonly unknown[] {
    const stored = this.decisions.get(KEY);
    return Array.isArray(stored) ? stored : [];
  }
}
