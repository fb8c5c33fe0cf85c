/** Registers what belongs to tools: calling them, looking at their definition, copying names. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Commands } from '../../contributions/ids';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { VirtualFiles } from '../documents/virtualFiles';
import { describeError, registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { ArgumentsEditor } from './argumentsEditor';
import { registerDefinitions } from './definitions';
import { isOffered, readTarget } from './targets';
import { registerTaskCommands } from './taskCommands';
import { ToolFlow } from './toolFlow';
import { RecentTools } from './toolPicker';
import { ToolRunner } from './toolRunner';

export function registerCalls(
  ui: UiContext,
  files: VirtualFiles,
  validator: SchemaValidator,
): vscode.Disposable {
  const store = new DisposableStore();
  const runner = store.add(new ToolRunner(ui, files, validator));
  const recent = store.add(new RecentTools(ui.host));
  const onError = (error: unknown): void => void vscode.window.showErrorMessage(describeError(error));
  const flow: ToolFlow = new ToolFlow(ui, validator, runner, recent, () => editor);
  const editor: ArgumentsEditor = store.add(
    new ArgumentsEditor(validator, async (...written) => await flow.runWritten(...written), onError),
  );
  store.add(registerCommand(ui, Commands.callTool, async (argument) => await flow.start(argument)));
  store.add(registerTaskCommands(ui, runner));
  store.add(registerDefinitions(ui, files));
  store.add(registerCommand(ui, Commands.copyName, async (argument) => await copyName(ui, argument)));
  return store;
}

/** Copies what the row stands for, exactly as the server wrote it. */
async function copyName({ host }: UiContext, argument: unknown): Promise<void> {
  const target = readTarget(argument)?.target;
  if (!target || !isOffered(host, target)) return;
  const text =
    target.kind === 'resource' ? target.uri : target.kind === 'template' ? target.uriTemplate : target.name;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 3_000);
}
