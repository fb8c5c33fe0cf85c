/** Registers what the rows of tools, resources, templates and prompts have in common: their definitions, and copying their names. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { VirtualFiles } from '../documents/virtualFiles';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { registerDefinitions } from './definitions';
import { findOffered, identityOf, readTarget } from './targets';

/** Registers them. */
export function registerItems(ui: UiContext, files: VirtualFiles): vscode.Disposable {
  return vscode.Disposable.from(
    registerDefinitions(ui, files),
    registerCommand(ui, Commands.copyName, async (argument) => await copyName(ui, argument)),
  );
}

/** Copies what the row stands for, exactly as the server wrote it. */
async function copyName({ host }: UiContext, argument: unknown): Promise<void> {
  const target = readTarget(argument)?.target;
  if (!target || !findOffered(host, target)) return;
  await vscode.env.clipboard.writeText(identityOf(target));
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 3_000);
}
