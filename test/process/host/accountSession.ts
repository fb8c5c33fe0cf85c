/** A real host whose server takes the sessions of an account of the editor. */

import { GuardedServer } from '../../support/guardedServer';
import { RealHost } from './realHost';

/** A server that takes the sessions of an account of the editor, and is not started yet. */
export interface WithAccount {
  readonly real: RealHost;
  readonly guarded: GuardedServer;
  /** Whether the editor could ask the person, for each time that it was asked for a session. */
  readonly asked: readonly boolean[];
  /** The editor has another session, or none, and the server takes no other. Nobody is told. @returns its token */
  switchTo(name: string): string;
  end(): void;
}

/** Runs `use` with such a server. */
export async function withAccount(use: (given: WithAccount) => Promise<void>): Promise<void> {
  await GuardedServer.with(async (guarded) => {
    const account = { provider: 'test', scopes: ['read'] };
    await RealHost.with({ guarded: { url: guarded.url, account, start: 'never' } }, async (real) => {
      let token: string | undefined;
      const asked: boolean[] = [];
      const switchTo = (name: string): string => {
        token = `account-${name}-0123456789-abcdef`;
        guarded.as.granted.clear();
        guarded.as.granted.set(token, { clientId: 'editor', scopes: [], resource: null });
        return token;
      };
      real.world.accounts = {
        session: (_provider, _scopes, ask) => {
          asked.push(ask);
          return Promise.resolve(token === undefined ? undefined : { token, account: 'somebody' });
        },
        confirm: () => Promise.resolve(true),
      };
      switchTo('first');
      await use({ real, guarded, asked, switchTo, end: () => (token = undefined) });
    });
  });
}
