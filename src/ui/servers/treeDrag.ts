/** Lets rows of the Servers tree be dragged to where they can be used. */

import { randomUUID } from 'node:crypto';

import * as vscode from 'vscode';

import type { ServerTreeNode } from './nodes';

/** The type of what is dragged from the Servers tree. */
export const SERVER_NODES_MIME = 'application/vnd.mcp-host.server-nodes';

/**
 * Another view gets only a text of what is dragged, which anybody could write: it is a word that stands for the nodes, which stay here.
 * Nothing can be dropped on the tree: the order of servers is that of the settings.
 */
export class ServerTreeDrag implements vscode.TreeDragAndDropController<ServerTreeNode> {
  readonly dragMimeTypes = [SERVER_NODES_MIME];
  readonly dropMimeTypes = [];
  private dragged: { readonly word: string; readonly nodes: readonly ServerTreeNode[] } | undefined;

  handleDrag(nodes: readonly ServerTreeNode[], transfer: vscode.DataTransfer): void {
    const word = randomUUID();
    this.dragged = { word, nodes };
    transfer.set(SERVER_NODES_MIME, new vscode.DataTransferItem(word));
  }

  /** The nodes that were dragged to where they were dropped now. */
  async nodesIn(transfer: vscode.DataTransfer): Promise<readonly ServerTreeNode[]> {
    // The editor puts an empty text of its own under the same type.
    for (const [type, item] of transfer)
      if (type === SERVER_NODES_MIME && (await item.asString()) === this.dragged?.word)
        return this.dragged.nodes;
    return [];
  }
}
