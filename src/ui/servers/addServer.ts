/** *Add Server…*: takes a command line, asks for a name and a scope, and writes one entry of settings. Starts nothing itself. */

import * as vscode from 'vscode';

import { Commands, Settings, SETTINGS_SECTION, Views } from '../../contributions/ids';
import { isObject } from '../../base/json';
import { splitCommandLine, suggestName } from '../../presentation/commandLine';
import { readServerName } from '../../policy/readServerEntry';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';

export function registerAddServer(ui: UiContext): vscode.Disposable {
  return registerCommand(ui, Commands.addServer, async () => {
    const line = await askCommandLine();
    if (line === undefined) return;
    const [command, ...args] = line;
    if (command === undefined) return;
    const target = await askTarget();
    if (!target) return;
    const name = await askName(suggestName(line), target.existing);
    if (name === undefined) return;
    const entry = { command, ...(args.length > 0 ? { args } : {}) };
    const settings = vscode.workspace.getConfiguration(SETTINGS_SECTION);
    await settings.update(Settings.servers, { ...target.existing, [name]: entry }, target.scope);
    await vscode.commands.executeCommand(`${Views.servers}.focus`);
  });
}

async function askCommandLine(): Promise<readonly string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Server (1/3)'),
    prompt: vscode.l10n.t(
      'The command that starts the server, as you would type it in a terminal. No shell will run it.',
    ),
    placeHolder: 'npx -y @modelcontextprotocol/server-filesystem ${workspaceFolder}',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const split = splitCommandLine(value);
      if (!split.ok) return split.error;
      return split.value.length === 0 ? vscode.l10n.t('Type a command.') : undefined;
    },
  });
  if (text === undefined) return undefined;
  const split = splitCommandLine(text);
  return split.ok ? split.value : undefined;
}

interface Target {
  readonly scope: vscode.ConfigurationTarget;
  readonly existing: Readonly<Record<string, unknown>>;
}

async function askTarget(): Promise<Target | undefined> {
  const found = vscode.workspace.getConfiguration(SETTINGS_SECTION).inspect<unknown>(Settings.servers);
  const user = {
    label: vscode.l10n.t('User Settings'),
    detail: vscode.l10n.t('Runs in every workspace you trust. Needs no approval: you wrote it.'),
    target: { scope: vscode.ConfigurationTarget.Global, existing: objectOf(found?.globalValue) },
  };
  if (!vscode.workspace.workspaceFolders?.length) return user.target;
  const workspace = {
    label: vscode.l10n.t('Workspace Settings'),
    detail: vscode.l10n.t(
      'Only in this workspace, and for everyone who shares it. You approve it before it starts.',
    ),
    target: { scope: vscode.ConfigurationTarget.Workspace, existing: objectOf(found?.workspaceValue) },
  };
  const picked = await vscode.window.showQuickPick([workspace, user], {
    title: vscode.l10n.t('Add Server (2/3)'),
    placeHolder: vscode.l10n.t('Where to keep it'),
    ignoreFocusOut: true,
  });
  return picked?.target;
}

async function askName(
  suggestion: string,
  existing: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Server (3/3)'),
    prompt: vscode.l10n.t('A name for the server'),
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const name = readServerName(value);
      if (!name.ok) return name.error.message;
      return Object.hasOwn(existing, value)
        ? vscode.l10n.t('There is a server of this name already.')
        : undefined;
    },
  });
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
