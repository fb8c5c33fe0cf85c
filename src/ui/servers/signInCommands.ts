/** Commands for signing in to remote servers and out again. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import { toFailure } from '../../protocol/failure';
import type { Server } from '../../host/server';
import { safeText } from '../../policy/safeText';
import { failureText } from '../../presentation/serverTexts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { pickServer } from './serverCommands';

/** Who waits for a browser to come back. */
export interface WaitingSignIn {
  readonly isWaiting: boolean;
  take(address: string): boolean;
}

export function registerSignIn(ui: UiContext, waiting: WaitingSignIn): vscode.Disposable {
  const { l10n } = vscode;
  return vscode.Disposable.from(
    registerCommand(ui, Commands.signIn, async (argument) => {
      const server = await pickServer(ui, argument, l10n.t('Sign In'), isRemote);
      if (server) await ui.host.signIn(server.id);
    }),
    registerCommand(ui, Commands.signOut, async (argument) => {
      const server = await pickServer(ui, argument, l10n.t('Sign Out'), isRemote);
      if (server) await signOut(ui, server);
    }),
    registerCommand(ui, Commands.pasteCallback, () => pasteCallback(waiting)),
  );
}

function isRemote({ definition }: Server): boolean {
  return definition.entry?.launch.kind === 'remote';
}

async function signOut(ui: UiContext, server: Server): Promise<void> {
  const name = safeText(server.definition.name, 64);
  try {
    await ui.host.signOut(server.id);
    void vscode.window.showInformationMessage(vscode.l10n.t('You are signed out of server "{0}".', name));
  } catch (error) {
    const why = failureText(toFailure(error));
    void vscode.window.showErrorMessage(
      vscode.l10n.t('Signing out of server "{0}" did not work. {1}', name, why),
    );
  }
}

/** The way back that always works: the address on which the browser has ended. */
async function pasteCallback(waiting: WaitingSignIn): Promise<void> {
  const { l10n } = vscode;
  if (!waiting.isWaiting) {
    void vscode.window.showInformationMessage(l10n.t('No sign-in is waiting for an answer.'));
    return;
  }
  const address = await vscode.window.showInputBox({
    title: l10n.t('Paste Callback URL'),
    prompt: l10n.t('Copy the whole address of the page on which the browser has ended, and paste it here.'),
    ignoreFocusOut: true,
    password: true,
    validateInput: (text) =>
      URL.canParse(text.trim()) ? undefined : l10n.t('This is not a complete address.'),
  });
  if (address === undefined || waiting.take(address.trim())) return;
  void vscode.window.showWarningMessage(
    l10n.t('This address does not belong to a sign-in that is waiting. Nothing was done.'),
  );
}
