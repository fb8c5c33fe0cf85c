/** *Export Diagnostics…*: registers it. */

import type * as vscode from 'vscode';

import { Commands } from '../contributions/ids';
import type { ExtensionFacts } from './exportDiagnostics';
import { loadPart } from './lateParts';
import { registerCommand } from './registerCommand';
import type { UiContext } from './uiContext';

/** Its code is loaded when it is run. */
export function registerDiagnostics(ui: UiContext, facts: ExtensionFacts): vscode.Disposable {
  return registerCommand(ui, Commands.exportDiagnostics, async () => {
    const run = await loadPart(async () => (await import('./exportDiagnostics')).exportDiagnostics);
    await run(ui, facts);
  });
}
