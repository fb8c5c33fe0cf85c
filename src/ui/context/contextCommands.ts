/** What a person does with the context: look at it, copy it, read it again, give it to the chat, throw it away. */

import * as vscode from 'vscode';

import { DocumentKinds } from '../../contributions/ids';
import type { ContextItem } from '../../host/contextItems';
import { contextMarkdown } from '../../presentation/contextRows';
import { safeBaseName, textName } from '../../presentation/documentNames';
import { freshHash } from '../documents/hash';
import type { VirtualFiles } from '../documents/virtualFiles';
import { isOwnObject } from '../ownObjects';
import type { UiContext } from '../uiContext';
import { addResource } from './addToContext';

/** The editor's own command for its chat. */
export const CHAT_COMMAND = 'workbench.action.chat.open';

/** The items that rows of ours name; anybody else's argument names none (T016). */
function itemsOf({ host }: UiContext, argument: unknown, selected: unknown): readonly ContextItem[] {
  const rows: readonly unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [argument];
  return rows
    .filter((row) => isOwnObject(row))
    .map((row) =>
      'itemId' in row && typeof row.itemId === 'string' ? host.gathered.get(row.itemId) : undefined,
    )
    .filter((item) => item !== undefined);
}

/** The items of rows; all of them without any. */
function someOrAll(ui: UiContext, argument: unknown, selected: unknown): readonly ContextItem[] {
  const some = itemsOf(ui, argument, selected);
  return some.length > 0 ? some : ui.host.gathered.items();
}

export async function copyContext(ui: UiContext, argument: unknown, selected: unknown): Promise<void> {
  const items = someOrAll(ui, argument, selected);
  if (isEmpty(items)) return;
  await vscode.env.clipboard.writeText(`${contextMarkdown(items)}\n`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0} items as Markdown', items.length), 4_000);
}

export async function openContext(
  ui: UiContext,
  files: VirtualFiles,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  const items = someOrAll(ui, argument, selected);
  if (isEmpty(items)) return;
  const [only, ...others] = items;
  const name =
    only && others.length === 0
      ? textName(
          safeBaseName(only.source.kind === 'resource' ? only.source.uri : only.source.name),
          only.serverName,
        )
      : vscode.l10n.t('Context');
  const uri = files.put(`${DocumentKinds.context}/${freshHash()}/${name}`, `${contextMarkdown(items)}\n`, {
    language: 'mcp-markdown',
  });
  await vscode.window.showTextDocument(uri, { preview: true });
}

export function removeFromContext(ui: UiContext, argument: unknown, selected: unknown): void {
  ui.host.gathered.remove(itemsOf(ui, argument, selected).map(({ id }) => id));
}

/** Reads resources again. Results of tools and messages of prompts are what they were: their calls are not repeated. @throws FailureError */
export async function refreshContext(ui: UiContext, argument: unknown, selected: unknown): Promise<void> {
  const some = itemsOf(ui, argument, selected);
  const items = some.length > 0 ? some : ui.host.gathered.items().filter(({ isStale }) => isStale);
  for (const { serverId, source } of items)
    if (source.kind === 'resource') await addResource(ui, { kind: 'resource', serverId, uri: source.uri });
}

export async function clearContext({ host }: UiContext): Promise<void> {
  const before = host.gathered.clear();
  if (before.length === 0) return;
  const undo = vscode.l10n.t('Undo');
  const message = vscode.l10n.t('Removed {0} items from the context.', before.length);
  if ((await vscode.window.showInformationMessage(message, undo)) === undo) host.gathered.restore(before);
}

/** Puts items into the input of the editor's chat, where the person goes on. Nothing is sent. */
export async function sendContextToChat(ui: UiContext, argument: unknown, selected: unknown): Promise<void> {
  const items = someOrAll(ui, argument, selected);
  if (isEmpty(items)) return;
  if (!(await hasChat())) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This editor has no chat. Copy the context as Markdown instead.'),
    );
    return;
  }
  await vscode.commands.executeCommand(CHAT_COMMAND, {
    query: `${contextMarkdown(items)}\n\n`,
    isPartialQuery: true,
  });
}

/** Whether this editor has a chat that takes a text. */
export async function hasChat(): Promise<boolean> {
  return (await vscode.commands.getCommands(true)).includes(CHAT_COMMAND);
}

function isEmpty(items: readonly ContextItem[]): boolean {
  if (items.length > 0) return false;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The context is empty. Add resources, results of tools or messages of prompts to it.'),
  );
  return true;
}
