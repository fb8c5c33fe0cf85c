/** Picks one tool among those of all running servers. Owns which tools were used lately in this window. */

import * as vscode from 'vscode';

import type { Disposable } from '../../base/disposable';
import type { Host, Offered } from '../../host/host';
import { pickTexts, serverName } from '../items/listedRows';
import type { PickItem } from './steps';

type OfferedTool = Offered<'tools'>;

const MAX_RECENT = 5;

/** Remembers the order in which tools were called. */
export class RecentTools implements Disposable {
  /** Keys of tools, newest last. */
  private readonly order = new Set<string>();
  private readonly subscription: Disposable;

  constructor(host: Host) {
    this.subscription = host.calls.onDidChange(({ kind, serverId, target, state }) => {
      if (kind !== 'tool' || state.kind !== 'running') return;
      const key = keyOf(serverId, target);
      this.order.delete(key);
      this.order.add(key);
    });
  }

  /** The tools used last, newest first. */
  among(tools: readonly OfferedTool[]): readonly OfferedTool[] {
    const byKey = new Map(tools.map((tool) => [keyOf(tool.server.id, tool.item.name), tool]));
    return [...this.order]
      .reverse()
      .flatMap((key) => byKey.get(key) ?? [])
      .slice(0, MAX_RECENT);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** Entries for all tools: those used lately first, then by server. */
export function toolItems(tools: readonly OfferedTool[], recent: RecentTools): PickItem<OfferedTool>[] {
  const lately = recent.among(tools);
  const rest = tools.filter((tool) => !lately.includes(tool));
  return [
    ...(lately.length === 0
      ? []
      : [{ label: vscode.l10n.t('recently used'), kind: vscode.QuickPickItemKind.Separator }]),
    ...lately.map(toolItem),
    ...groupByServer(rest, toolItem),
  ];
}

/** Entries under a separator with the name of each server. */
export function groupByServer<T extends { readonly server: Offered<'tools'>['server'] }, V>(
  offered: readonly T[],
  make: (each: T) => PickItem<V>,
): PickItem<V>[] {
  const items: PickItem<V>[] = [];
  let last: string | undefined;
  for (const each of offered) {
    if (each.server.id !== last)
      items.push({ label: serverName(each), kind: vscode.QuickPickItemKind.Separator });
    last = each.server.id;
    items.push(make(each));
  }
  return items;
}

function toolItem(tool: OfferedTool): PickItem<OfferedTool> {
  return { ...pickTexts('tools', tool), iconPath: new vscode.ThemeIcon('wrench'), value: tool };
}

function keyOf(serverId: string, name: string): string {
  return JSON.stringify([serverId, name]);
}
