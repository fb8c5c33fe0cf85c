/** *Export Diagnostics…*: shows the report first; the person saves or copies it. */

import { homedir } from 'node:os';

import * as vscode from 'vscode';

import { Commands } from '../contributions/ids';
import { diagnosticsReport } from '../presentation/diagnostics';
import { registerCommand } from './registerCommand';
import type { UiContext } from './uiContext';

export function registerDiagnostics(ui: UiContext, version: string): vscode.Disposable {
  return registerCommand(ui, Commands.exportDiagnostics, async () => {
    const content = diagnosticsReport(
      {
        extension: version,
        editor: `${vscode.env.appName} ${vscode.version}`,
        node: process.versions.node,
        platform: `${process.platform} ${process.arch}`,
        trusted: vscode.workspace.isTrusted,
        userHome: homedir(),
      },
      ui.host.servers(),
    );
    const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
    await vscode.window.showTextDocument(document);
  });
}
