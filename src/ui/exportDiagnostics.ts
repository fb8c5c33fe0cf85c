/** Makes the report and shows it; the person saves or copies it. */

import { homedir } from 'node:os';

import * as vscode from 'vscode';

import { diagnosticsReport } from '../presentation/diagnostics';
import type { UiContext } from './uiContext';

/** What only the composition root knows. */
export interface ExtensionFacts {
  readonly version: string;
  /** Milliseconds to load the bundle. */
  readonly loadMs: number;
  /** Milliseconds that `activate` took. */
  readonly activateMs: number;
  /** Milliseconds of processor time of it. */
  readonly activateCpuMs: number;
}

/** Opens the report as a new document. */
export async function exportDiagnostics(ui: UiContext, facts: ExtensionFacts): Promise<void> {
  const content = diagnosticsReport(
    {
      extension: facts.version,
      loadMs: facts.loadMs,
      activateMs: facts.activateMs,
      activateCpuMs: facts.activateCpuMs,
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
}
