/** Picks a resource, a template, or a server to type an address for, among all running servers. */

import * as vscode from 'vscode';

import type { Host, Offered } from '../../host/host';
import { safeProse, safeText } from '../../policy/safeText';
import { askPick, type PickItem, type StepOutcome } from '../calls/steps';
import { serverName } from '../calls/toolPicker';
import type { ResourceTarget, TemplateTarget } from '../items/targets';

/** What was picked. `any` is an address to be typed. */
export type ResourceChoice =
  ResourceTarget | TemplateTarget | { readonly kind: 'any'; readonly serverId: string };

type Server = Offered<'resources'>['server'];

/** Lets the person pick; undefined when no server has resources. */
export async function pickResource(host: Host): Promise<StepOutcome<ResourceChoice> | undefined> {
  const items = host.servers().flatMap((server) => serverItems(server));
  if (items.length === 0) return undefined;
  return await askPick(
    { title: vscode.l10n.t('Open Resource'), canGoBack: false },
    {
      placeholder: vscode.l10n.t('Search by name, address, server or description'),
      items,
      ignoreFocusOut: false,
    },
  );
}

function serverItems(server: Server): PickItem<ResourceChoice>[] {
  if (server.state.kind !== 'running' || !server.state.server.capabilities.resources) return [];
  const name = serverName({ server });
  const resources = server.catalog?.items('resources') ?? [];
  const templates = server.catalog?.items('resourceTemplates') ?? [];
  return [
    { label: name, kind: vscode.QuickPickItemKind.Separator },
    ...resources.map((item) => ({
      ...textsOf(item, item.uri, name),
      iconPath: new vscode.ThemeIcon(item.mimeType?.startsWith('image/') ? 'file-media' : 'file'),
      value: { kind: 'resource' as const, serverId: server.id, uri: item.uri },
    })),
    ...templates.map((item) => ({
      ...textsOf(item, item.uriTemplate, name),
      iconPath: new vscode.ThemeIcon('symbol-snippet'),
      value: { kind: 'template' as const, serverId: server.id, uriTemplate: item.uriTemplate },
    })),
    {
      label: vscode.l10n.t('Enter a URI…'),
      description: name,
      iconPath: new vscode.ThemeIcon('link'),
      value: { kind: 'any' as const, serverId: server.id },
    },
  ];
}

function textsOf(
  item: { readonly name: string; readonly title?: string; readonly description?: string },
  address: string,
  server: string,
): { label: string; description: string; detail: string } {
  const { name, title, description } = item;
  return {
    label: safeText(title ?? name, 80),
    description: server,
    detail: [
      safeText(address, 120),
      ...(description === undefined ? [] : [safeProse(description, 120)]),
    ].join(' — '),
  };
}
