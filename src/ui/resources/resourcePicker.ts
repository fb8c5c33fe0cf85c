/** Picks a resource, a template, or a server to type an address for, among all running servers. */

import * as vscode from 'vscode';

import type { Host, Offered } from '../../host/host';
import type { Row } from '../../presentation/row';
import { askPick, type PickItem, type StepOutcome } from '../calls/steps';
import { listedDetail, listedRow, makeRows, serverName } from '../items/listedRows';
import { listsRead, whyUnread } from '../items/offers';
import type { ResourceTarget, TemplateTarget } from '../items/targets';

/** What was picked. `any` is an address to be typed. */
export type ResourceChoice =
  ResourceTarget | TemplateTarget | { readonly kind: 'any'; readonly serverId: string };

const KINDS = ['resources', 'resourceTemplates'] as const;

type Server = Offered<'resources'>['server'];

/** Lets the person pick; undefined when no server has resources. */
export async function pickResource(
  host: Host,
  title = vscode.l10n.t('Open Resource'),
): Promise<StepOutcome<ResourceChoice> | undefined> {
  // Who does not want to wait can still enter an address.
  await listsRead(host, ...KINDS);
  const items: PickItem<ResourceChoice>[] = [];
  for (const server of host.servers()) items.push(...(await serverItems(server)));
  if (items.length === 0) return undefined;
  return await askPick(
    { title, canGoBack: false },
    {
      placeholder: vscode.l10n.t('Search by name, address, server or description'),
      items,
      ignoreFocusOut: false,
    },
  );
}

async function serverItems(server: Server): Promise<PickItem<ResourceChoice>[]> {
  if (server.state.kind !== 'running' || !server.state.server.capabilities.resources) return [];
  const name = serverName({ server });
  const resources = (await makeRows(server, 'resources', { more: listedDetail }))?.items ?? [];
  const templates = (await makeRows(server, 'resourceTemplates', { more: listedDetail }))?.items ?? [];
  return [
    { label: name, kind: vscode.QuickPickItemKind.Separator },
    ...resources.map((item) => ({
      ...textsOf(listedRow(server, 'resources', item), listedDetail(item), name),
      value: { kind: 'resource' as const, serverId: server.id, uri: item.uri },
    })),
    ...templates.map((item) => ({
      ...textsOf(listedRow(server, 'resourceTemplates', item), listedDetail(item), name),
      value: { kind: 'template' as const, serverId: server.id, uriTemplate: item.uriTemplate },
    })),
    {
      label: vscode.l10n.t('Enter a URI…'),
      description: name,
      ...unreadDetail(server),
      iconPath: new vscode.ThemeIcon('link'),
      value: { kind: 'any' as const, serverId: server.id },
    },
  ];
}

/** Says why something of a server may not be there to pick. */
function unreadDetail(server: Server): { readonly detail?: string } {
  const reasons = new Set(KINDS.map((kind) => whyUnread(server, kind)).filter((why) => why !== undefined));
  if (reasons.size === 0) return {};
  return { detail: vscode.l10n.t('Not all that it lists could be read. {0}', [...reasons].join(' ')) };
}

/** The row of a resource or a template has its address beside its title. */
function textsOf(
  { label, description, icon }: Row,
  detail: string | undefined,
  server: string,
): { label: string; description: string; detail: string; iconPath: vscode.ThemeIcon } {
  return {
    label,
    description: server,
    detail: [description, detail].filter((text) => text !== undefined).join(' — '),
    iconPath: new vscode.ThemeIcon(icon.id),
  };
}
