/** Accounts that the editor knows, such as GitHub's: sessions after the editor's own consent. */

import * as vscode from 'vscode';

import type { AccountsPort } from '../host/ports';
import { safeText } from '../policy/safeText';

/** The accounts of the editor. */
export const editorAccounts: AccountsPort = {
  onDidChange: (listener) =>
    vscode.authentication.onDidChangeSessions(({ provider }) => listener(provider.id)),
  session: async (provider, scopes, ask) => {
    try {
      const session = await vscode.authentication.getSession(
        provider,
        scopes,
        ask ? { createIfNone: true } : { silent: true },
      );
      return session && { token: session.accessToken, account: session.account.label };
    } catch {
      return undefined; // No such provider, or the person said no there.
    }
  },
  confirm: async (serverName, origin, provider, account) => {
    const allow = vscode.l10n.t('Allow');
    const choice = await vscode.window.showWarningMessage(
      vscode.l10n.t(
        'Let server "{0}" act as your account "{1}"?',
        safeText(serverName, 64),
        safeText(account, 100),
      ),
      {
        modal: true,
        detail: vscode.l10n.t(
          'A token of this account ({0}) is sent to {1}, and only there. Whoever runs that server can do with it what its scopes allow.',
          safeText(provider, 64),
          safeText(origin, 300),
        ),
      },
      allow,
    );
    return choice === allow;
  },
};
