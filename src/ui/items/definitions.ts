/** Shows the whole definition of a tool, resource, template or prompt, or all that a server declared, raw, as a document (T121). */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import { isObject, own, ownString } from '../../base/json';
import { Commands, DocumentKinds } from '../../contributions/ids';
import type { Host } from '../../host/host';
import { safeBaseName, textName } from '../../presentation/documentNames';
import { refused } from '../../protocol/failure';
import type { ConnectedServer } from '../../protocol/model';
import { hashOfParts } from '../documents/hash';
import { restoreDocuments } from '../documents/restorer';
import { uriOf, type VirtualFiles } from '../documents/virtualFiles';
import { loadPart } from '../lateParts';
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

/** What has a definition. */
type Defined = OfferedTarget | { readonly kind: 'server'; readonly serverId: string };

/** Registers the command, and the restoring of its documents. */
export function registerDefinitions(ui: UiContext, files: VirtualFiles): Disposable {
  const { host } = ui;
  const store = new DisposableStore();
  const load = async (defined: Defined, uri: vscode.Uri): Promise<void> => {
    files.put(uri.path, await textOf(host, defined), { language: 'mcp-json' });
  };
  store.add(
    registerCommand(ui, Commands.showDefinition, async (argument) => {
      const defined = readDefined(argument);
      const name = defined && nameOf(host, defined);
      if (!defined || name === undefined) return;
      const uri = uriOf(`${DocumentKinds.definition}/${hashOf(defined)}/${name}`);
      await load(defined, uri);
      await vscode.window.showTextDocument(uri, { preview: true });
    }),
  );
  store.add(
    restoreDocuments(host, files, {
      kind: DocumentKinds.definition,
      find: (hash) => allDefined(host).find((defined) => hashOf(defined) === hash),
      load,
      waitingText: vscode.l10n.t(
        'The definition is shown here again when its server runs and offers what it defines.',
      ),
    }),
  );
  return store;
}

function readDefined(argument: unknown): Defined | undefined {
  const target = readTarget(argument)?.target;
  if (target || !isObject(argument) || own(argument, 'kind') !== 'server') return target;
  const serverId = ownString(argument, 'serverId');
  return serverId === undefined ? undefined : { kind: 'server', serverId };
}

function allDefined(host: Host): readonly Defined[] {
  const running = host.servers().filter(({ id }) => declaredBy(host, id));
  return [...running.map(({ id }) => ({ kind: 'server' as const, serverId: id })), ...offeredTargets(host)];
}

/** The name of its document; undefined while nobody runs that offers it. */
function nameOf(host: Host, defined: Defined): string | undefined {
  if (defined.kind === 'server') {
    const server = declaredBy(host, defined.serverId) && host.server(defined.serverId);
    return server && textName('definition', server.definition.name);
  }
  const found = findOffered(host, defined);
  return (
    found &&
    textName(`${safeBaseName(found.item.name, defined.kind)} definition`, found.server.definition.name)
  );
}

/** @throws FailureError when its server does not offer it any more; PartMissingError */
async function textOf(host: Host, defined: Defined): Promise<string> {
  const { declarationText, definitionText } = await loadPart(
    () => import('../../presentation/definitionDocument'),
  );
  switch (defined.kind) {
    case 'server': {
      const { declared } = declaredBy(host, defined.serverId) ?? gone();
      return declarationText(declared);
    }
    case 'tool':
      // With its client, because of its schemas.
      return definitionText(await host.describeTool(defined.serverId, defined.name));
    case 'resource':
    case 'template':
    case 'prompt': {
      const { item } = findListed(host, defined) ?? gone();
      return definitionText(item);
    }
  }
}

function declaredBy(host: Host, serverId: string): ConnectedServer | undefined {
  const state = host.server(serverId)?.state;
  return state?.kind === 'running' ? state.server : undefined;
}

function gone(): never {
  throw refused('The server no longer offers this.');
}

function hashOf(defined: Defined): string {
  const { kind, serverId } = defined;
  return kind === 'server' ? hashOfParts(kind, serverId) : hashOfParts(kind, serverId, identityOf(defined));
}
