/** *Add Server…*: takes a command line or an address, asks for a name and a scope, and writes one entry of settings. Starts nothing itself. */

import * as vscode from 'vscode';

import { Settings, SETTINGS_SECTION, Views } from '../../contributions/ids';
import { isObject } from '../../base/json';
import { readTypedServer, suggestName, type TypedEntry } from '../../presentation/commandLine';
import { readServerName } from '../../policy/readServerEntry';

/** Asks, and writes what was answered. */
export async function addServer(): Promise<void> {
  const entry = await askEntry();
  if (!entry) return;
  const target = await askTarget();
  if (!target) return;
  const name = await askName(suggestName(entry, Object.keys(entriesIn(target))), target);
  if (name === undefined) return;
  // Read again: others may have written meanwhile.
  const existing = entriesIn(target);
  if (Object.hasOwn(existing, name)) {
    void vscode.window.showErrorMessage(nameIsTaken());
    return;
  }
  const settings = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  await settings.update(Settings.servers, { ...existing, [name]: entry }, target);
  await vscode.commands.executeCommand(`${Views.servers}.focus`);
}

async function askEntry(): Promise<TypedEntry | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Server (1/3)'),
    prompt: vscode.l10n.t(
      'The command that starts the server, as you would type it in a terminal (no shell will run it), or the address of a remote one.',
    ),
    placeHolder:
      'npx -y @modelcontextprotocol/server-filesystem ${workspaceFolder} / https://example.com/mcp',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const typed = readTypedServer(value);
      return typed.ok ? undefined : typed.error;
    },
  });
  if (text === undefined) return undefined;
  const typed = readTypedServer(text);
  return typed.ok ? typed.value : undefined;
}

async function askTarget(): Promise<vscode.ConfigurationTarget | undefined> {
  const user = {
    label: vscode.l10n.t('User Settings'),
    detail: vscode.l10n.t('Runs in every workspace you trust. Needs no approval: you wrote it.'),
    target: vscode.ConfigurationTarget.Global,
  };
  if (!vscode.workspace.workspaceFolders?.length) return user.target;
  const workspace = {
    label: vscode.l10n.t('Workspace Settings'),
    detail: vscode.l10n.t(
      'Only in this workspace, and for everyone who shares it. You approve it before it starts.',
    ),
    target: vscode.ConfigurationTarget.Workspace,
  };
  const picked = await vscode.window.showQuickPick(
    // The editor hides what an untrusted workspace has set, so writing there would lose it.
    vscode.workspace.isTrusted ? [workspace, user] : [user],
    {
      title: vscode.l10n.t('Add Server (2/3)'),
      placeHolder: vscode.workspace.isTrusted
        ? vscode.l10n.t('Where to keep it')
        : vscode.l10n.t('Where to keep it (trust the workspace to add one to its settings)'),
      ignoreFocusOut: true,
    },
  );
  return picked?.target;
}

async function askName(suggestion: string, target: vscode.ConfigurationTarget): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: vscode.l10n.t('Add Server (3/3)'),
    prompt: vscode.l10n.t('A name for the server'),
    value: suggestion,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const name = readServerName(value);
      if (!name.ok) return name.error.message;
      return Object.hasOwn(entriesIn(target), value) ? nameIsTaken() : undefined;
    },
  });
}

function nameIsTaken(): string {
  return vscode.l10n.t('There is a server of this name already.');
}

/** The entries of one scope as they are now. */
function entriesIn(target: vscode.ConfigurationTarget): Readonly<Record<string, unknown>> {
  const found = vscode.workspace.getConfiguration(SETTINGS_SECTION).inspect<unknown>(Settings.servers);
  const value = target === vscode.ConfigurationTarget.Global ? found?.globalValue : found?.workspaceValue;
  return isObject(value) ? value : {};
}
