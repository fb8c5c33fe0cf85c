/** Lets rows of the Servers tree be dragged to where they can be used. */

import * as vscode from 'vscode';

import type { ServerTreeNode } from './nodes';

/** What is dragged from the Servers tree: its nodes. */
export const SERVER_NODES_MIME = 'application/vnd.code.tree.mcphost.servers';

/** Nothing can be dropped there: the order of servers is that of the settings. */
export const serverTreeDrag: vscode.TreeDragAndDropController<ServerTreeNode> = {
  dragMimeTypes: [SERVER_NODES_MIME],
  dropMimeTypes: [],
  handleDrag: (nodes, transfer) => {
    const resources = nodes.filter(({ kind }) => kind === 'resource');
    if (resources.length > 0) transfer.set(SERVER_NODES_MIME, new vscode.DataTransferItem(resources));
  },
};
