/** Registers what belongs to prompts. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { VirtualFiles } from '../documents/virtualFiles';
import { LatePart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';

/** Their code is loaded when it is first used. */
export function registerPrompts(ui: UiContext, files: VirtualFiles): vscode.Disposable {
  const prompts = LatePart.of(
    async () => (await import('./promptFlow')).PromptFlow,
    (Code) => new Code(ui, files),
  );
  return vscode.Disposable.from(
    prompts,
    registerCommand(ui, Commands.usePrompt, async (argument) => await (await prompts.get()).start(argument)),
  );
}
