/** The Servers view as the editor sees it: rows of a long list are made a few at a time, before all of them are asked for in one go. */

import type * as vscode from 'vscode';

import { systemClock, type Clock } from '../../base/clock';
import { pauseFor } from '../../base/pauseFor';
import type { Host } from '../../host/host';
import type { ServerTreeNode } from './nodes';
import type { ServerTree } from './serverTree';

/** How long the editor waits for a list, which holds up all that it has asked for; behind that the list says that it is loading. */
const WAIT_MS = 200;

export class PatientTree implements vscode.TreeDataProvider<ServerTreeNode> {
  readonly onDidChangeTreeData: vscode.Event<ServerTreeNode | undefined>;

  constructor(
    private readonly host: Pick<Host, 'server'>,
    private readonly tree: ServerTree,
    private readonly clock: Clock = systemClock,
  ) {
    this.onDidChangeTreeData = tree.onDidChangeTreeData;
  }

  getTreeItem(node: ServerTreeNode): vscode.TreeItem {
    return this.tree.getTreeItem(node);
  }

  resolveTreeItem(item: vscode.TreeItem, node: ServerTreeNode): vscode.TreeItem {
    return this.tree.resolveTreeItem(item, node);
  }

  getParent(node: ServerTreeNode): ServerTreeNode | undefined {
    return this.tree.getParent(node);
  }

  getChildren(parent?: ServerTreeNode): ServerTreeNode[] | Promise<ServerTreeNode[]> {
    return parent?.kind === 'list' ? this.listChildren(parent) : this.tree.getChildren(parent);
  }

  /** The person opens a row to see what is under it. */
  expanded(node: ServerTreeNode): void {
    if (node.kind === 'list') this.host.server(node.serverId)?.catalog?.want(node.list);
  }

  private listChildren(parent: ListNode): ServerTreeNode[] | Promise<ServerTreeNode[]> {
    const { lists } = this.tree;
    const server = this.host.server(parent.serverId);
    if (!server || lists.isCurrent(server, parent.list)) return this.tree.getChildren(parent);
    const made = lists.update(server, parent.list);
    return lists.isShown(server, parent.list)
      ? this.tree.getChildren(parent)
      : this.childrenWithin(made, parent);
  }

  private async childrenWithin(made: Promise<void>, parent: ListNode): Promise<ServerTreeNode[]> {
    const over = new AbortController();
    await Promise.race([made, pauseFor(WAIT_MS, this.clock, over.signal)]);
    over.abort();
    return this.tree.getChildren(parent);
  }
}

type ListNode = Extract<ServerTreeNode, { kind: 'list' }>;
