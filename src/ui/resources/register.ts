/** *Open Resource…* from the palette, a tree row or a link of a result. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Commands, DocumentKinds } from '../../contributions/ids';
import { safeText } from '../../policy/safeText';
import { restoreDocuments } from '../documents/restorer';
import type { VirtualFiles } from '../documents/virtualFiles';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { findResource, findTemplate, readTarget } from '../calls/targets';
import { hashOfResource, OpenResources, type ResourceRef } from './openResources';
import { pickResource, type ResourceChoice } from './resourcePicker';
import { findSkillFile, openSkill } from './skills';
import { askTemplate, askUri } from './templateFlow';

export function registerResources(ui: UiContext, files: VirtualFiles): vscode.Disposable {
  const { host } = ui;
  const store = new DisposableStore();
  const open = store.add(new OpenResources(ui, files));
  store.add(
    registerCommand(ui, Commands.openResource, async (argument) => await openResource(ui, open, argument)),
  );
  store.add(registerCommand(ui, Commands.openSkill, async (argument) => await openSkill(ui, open, argument)));
  store.add(
    restoreDocuments<ResourceRef>(host, files, {
      kind: DocumentKinds.resource,
      find: (hash) => {
        const found = host
          .offered('resources')
          .find(({ server, item }) => hashOfResource({ serverId: server.id, uri: item.uri }) === hash);
        return found ? refOf(ui, found.server.id, found.item.uri) : findSkillFile(ui, hash);
      },
      load: async (ref, uri) => await open.restore(ref, uri),
      waitingText: vscode.l10n.t(
        'The resource is shown here again when its server runs and lists it. If it does not, open it again.',
      ),
    }),
  );
  return store;
}

async function openResource(ui: UiContext, open: OpenResources, argument: unknown): Promise<void> {
  const read = readTarget(argument);
  const target = read?.target;
  // Results may link to resources that no list has, so a link of ours is enough; from anybody else only what is offered.
  if (target?.kind === 'resource' && (read?.isOwn === true || findResource(ui.host, target))) {
    await open.open(refOf(ui, target.serverId, target.uri));
    return;
  }
  if (target?.kind === 'template' && findTemplate(ui.host, target)) {
    await openChoice(ui, open, target, false);
    return;
  }
  for (;;) {
    const picked = await pickResource(ui.host);
    if (!picked)
      void vscode.window.showInformationMessage(vscode.l10n.t('No running server offers resources.'));
    if (picked?.kind !== 'value') return;
    if ((await openChoice(ui, open, picked.value, true)) === 'done') return;
  }
}

async function openChoice(
  ui: UiContext,
  open: OpenResources,
  choice: ResourceChoice,
  canGoBack: boolean,
): Promise<'back' | 'done'> {
  const { serverId } = choice;
  const uri = await addressOf(ui, choice, canGoBack);
  if (uri === 'back') return 'back';
  if (uri !== undefined) await open.open(refOf(ui, serverId, uri.address));
  return 'done';
}

async function addressOf(
  { host }: UiContext,
  choice: ResourceChoice,
  canGoBack: boolean,
): Promise<{ readonly address: string } | 'back' | undefined> {
  const { serverId } = choice;
  const server = safeText(host.server(serverId)?.definition.name ?? '', 60);
  switch (choice.kind) {
    case 'resource':
      return { address: choice.uri };
    case 'template': {
      const item = findTemplate(host, choice)?.item;
      const title = `${safeText(item?.title ?? item?.name ?? '', 60)} (${server})`;
      const answer = await askTemplate(host, { serverId, uriTemplate: choice.uriTemplate, title, canGoBack });
      return answer.kind === 'uri' ? { address: answer.uri } : answer.kind === 'back' ? 'back' : undefined;
    }
    case 'any': {
      const address = (await askUri(vscode.l10n.t('Open Resource ({0})', server)))?.trim();
      return address === undefined || address === '' ? undefined : { address };
    }
  }
}

function refOf({ host }: UiContext, serverId: string, uri: string): ResourceRef {
  const mimeType = findResource(host, { kind: 'resource', serverId, uri })?.item.mimeType;
  return { serverId, uri, ...(mimeType === undefined ? {} : { mimeType }) };
}
