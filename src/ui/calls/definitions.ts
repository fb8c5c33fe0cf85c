/** Shows the whole definition of a tool, raw, as a document (T121). */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { JsonObject } from '../../base/json';
import { Commands, DocumentKinds } from '../../contributions/ids';
import { safeBaseName, textName } from '../../presentation/documentNames';
import { visibleJson } from '../../presentation/visibleJson';
import type { Offered } from '../../host/host';
import { hashOfParts } from '../documents/hash';
import { restoreDocuments } from '../documents/restorer';
import { uriOf, type VirtualFiles } from '../documents/virtualFiles';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { findTool, readTarget } from './targets';

type OfferedTool = Offered<'tools'>;

/** Registers the command, and the restoring of its documents. */
export function registerDefinitions(ui: UiContext, files: VirtualFiles): Disposable {
  const { host } = ui;
  const store = new DisposableStore();
  const load = async ({ server, item }: OfferedTool, uri: vscode.Uri): Promise<void> => {
    const definition = await host.describeTool(server.id, item.name);
    const json = visibleJson(JSON.parse(JSON.stringify(definition)) as JsonObject);
    files.put(uri.path, `${json}\n`, { language: 'mcp-json' });
  };
  store.add(
    registerCommand(ui, Commands.showToolDefinition, async (argument) => {
      const target = readTarget(argument)?.target;
      const tool = target?.kind === 'tool' ? findTool(host, target) : undefined;
      if (!tool) return;
      const uri = uriOf(pathOf(tool));
      await load(tool, uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    }),
  );
  store.add(
    restoreDocuments(host, files, {
      kind: DocumentKinds.tool,
      find: (hash) => host.offered('tools').find((tool) => hashOf(tool) === hash),
      load,
      waitingText: vscode.l10n.t(
        'The definition is shown here again when its server runs and offers the tool.',
      ),
    }),
  );
  return store;
}

function pathOf(tool: OfferedTool): string {
  const name = textName(`${safeBaseName(tool.item.name, 'tool')} definition`, tool.server.definition.name);
  return `${DocumentKinds.tool}/${hashOf(tool)}/${name}`;
}

function hashOf({ server, item }: OfferedTool): string {
  return hashOfParts(server.id, item.name);
}
