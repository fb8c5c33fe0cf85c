/** Shows the whole definition of a tool, resource, template or prompt, raw, as a document (T121). */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import { Commands, DocumentKinds } from '../../contributions/ids';
import type { Host } from '../../host/host';
import { definitionText, type Definition } from '../../presentation/definitionDocument';
import { safeBaseName, textName } from '../../presentation/documentNames';
import { refused } from '../../protocol/failure';
import { hashOfParts } from '../documents/hash';
import { restoreDocuments } from '../documents/restorer';
import { uriOf, type VirtualFiles } from '../documents/virtualFiles';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import {
  findListed,
  findOffered,
  identityOf,
  offeredTargets,
  readTarget,
  type OfferedTarget,
} from './targets';

/** Registers the command, and the restoring of its documents. */
export function registerDefinitions(ui: UiContext, files: VirtualFiles): Disposable {
  const { host } = ui;
  const store = new DisposableStore();
  const load = async (target: OfferedTarget, uri: vscode.Uri): Promise<void> => {
    const definition = await definitionOf(host, target);
    files.put(uri.path, definitionText(definition), { language: 'mcp-json' });
  };
  store.add(
    registerCommand(ui, Commands.showDefinition, async (argument) => {
      const target = readTarget(argument)?.target;
      const found = target && findOffered(host, target);
      if (!found) return;
      const uri = uriOf(pathOf(target, found.item.name, found.server.definition.name));
      await load(target, uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    }),
  );
  store.add(
    restoreDocuments(host, files, {
      kind: DocumentKinds.definition,
      find: (hash) => offeredTargets(host).find((target) => hashOf(target) === hash),
      load,
      waitingText: vscode.l10n.t(
        'The definition is shown here again when its server runs and offers what it defines.',
      ),
    }),
  );
  return store;
}

/** That of a tool is with its client. @throws FailureError when its server does not offer it any more */
async function definitionOf(host: Host, target: OfferedTarget): Promise<Definition> {
  if (target.kind === 'tool') return await host.describeTool(target.serverId, target.name);
  const found = findListed(host, target);
  if (!found) throw refused('The server no longer lists this.');
  return found.item;
}

function pathOf(target: OfferedTarget, name: string, serverName: string): string {
  const fileName = textName(`${safeBaseName(name, target.kind)} definition`, serverName);
  return `${DocumentKinds.definition}/${hashOf(target)}/${fileName}`;
}

function hashOf(target: OfferedTarget): string {
  return hashOfParts(target.kind, target.serverId, identityOf(target));
}
