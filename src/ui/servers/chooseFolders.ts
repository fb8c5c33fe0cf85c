/** Lets the person choose which workspace folders a server may know, whenever they like. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { Server } from '../../host/server';
import { safeText } from '../../policy/safeText';
import { askPickMany } from '../calls/steps';
import type { UiContext } from '../uiContext';
import { folderItems } from './folderItems';
import { serverNode } from './nodes';
import { pickServer } from './pickServer';

/** @param argument a row of the Servers view, or undefined */
export async function chooseFolders(ui: UiContext, argument: unknown): Promise<void> {
  const { l10n } = vscode;
  const server = await pickServer(ui, argument, l10n.t('Choose Shared Folders'), mayKnowFolders);
  if (!server) return;
  const name = safeText(server.definition.name, 64);
  const choice = await ui.host.folderChoice(server.id);
  if (!choice) return offerSettings(server, name);
  if (choice.folders.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No folder is open that could be shared.'));
    return;
  }
  const items = folderItems(choice.folders);
  const { shared } = choice;
  const isShared = (uri: string | undefined): boolean =>
    shared.kind === 'shared' && shared.folders.some((folder) => folder.uri === uri);
  const outcome = await askPickMany(
    { title: l10n.t('Folders That Server "{0}" May Know', name), canGoBack: false },
    {
      placeholder: l10n.t('It gets the checked paths, and reads by its own means'),
      items,
      selected: items.filter(({ value }) => isShared(value)),
      ignoreFocusOut: false,
    },
  );
  if (outcome.kind === 'value') await choice.choose(outcome.value);
}

function mayKnowFolders({ definition }: Server): boolean {
  return definition.entry !== undefined && definition.entry.roots !== 'none';
}

/** What cannot be chosen is said with the way to where it can be changed. */
function offerSettings(server: Server, name: string): void {
  const edit = vscode.l10n.t('Edit in Settings');
  const message = vscode.l10n.t(
    'Server "{0}" is told of no folders: its entry says so in "roots", or cannot be used.',
    name,
  );
  void vscode.window.showInformationMessage(message, edit).then((picked) => {
    if (picked !== edit) return;
    void vscode.commands.executeCommand(Commands.editServer, serverNode(server.id));
  });
}
