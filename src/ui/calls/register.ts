/** Registers what belongs to tools and tasks. */

import type * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { ARGUMENTS_SCHEME, Commands, type CommandId } from '../../contributions/ids';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { registerLateFiles } from '../documents/lateFiles';
import type { VirtualFiles } from '../documents/virtualFiles';
import { LatePart } from '../lateParts';
import { registerCommand, tellError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { ToolCalls } from './toolCalls';

/** What calls tools is loaded when it is first used. */
export function registerCalls(
  ui: UiContext,
  files: VirtualFiles,
  validator: SchemaValidator,
): vscode.Disposable {
  const store = new DisposableStore();
  const calls = store.add(
    LatePart.of(
      async () => (await import('./toolCalls')).ToolCalls,
      (Code) => new Code(ui, files, validator),
    ),
  );
  const command = (id: CommandId, run: (calls: ToolCalls, argument: unknown) => Promise<void>): void => {
    store.add(registerCommand(ui, id, async (argument) => await run(await calls.get(), argument)));
  };
  command(Commands.callTool, async ({ flow }, argument) => await flow.start(argument));
  command(Commands.cancelTask, async ({ tasks }, argument) => await tasks.cancel(argument));
  command(Commands.resumeTask, async ({ tasks }, argument) => await tasks.resume(argument));
  command(Commands.openTaskResult, async ({ tasks }, argument) => await tasks.openResult(argument));
  command(Commands.dismissTask, async ({ tasks }, argument) => await tasks.dismiss(argument));
  store.add(
    registerLateFiles(
      ARGUMENTS_SCHEME,
      async () => (await calls.get()).files,
      (error) => tellError(ui.log, 'Opening arguments', error),
    ),
  );
  return store;
}
