/** *Show Usage*: registers it. The panel is loaded when it is first shown. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import { LatePart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { UsagePanel } from './usagePanel';

/** The command. */
export function registerUsage(ui: UiContext): vscode.Disposable {
  const panel: LatePart<UsagePanel> = LatePart.of(
    async () => (await import('./usagePanel')).UsagePanel,
    (Code) => new Code(ui),
  );
  return vscode.Disposable.from(
    panel,
    registerCommand(ui, Commands.showUsage, async () => (await panel.get()).show()),
  );
}
