/** The Servers view: a projection of the host, refreshed node by node. It holds nothing that the host could not give again. */

import * as vscode from 'vscode';

import type { Clock } from '../../base/clock';
import type { HostChange } from '../../host/host';
import type { Server } from '../../host/server';
import type { ListKind } from '../../protocol/model';
import type { Row } from '../../presentation/row';
import { listsOf, serverNotes } from '../../presentation/serverRows';
import { otherFiles } from '../../presentation/skillRows';
import { findItem } from '../items/listedItems';
import { ShownLists } from '../items/shownLists';
import { ownObject } from '../ownObjects';
import { toBareItem, tooltipOf } from '../treeItem';
import type { UiContext } from '../uiContext';
import { commandOf } from './nodeCommands';
import { listNotesOf, rowOf } from './nodeRows';
import type { ServerTreeNode } from './nodes';

/** A node is redrawn at most this often (T119). */
const REDRAW_MS = 250;

export class ServerTree implements vscode.TreeDataProvider<ServerTreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ServerTreeNode | undefined>();
  /** One object per node, because the editor knows nodes by identity. */
  private readonly nodes = new Map<string, ServerTreeNode>();
  /** Keys of what lay under a node when the editor last asked, by the key of that node. */
  private readonly under = new Map<string, readonly string[]>();
  private readonly dirty = new Set<ServerTreeNode | undefined>();
  /** The id that a node's row has in the editor. It stays while the row does: what only redraws a row must not give it another one. */
  private readonly drawn = new WeakMap<ServerTreeNode, string>();
  private readonly subscription: { dispose(): void };
  private timer: NodeJS.Timeout | undefined;
  /** When what is drawn next is drawn, or was drawn last: milliseconds since the epoch. */
  private lastDraw = 0;

  readonly onDidChangeTreeData = this.changed.event;
  readonly lists: ShownLists;

  constructor(
    private readonly ui: UiContext,
    clock?: Clock,
  ) {
    this.lists = new ShownLists((serverId, list) => {
      this.redraw(this.node({ kind: 'list', serverId, list }));
    }, clock);
    this.subscription = ui.host.onDidChange((change) => this.onHostChange(change));
  }

  getTreeItem(node: ServerTreeNode): vscode.TreeItem {
    const row = this.rowOf(node);
    if (!row) return new vscode.TreeItem('');
    const id = this.drawn.get(node) ?? row.id;
    this.drawn.set(node, id);
    // The editor asks up to 0.2 s after it was told to, and the row may be another one by then.
    if (id !== row.id) this.redraw(node);
    return toBareItem({ ...row, id }, commandOf(this.ui.host, node));
  }

  /** The row is pointed at. */
  resolveTreeItem(item: vscode.TreeItem, node: ServerTreeNode): vscode.TreeItem {
    const row = this.rowOf(node);
    if (row) item.tooltip = tooltipOf(row);
    return item;
  }

  getParent(node: ServerTreeNode): ServerTreeNode | undefined {
    switch (node.kind) {
      case 'server':
      case 'problem':
        return undefined;
      case 'list':
      case 'tasks':
      case 'usage':
        return this.node({ kind: 'server', serverId: node.serverId });
      case 'task':
        return this.node({ kind: 'tasks', serverId: node.serverId });
      case 'note':
        return node.list === undefined
          ? this.node({ kind: 'server', serverId: node.serverId })
          : this.node({ kind: 'list', serverId: node.serverId, list: node.list });
      case 'tool':
        return this.node({ kind: 'list', serverId: node.serverId, list: 'tools' });
      case 'resource':
        return this.node({ kind: 'list', serverId: node.serverId, list: 'resources' });
      case 'template':
        return this.node({ kind: 'list', serverId: node.serverId, list: 'resourceTemplates' });
      case 'prompt':
        return this.node({ kind: 'list', serverId: node.serverId, list: 'prompts' });
      case 'skill':
        return this.node({ kind: 'list', serverId: node.serverId, list: 'skills' });
      case 'skill-file':
        return this.node({ kind: 'skill', serverId: node.serverId, uri: node.uri });
    }
  }

  getChildren(parent?: ServerTreeNode): ServerTreeNode[] {
    const children = [...this.childrenOf(parent)];
    // Whoever asks for these makes new rows of them.
    for (const child of children) this.drawn.delete(child);
    if (parent) this.forgetGone(keyOf(parent), children.map(keyOf));
    return children;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.lists.dispose();
    this.changed.dispose();
  }

  private childrenOf(parent: ServerTreeNode | undefined): readonly ServerTreeNode[] {
    const { host } = this.ui;
    if (!parent)
      return [
        ...host.problems().map((_problem, index) => this.node({ kind: 'problem', index })),
        ...host.servers().map(({ id }) => this.node({ kind: 'server', serverId: id })),
      ];
    if (parent.kind === 'server') {
      const server = host.server(parent.serverId);
      return server ? this.underServer(server) : [];
    }
    if (parent.kind === 'skill') return this.filesOf(parent);
    if (parent.kind === 'tasks')
      return host.tasks
        .of(parent.serverId)
        .map(({ serverId, key }) => this.node({ kind: 'task', serverId, key }));
    if (parent.kind !== 'list') return [];
    const server = host.server(parent.serverId);
    return server
      ? [
          ...this.items(server, parent.list),
          ...this.notes(server, listNotesOf(server, parent.list, this.lists), parent.list),
        ]
      : [];
  }

  private underServer(server: Server): readonly ServerTreeNode[] {
    if (server.state.kind === 'stopped' && server.definition.entry?.start === 'onDemand')
      void this.ui.host.demand(server.id);
    const lists = listsOf(server).map((list) => this.node({ kind: 'list', serverId: server.id, list }));
    const hasTasks = this.ui.host.tasks.of(server.id).length > 0;
    return [
      ...lists,
      ...(hasTasks ? [this.node({ kind: 'tasks', serverId: server.id })] : []),
      ...this.usageOf(server.id),
      ...this.notes(server, serverNotes(server)),
    ];
  }

  private usageOf(serverId: string): readonly ServerTreeNode[] {
    const node = this.node({ kind: 'usage', serverId });
    return this.rowOf(node) ? [node] : [];
  }

  private items(server: Server, list: ListKind): readonly ServerTreeNode[] {
    const serverId = server.id;
    const { lists } = this;
    if (lists.isComing(server, list)) return [];
    switch (list) {
      case 'tools':
        return lists.items(server, list).map(({ name }) => this.node({ kind: 'tool', serverId, name }));
      case 'resources':
        return lists.items(server, list).map(({ uri }) => this.node({ kind: 'resource', serverId, uri }));
      case 'resourceTemplates':
        return lists
          .items(server, list)
          .map(({ uriTemplate }) => this.node({ kind: 'template', serverId, uriTemplate }));
      case 'prompts':
        return lists.items(server, list).map(({ name }) => this.node({ kind: 'prompt', serverId, name }));
      case 'skills':
        return lists.items(server, list).map(({ uri }) => this.node({ kind: 'skill', serverId, uri }));
    }
  }

  private filesOf({ serverId, uri }: SkillNode): readonly ServerTreeNode[] {
    const skill = findItem(this.ui.host.server(serverId), 'skills', uri);
    return skill
      ? otherFiles(skill).map(({ path }) => this.node({ kind: 'skill-file', serverId, uri, path }))
      : [];
  }

  private notes(server: Server, rows: readonly Row[], list?: ListKind): readonly ServerTreeNode[] {
    return rows.map(({ id }) =>
      this.node({ kind: 'note', serverId: server.id, row: id, ...(list === undefined ? {} : { list }) }),
    );
  }

  /** A server may change its lists for ever: what lay under a node and does not any more is not kept. */
  private forgetGone(parent: string, children: readonly string[]): void {
    const now = new Set(children);
    for (const key of this.under.get(parent) ?? []) if (!now.has(key)) this.forget(key);
    this.under.set(parent, children);
  }

  private forget(key: string): void {
    this.forgetGone(key, []);
    this.under.delete(key);
    this.nodes.delete(key);
  }

  private node(wanted: ServerTreeNode): ServerTreeNode {
    const key = keyOf(wanted);
    const known = this.nodes.get(key);
    if (known) return known;
    this.nodes.set(key, ownObject(wanted));
    return wanted;
  }

  private onHostChange(change: HostChange): void {
    switch (change.kind) {
      case 'servers':
        this.nodes.clear();
        this.under.clear();
        this.redraw(undefined);
        break;
      case 'state':
        this.redraw(this.node({ kind: 'server', serverId: change.serverId }));
        break;
      case 'list':
        this.onList(change.serverId, change.list);
        break;
      case 'tasks':
        this.redraw(this.node({ kind: this.tasksNodeOf(change.serverId), serverId: change.serverId }));
        break;
      case 'usage':
        this.redraw(this.usageNodeOf(change.serverId));
        break;
      case 'same-list':
      case 'resource':
        break;
    }
  }

  /** What is shown of a list is drawn anew when other rows are made. */
  private onList(serverId: string, list: ListKind): void {
    const server = this.ui.host.server(serverId);
    const isStale = server && this.lists.isShown(server, list) && !this.lists.isCurrent(server, list);
    if (isStale) void this.lists.update(server, list);
    else this.redraw(this.node({ kind: 'list', serverId, list }));
  }

  private rowOf(node: ServerTreeNode): Row | undefined {
    return rowOf(this.ui.host, node, this.lists);
  }

  /** The row comes with the first request. */
  private usageNodeOf(serverId: string | undefined): ServerTreeNode | undefined {
    if (serverId === undefined) return undefined;
    const node = this.node({ kind: 'usage', serverId });
    return this.drawn.has(node) ? node : this.node({ kind: 'server', serverId });
  }

  /** The group comes with the first task and goes with the last one. */
  private tasksNodeOf(serverId: string): 'server' | 'tasks' {
    return this.ui.host.tasks.of(serverId).length > 1 ? 'tasks' : 'server';
  }

  private redraw(node: ServerTreeNode | undefined): void {
    this.dirty.add(node);
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const dirty = [...this.dirty];
      const nodes = dirty.some((each) => this.isAnotherRow(each)) ? [undefined] : dirty;
      this.dirty.clear();
      for (const each of nodes) this.changed.fire(each);
    }, this.delay());
  }

  /**
   * True for what cannot be redrawn by itself. The editor takes a row with another id for the old one, and draws that one over others when
   * its theme changes; in a list that is drawn anew it is a new row.
   */
  private isAnotherRow(node: ServerTreeNode | undefined): boolean {
    const drawn = node && this.drawn.get(node);
    return node === undefined || (drawn !== undefined && drawn !== this.rowOf(node)?.id);
  }

  /** The first change is drawn at once, a burst at most every {@link REDRAW_MS}. */
  private delay(): number {
    const now = Date.now();
    const wait = Math.max(0, this.lastDraw + REDRAW_MS - now);
    this.lastDraw = now + wait;
    return wait;
  }
}

function keyOf(node: ServerTreeNode): string {
  return JSON.stringify(node);
}

type SkillNode = Extract<ServerTreeNode, { kind: 'skill' }>;
