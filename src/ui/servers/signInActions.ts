/** Signing in to remote servers, and out again. */

import * as vscode from 'vscode';

import { toFailure } from '../../protocol/failure';
import type { Server } from '../../host/server';
import { safeText } from '../../policy/safeText';
import { failureText } from '../../presentation/failureTexts';
import type { UiContext } from '../uiContext';
import { pickServer } from './pickServer';

/** Who waits for a browser to come back. */
export interface WaitingSignIn {
  readonly isWaiting: boolean;
  readonly onDidEnd: vscode.Event<void>;
  take(address: string): boolean;
}

/** @param argument a row of the Servers view, or undefined */
export async function signIn(ui: UiContext, argument: unknown): Promise<void> {
  const server = await pickServer(ui, argument, vscode.l10n.t('Sign In'), signsIn);
  if (server) await ui.host.signIn(server.id);
}

/** @param argument a row of the Servers view, or undefined */
export async function signOut(ui: UiContext, argument: unknown): Promise<void> {
  const server = await pickServer(ui, argument, vscode.l10n.t('Sign Out'), signsOut);
  if (server) await signOutOf(ui, server);
}

function signsIn({ definition }: Server): boolean {
  const launch = definition.entry?.launch;
  return launch?.kind === 'remote' && (launch.oauth !== undefined || launch.account !== undefined);
}

/** An account of the editor is signed out of in the editor. */
function signsOut(server: Server): boolean {
  const launch = server.definition.entry?.launch;
  return signsIn(server) && launch?.kind === 'remote' && launch.account === undefined;
}

async function signOutOf(ui: UiContext, server: Server): Promise<void> {
  const name = safeText(server.definition.name, 64);
  try {
    const outcome = await ui.host.signOut(server.id);
    if (outcome === 'complete')
      void vscode.window.showInformationMessage(vscode.l10n.t('You are signed out of server "{0}".', name));
    else
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'You are signed out of server "{0}" in this editor, but its authorization server did not take the access back. What it has given may be good until it expires, or until you end it there.',
          name,
        ),
      );
  } catch (error) {
    const why = failureText(toFailure(error));
    void vscode.window.showErrorMessage(
      vscode.l10n.t('Signing out of server "{0}" did not work. {1}', name, why),
    );
  }
}

/** The way back that always works: the address on which the browser has ended. */
export async function pasteCallback(waiting: WaitingSignIn): Promise<void> {
  const { l10n } = vscode;
  if (!waiting.isWaiting) {
    void vscode.window.showInformationMessage(l10n.t('No sign-in is waiting for an answer.'));
    return;
  }
  const over = new vscode.CancellationTokenSource();
  const watching = waiting.onDidEnd(() => {
    if (!waiting.isWaiting) over.cancel();
  });
  const box = {
    title: l10n.t('Paste Callback URL'),
    prompt: l10n.t('Copy the whole address of the page on which the browser has ended, and paste it here.'),
    ignoreFocusOut: true,
    password: true,
    validateInput: (text: string) =>
      URL.canParse(text.trim()) ? undefined : l10n.t('This is not a complete address.'),
  };
  const address = await vscode.window.showInputBox(box, over.token);
  watching.dispose();
  over.dispose();
  if (address === undefined || waiting.take(address.trim())) return;
  void vscode.window.showWarningMessage(
    l10n.t('This address does not belong to a sign-in that is waiting. Nothing was done.'),
  );
}
