/** What a person can do with the counts: save them to a file, and clear them. */

import { homedir } from 'node:os';

import * as vscode from 'vscode';

import { localDay } from '../../base/localTime';
import type { SamplingLedger } from '../../host/samplingLedger';
import { usageCsv } from '../../presentation/usageCsv';

/** Asks for a file, and writes all days that are kept to it. */
export async function exportUsage(usage: Pick<SamplingLedger, 'days'>): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const name = `mcp-sampling-${localDay(Date.now())}.csv`;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Sampling Usage'),
    defaultUri: vscode.Uri.joinPath(folder?.uri ?? vscode.Uri.file(homedir()), name),
    filters: { CSV: ['csv'] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(usageCsv(usage.days())));
  const open = vscode.l10n.t('Open File');
  const message = vscode.l10n.t('The usage was exported to {0}.', vscode.workspace.asRelativePath(target));
  if ((await vscode.window.showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand('vscode.open', target);
}

/** Asks, and forgets all counts. */
export async function clearUsage(usage: Pick<SamplingLedger, 'clear'>): Promise<void> {
  const clear = vscode.l10n.t('Clear');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t('Clear the usage of all servers?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'All counts of requests and tokens are deleted, in all windows. This cannot be undone. What servers may do, and their limits, stay as they are.',
      ),
    },
    clear,
  );
  if (choice === clear) await usage.clear();
}
