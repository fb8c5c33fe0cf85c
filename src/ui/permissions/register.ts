/** The view of what was allowed for more than once, and the commands that take it back. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import { loadPart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { PermissionsView } from './permissionsView';

/** Registers them. */
export function registerPermissions(ui: UiContext): vscode.Disposable {
  return vscode.Disposable.from(
    new PermissionsView(ui),
    registerCommand(ui, Commands.revokePermission, async (argument) => {
      const run = await loadPart(async () => (await import('./revoke')).revokePermission);
      await run(ui, argument);
    }),
    registerCommand(ui, Commands.revokeAllPermissions, async () => {
      const run = await loadPart(async () => (await import('./revoke')).revokeAllPermissions);
      await run(ui);
    }),
  );
}
