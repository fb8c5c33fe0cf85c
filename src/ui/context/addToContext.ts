/** *Add to Context*: from a row, a document of ours, what was dropped, or a resource that the person picks. */

import * as vscode from 'vscode';

import type { NewContextItem } from '../../host/contextItems';
import type { AddOutcome } from '../../host/contextStore';
import { safeText } from '../../policy/safeText';
import { contextTitle, tokensText } from '../../presentation/contextRows';
import type { ReadResourceResult, Text } from '../../protocol/content';
import { pullHeld, releaseHeld } from '../documents/heldTexts';
import type { VirtualFiles } from '../documents/virtualFiles';
import { readTarget, type ResourceTarget } from '../items/targets';
import { NamedError } from '../registerCommand';
import { withRequestProgress } from '../requestProgress';
import { chooseResource } from '../resources/chooseResource';
import type { UiContext } from '../uiContext';

/**
 * Adds what a command was run on.
 * @param argument a row, the address of a document, or nothing
 * @param selected all selected rows, where there are several
 * @throws NamedError over a FailureError
 */
export async function addToContext(
  ui: UiContext,
  files: VirtualFiles,
  argument: unknown,
  selected: unknown,
): Promise<void> {
  const rows = Array.isArray(selected) && selected.length > 1 ? (selected as readonly unknown[]) : [argument];
  if (await addRows(ui, rows)) return;
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const origin = uri && files.originOf(uri);
  if (uri && origin) {
    const text = new TextDecoder().decode(await files.readFile(uri));
    return tell(put(ui, { ...origin, text }));
  }
  const chosen = await chooseResource(ui, 'context');
  if (chosen) await addResource(ui, chosen);
}

/** Adds the resources among these rows. @returns whether there were any @throws NamedError over a FailureError */
export async function addRows(ui: UiContext, rows: readonly unknown[]): Promise<boolean> {
  const targets = rows
    .map(readTarget)
    .map((read) => (read?.isOwn && read.target.kind === 'resource' ? read.target : undefined))
    .filter((target) => target !== undefined);
  for (const target of targets) await addResource(ui, target);
  return targets.length > 0;
}

/** Reads a resource, and puts it in. @throws NamedError over a FailureError */
export async function addResource(ui: UiContext, { serverId, uri }: ResourceTarget): Promise<void> {
  const { host } = ui;
  const serverName = host.server(serverId)?.definition.name ?? '';
  const shown = safeText(uri, 100);
  let result: ReadResourceResult;
  try {
    result = await withRequestProgress(vscode.l10n.t('Reading "{0}"', shown), (options) =>
      host.readResource(serverId, uri, { ...options, fresh: true }),
    );
  } catch (error) {
    const server = safeText(serverName, 60);
    throw new NamedError(vscode.l10n.t('"{0}" of server "{1}" could not be read.', shown, server), error);
  }
  const texts: string[] = [];
  for (const { body } of result.contents)
    if (body.kind === 'text') texts.push(await wholeText(ui, serverId, body.text));
  if (texts.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('"{0}" holds no text, so it cannot be put into the context.', shown),
    );
    return;
  }
  tell(put(ui, { serverId, serverName, source: { kind: 'resource', uri }, text: texts.join('\n\n') }));
}

async function wholeText({ host }: UiContext, serverId: string, text: Text): Promise<string> {
  if (text.kind === 'inline') return text.text;
  try {
    return new TextDecoder().decode(await pullHeld(host, serverId, text));
  } finally {
    releaseHeld(host, serverId, text);
  }
}

interface Put {
  readonly title: string;
  readonly outcome: AddOutcome;
}

function put({ host }: UiContext, item: NewContextItem): Put {
  return { title: contextTitle(item), outcome: host.gathered.add(item) };
}

function tell({ title, outcome }: Put): void {
  const { l10n } = vscode;
  switch (outcome.kind) {
    case 'added':
      return void vscode.window.setStatusBarMessage(l10n.t('Added "{0}" to the context', title), 4_000);
    case 'replaced':
      return void vscode.window.setStatusBarMessage(l10n.t('Updated "{0}" in the context', title), 4_000);
    case 'too-many':
      return void vscode.window.showWarningMessage(
        l10n.t('The context has {0} items, and takes no more. Remove some first.', outcome.most),
      );
    case 'too-large':
      return void tellTooLarge(title, outcome);
  }
}

async function tellTooLarge(
  title: string,
  { tokens, left }: Extract<AddOutcome, { kind: 'too-large' }>,
): Promise<void> {
  const settings = vscode.l10n.t('Change Budget');
  const message = vscode.l10n.t(
    '"{0}" is about {1}, and the context has room for {2}. Remove something, or change the budget.',
    title,
    tokensText(tokens),
    tokensText(left),
  );
  if ((await vscode.window.showWarningMessage(message, settings)) === settings)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'mcpHost.context.tokenBudget');
}
