/** Lets the person choose what of their context goes to a model with a request that they review. */

import * as vscode from 'vscode';

import type { ContextItem } from '../../host/contextItems';
import { exactText, hasHidden } from '../../policy/safeText';
import { contextMarkdown, contextRow } from '../../presentation/contextRows';

/**
 * Says to whom it goes before anything is chosen: the model reads it, and the server gets what the model makes of it.
 * @returns the chosen items as one text, or undefined when the person chose nothing
 */
export async function pickContext(
  items: readonly ContextItem[],
  serverName: string,
): Promise<string | undefined> {
  const rows = items.map((item) => {
    const { label, description } = contextRow(item);
    return { label, description: description ?? '', item };
  });
  const chosen = await vscode.window.showQuickPick(rows, {
    canPickMany: true,
    title: vscode.l10n.t(
      'Attach Context: the model reads it, server "{0}" gets the answer',
      exactText(serverName),
    ),
    placeHolder: vscode.l10n.t('You review the answer first'),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined || chosen.length === 0) return undefined;
  const text = contextMarkdown(chosen.map(({ item }) => item));
  if (hasHidden(text))
    void vscode.window.showWarningMessage(
      vscode.l10n.t('What you attach holds characters that cannot be seen, which the model would read.'),
    );
  return text;
}
