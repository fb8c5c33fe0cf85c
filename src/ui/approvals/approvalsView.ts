/** The Approvals view: what waits, oldest first, with a count on the view. Holds nothing that the queue could not give again. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Commands, ContextKeys, Views } from '../../contributions/ids';
import { approvalItems, groupRow, isGroup, type ApprovalGroup } from '../../presentation/approvalGroups';
import { approvalDetails, approvalRow } from '../../presentation/approvalRows';
import { nextExpiryChange } from '../../presentation/consentTexts';
import { toTreeItem } from '../treeItem';
import type { UiContext } from '../uiContext';
import { ApprovalTarget } from './decisions';

/** The row above several requests of one call. No command takes it: each request is decided by itself. */
class CallTarget {
  constructor(readonly group: ApprovalGroup) {}
}

type Target = ApprovalTarget | CallTarget;

export class ApprovalsView implements vscode.TreeDataProvider<Target>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  /** The editor knows rows by identity. */
  private readonly targets = new Map<number, ApprovalTarget>();
  private readonly view: vscode.TreeView<Target>;
  private timer: NodeJS.Timeout | undefined;
  private hasApprovals: boolean | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly ui: UiContext) {
    this.view = this.store.add(vscode.window.createTreeView(Views.approvals, { treeDataProvider: this }));
    this.store.add(ui.host.consent.onDidChange(() => this.refresh()));
    this.store.add(this.view.onDidChangeVisibility(() => this.refresh()));
    this.store.add({ dispose: () => clearTimeout(this.timer) });
    this.refresh();
  }

  getTreeItem(target: Target): vscode.TreeItem {
    if (target instanceof CallTarget) return toTreeItem(groupRow(target.group));
    const entry = this.ui.host.consent.get(target.entryId);
    const row =
      entry &&
      (target.detail === undefined ? approvalRow(entry, Date.now()) : approvalDetails(entry)[target.detail]);
    if (!row) return new vscode.TreeItem('');
    return toTreeItem(row, {
      command: Commands.reviewRequest,
      title: vscode.l10n.t('Review'),
      arguments: [new ApprovalTarget(target.entryId)],
    });
  }

  getChildren(parent?: Target): Target[] {
    if (!parent)
      return approvalItems(this.ui.host.consent.entries()).map((item) =>
        isGroup(item) ? new CallTarget(item) : this.target(item.id),
      );
    if (parent instanceof CallTarget) return parent.group.entries.map(({ id }) => this.target(id));
    const entry = parent.detail === undefined ? this.ui.host.consent.get(parent.entryId) : undefined;
    return entry
      ? approvalDetails(entry).map((_row, index) => new ApprovalTarget(parent.entryId, index))
      : [];
  }

  dispose(): void {
    this.store.dispose();
  }

  private target(id: number): ApprovalTarget {
    const found = this.targets.get(id) ?? new ApprovalTarget(id);
    this.targets.set(id, found);
    return found;
  }

  private refresh(): void {
    const entries = this.ui.host.consent.entries();
    const waiting = new Set(entries.map(({ id }) => id));
    for (const id of this.targets.keys()) if (!waiting.has(id)) this.targets.delete(id);
    this.changed.fire(undefined);
    const count = entries.length;
    this.view.badge =
      count === 0
        ? undefined
        : {
            value: count,
            tooltip:
              count === 1
                ? vscode.l10n.t('1 request waits for your decision')
                : vscode.l10n.t('{0} requests wait for your decision', count),
          };
    if (this.hasApprovals !== count > 0) {
      this.hasApprovals = count > 0;
      void vscode.commands.executeCommand('setContext', ContextKeys.hasApprovals, this.hasApprovals);
    }
    this.scheduleTick();
  }

  /** Redraws when a shown time reads differently, and only while somebody looks. */
  private scheduleTick(): void {
    clearTimeout(this.timer);
    const wait = this.view.visible ? nextExpiryChange(this.ui.host.consent.entries(), Date.now()) : undefined;
    if (wait === undefined) return;
    this.timer = setTimeout(() => {
      this.changed.fire(undefined);
      this.scheduleTick();
    }, wait);
  }
}
