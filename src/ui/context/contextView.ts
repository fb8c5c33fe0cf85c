/** The Context view: what the person has put together, in their order, with its size. Holds nothing that the store could not give again. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Commands, ContextKeys, Views } from '../../contributions/ids';
import { budgetText, contextRow } from '../../presentation/contextRows';
import { ownObject } from '../ownObjects';
import type { ServerTreeNode } from '../servers/nodes';
import { SERVER_NODES_MIME, type ServerTreeDrag } from '../servers/treeDrag';
import { toTreeItem } from '../treeItem';
import type { UiContext } from '../uiContext';

/** A row of this view. */
class ContextTarget {
  constructor(readonly itemId: string) {
    ownObject(this);
  }
}

/** Adds what was dropped. */
type AddDropped = (nodes: readonly ServerTreeNode[]) => Promise<void>;

const OWN_MIME = 'application/vnd.code.tree.mcphost.context';

export class ContextView
  implements
    vscode.TreeDataProvider<ContextTarget>,
    vscode.TreeDragAndDropController<ContextTarget>,
    vscode.Disposable
{
  readonly dropMimeTypes = [SERVER_NODES_MIME, OWN_MIME];
  readonly dragMimeTypes = [OWN_MIME];

  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  /** The editor knows rows by identity. */
  private readonly targets = new Map<string, ContextTarget>();
  private readonly view: vscode.TreeView<ContextTarget>;
  private hasContext: boolean | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly ui: UiContext,
    private readonly drag: Pick<ServerTreeDrag, 'nodesIn'>,
    private readonly addDropped: AddDropped,
  ) {
    this.view = this.store.add(
      vscode.window.createTreeView(Views.context, {
        treeDataProvider: this,
        dragAndDropController: this,
        canSelectMany: true,
      }),
    );
    this.store.add(ui.host.gathered.onDidChange(() => this.refresh()));
    this.refresh();
  }

  getTreeItem(target: ContextTarget): vscode.TreeItem {
    const item = this.ui.host.gathered.get(target.itemId);
    if (!item) return new vscode.TreeItem('');
    return toTreeItem(contextRow(item), {
      command: Commands.openContext,
      title: vscode.l10n.t('Open'),
      arguments: [target],
    });
  }

  getChildren(parent?: ContextTarget): ContextTarget[] {
    return parent ? [] : this.ui.host.gathered.items().map(({ id }) => this.target(id));
  }

  handleDrag(targets: readonly ContextTarget[], transfer: vscode.DataTransfer): void {
    transfer.set(OWN_MIME, new vscode.DataTransferItem(targets.map(({ itemId }) => itemId)));
  }

  async handleDrop(target: ContextTarget | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const moved: unknown = transfer.get(OWN_MIME)?.value;
    if (Array.isArray(moved))
      return this.ui.host.gathered.move(
        moved.filter((id) => typeof id === 'string'),
        target?.itemId,
      );
    await this.addDropped(await this.drag.nodesIn(transfer));
  }

  dispose(): void {
    this.store.dispose();
  }

  private target(id: string): ContextTarget {
    const found = this.targets.get(id) ?? new ContextTarget(id);
    this.targets.set(id, found);
    return found;
  }

  private refresh(): void {
    const { gathered } = this.ui.host;
    const items = gathered.items();
    const ids = new Set(items.map(({ id }) => id));
    for (const id of this.targets.keys()) if (!ids.has(id)) this.targets.delete(id);
    this.view.description = items.length === 0 ? '' : budgetText(gathered.size);
    if (this.hasContext !== items.length > 0) {
      this.hasContext = items.length > 0;
      void vscode.commands.executeCommand('setContext', ContextKeys.hasContext, this.hasContext);
    }
    this.changed.fire(undefined);
  }
}
