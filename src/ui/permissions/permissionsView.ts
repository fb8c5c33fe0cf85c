/** The Permissions view: what was allowed for more than once, by server. Holds nothing that the host could not give again. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { ContextKeys, Views } from '../../contributions/ids';
import type { SamplingGrant } from '../../policy/samplingGrants';
import {
  grantDetails,
  grantRow,
  launchPermissionRow,
  permissionServerRow,
  type GrantView,
} from '../../presentation/permissionRows';
import type { Row } from '../../presentation/row';
import { ownObject } from '../ownObjects';
import { toTreeItem } from '../treeItem';
import type { UiContext } from '../uiContext';

/** A row. Only objects of ours count: an argument that came as JSON is not one. */
export type PermissionNode =
  | { readonly kind: 'server'; readonly serverId: string; readonly serverName: string }
  | { readonly kind: 'sampling'; readonly grantId: string; readonly serverId: string }
  | { readonly kind: 'launch'; readonly serverId: string }
  | { readonly kind: 'detail'; readonly grantId: string; readonly index: number; readonly serverId: string };

/** What is used of a rule is drawn anew this often while somebody looks. */
const REFRESH_MS = 60_000;

export class PermissionsView implements vscode.TreeDataProvider<PermissionNode>, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<undefined>());
  private readonly view: vscode.TreeView<PermissionNode>;
  private timer: NodeJS.Timeout | undefined;
  private hasPermissions: boolean | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly ui: UiContext) {
    const { host } = ui;
    this.view = this.store.add(
      vscode.window.createTreeView(Views.permissions, { treeDataProvider: this, showCollapseAll: true }),
    );
    this.store.add(host.permissions.onDidChange(() => this.refresh()));
    this.store.add(
      host.onDidChange(({ kind }) => {
        if (kind === 'servers') this.refresh();
      }),
    );
    this.store.add(this.view.onDidChangeVisibility(() => this.refresh()));
    this.store.add({ dispose: () => clearTimeout(this.timer) });
    this.refresh();
  }

  getTreeItem(node: PermissionNode): vscode.TreeItem {
    const row = this.rowOf(node);
    return row ? toTreeItem(row) : new vscode.TreeItem('');
  }

  getChildren(parent?: PermissionNode): PermissionNode[] {
    const nodes = parent ? this.childrenOf(parent) : this.servers();
    return nodes.map((node) => ownObject(node));
  }

  dispose(): void {
    this.store.dispose();
  }

  private servers(): PermissionNode[] {
    const { permissions } = this.ui.host;
    const names = new Map([
      ...permissions.grants.list().map(({ serverId, serverName }) => [serverId, serverName] as const),
      ...permissions.approvedServers().map(({ id, definition }) => [id, definition.name] as const),
    ]);
    return [...names].map(([serverId, serverName]) => ({ kind: 'server', serverId, serverName }));
  }

  private childrenOf(parent: PermissionNode): PermissionNode[] {
    const { serverId } = parent;
    switch (parent.kind) {
      case 'server':
        return [
          ...(this.isApproved(serverId) ? [{ kind: 'launch', serverId } as const] : []),
          ...this.grantsOf(serverId).map(({ id }) => ({ kind: 'sampling', grantId: id, serverId }) as const),
        ];
      case 'sampling': {
        const { grantId } = parent;
        const grant = this.grant(grantId);
        const details = grant ? grantDetails(grant, this.viewOf(grant)) : [];
        return details.map((_row, index) => ({ kind: 'detail', grantId, index, serverId }));
      }
      case 'launch':
      case 'detail':
        return [];
    }
  }

  private rowOf(node: PermissionNode): Row | undefined {
    const { serverId } = node;
    switch (node.kind) {
      case 'server':
        return permissionServerRow(serverId, node.serverName, this.childrenOf(node).length);
      case 'launch':
        return launchPermissionRow(serverId);
      case 'sampling': {
        const grant = this.grant(node.grantId);
        return grant && grantRow(grant, this.viewOf(grant));
      }
      case 'detail': {
        const grant = this.grant(node.grantId);
        return grant && grantDetails(grant, this.viewOf(grant))[node.index];
      }
    }
  }

  private isApproved(serverId: string): boolean {
    return this.ui.host.permissions.approvedServers().some(({ id }) => id === serverId);
  }

  private grantsOf(serverId: string): readonly SamplingGrant[] {
    return this.ui.host.permissions.grants.list().filter((grant) => grant.serverId === serverId);
  }

  private grant(id: string): SamplingGrant | undefined {
    return this.ui.host.permissions.grants.list().find((grant) => grant.id === id);
  }

  private viewOf(grant: SamplingGrant): GrantView {
    const isHere = this.ui.host.permissions.grants.isHere(grant);
    return { now: Date.now(), isHere, formatTime: (time) => new Date(time).toLocaleString() };
  }

  private refresh(): void {
    this.changed.fire(undefined);
    const has = this.servers().length > 0;
    if (this.hasPermissions !== has) {
      this.hasPermissions = has;
      void vscode.commands.executeCommand('setContext', ContextKeys.hasPermissions, has);
    }
    clearTimeout(this.timer);
    if (this.view.visible && has) this.timer = setTimeout(() => this.refresh(), REFRESH_MS);
  }
}
