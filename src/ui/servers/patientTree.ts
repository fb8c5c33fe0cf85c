/** The Servers view as the editor sees it: rows of a long list are made a few at a time, before all of them are asked for in one go. */

import type * as vscode from 'vscode';

import type { Host } from '../../host/host';
import { areRowsMade, makeRows } from '../items/listedRows';
import type { ServerTreeNode } from './nodes';
import type { ServerTree } from './serverTree';

export class PatientTree implements vscode.TreeDataProvider<ServerTreeNode> {
  readonly onDidChangeTreeData: vscode.Event<ServerTreeNode | undefined>;

  constructor(
    private readonly host: Pick<Host, 'server'>,
    private readonly tree: ServerTree,
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
    return parent?.kind === 'list' && !this.isMade(parent)
      ? this.childrenOnceMade(parent)
      : this.tree.getChildren(parent);
  }

  /** A list that changes while its rows are made is begun anew: none is ever made in one go. */
  private async childrenOnceMade(list: ListNode): Promise<ServerTreeNode[]> {
    for (;;) {
      const server = this.host.server(list.serverId);
      if (!server || this.isMade(list)) return this.tree.getChildren(list);
      await makeRows(server, list.list);
    }
  }

  private isMade({ serverId, list }: ListNode): boolean {
    const server = this.host.server(serverId);
    return !server || areRowsMade(server, list);
  }
}

type ListNode = Extract<ServerTreeNode, { kind: 'list' }>;
