/** What a long list costs when the editor draws it: it asks for all of its rows in one go, and for a tooltip when a row is pointed at. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Host, HostChange } from '../../../src/host/host';
import { Commands } from '../../../src/contributions/ids';
import { notesOf } from '../../../src/ui/servers/nodeRows';
import type { ServerTreeNode } from '../../../src/ui/servers/nodes';
import { RecentTools, toolItems } from '../../../src/ui/calls/toolPicker';
import { makeRows } from '../../../src/ui/items/listedRows';
import { PatientTree } from '../../../src/ui/servers/patientTree';
import { ServerTree } from '../../../src/ui/servers/serverTree';
import { EventEmitter } from '../../support/editorValues';

const COUNT = 500;

/** A tree over one running server with many tools and resources, which counts what is looked at of a tool. */
class LongList {
  /** How often what only a tooltip needs of a tool was looked at. */
  looks = 0;
  /** How often the name of a tool was looked at, and its description. */
  names = 0;
  descriptions = 0;
  readonly tree: ServerTree;
  readonly host: Host;
  private readonly changes = new EventEmitter<HostChange>();
  private readonly listed: Record<string, readonly object[]>;

  constructor() {
    const numbers = Array.from({ length: COUNT }, (_, index) => index);
    this.listed = {
      tools: numbers.map((index) => this.tool(`tool ${index}`)),
      resources: numbers.map((index) => ({ uri: `test://${index}`, name: `resource ${index}` })),
    };
    const state = { kind: 'ready', listing: { items: [{}], rejected: [] }, hidden: 0 };
    const catalog = { items: (kind: string) => this.listed[kind] ?? [], list: () => state };
    const server = { id: 'user/one', definition: { name: 'one' }, catalog };
    const offered = (kind: string): object[] => (this.listed[kind] ?? []).map((item) => ({ server, item }));
    const calls = { onDidChange: this.changes.event };
    this.host = { server: () => server, offered, calls, onDidChange: this.changes.event } as unknown as Host;
    this.tree = new ServerTree({ host: this.host } as never);
  }

  /** The host tells of these; resolves with what the editor is told to draw. */
  told(...changes: readonly HostChange[]): Promise<unknown> {
    return new Promise((resolve) => {
      const drawn: unknown[] = [];
      this.tree.onDidChangeTreeData((node) => drawn.push(node));
      // What a later change wants drawn is drawn together with what the earlier ones do.
      for (const change of changes) this.changes.fire(change);
      this.tree.onDidChangeTreeData(() => setImmediate(resolve, drawn));
    });
  }

  /** All rows, as the editor asks for them. */
  draw(
    list: 'tools' | 'resources',
  ): readonly (readonly [ServerTreeNode, ReturnType<ServerTree['getTreeItem']>])[] {
    const children = this.tree.getChildren({ kind: 'list', serverId: 'user/one', list });
    return children.map((node) => [node, this.tree.getTreeItem(node)] as const);
  }

  /** The server lists other tools, of which nothing was made. */
  replaceTools(): void {
    this.listed['tools'] = Array.from({ length: COUNT }, (_, index) => this.tool(`other ${index}`));
  }

  private tool(name: string): object {
    const look = (): object => {
      this.looks++;
      return { readOnlyHint: true };
    };
    const readName = (): string => {
      this.names++;
      return name;
    };
    const describe = (): string => {
      this.descriptions++;
      return 'Does it';
    };
    return Object.defineProperties(
      {},
      { name: { get: readName }, description: { get: describe }, annotations: { get: look } },
    );
  }
}

test('rows are drawn without their tooltips, and one that is pointed at gets its own', () => {
  const list = new LongList();
  const rows = list.draw('tools');
  assert.equal(rows.length, COUNT);
  assert.ok(rows.every(([, item]) => item.tooltip === undefined));
  assert.equal(list.looks, 0, 'nothing that only a tooltip says was looked at');
  const [node, item] = rows[7] ?? assert.fail();
  const resolved = list.tree.resolveTreeItem(item, node);
  assert.equal(resolved, item);
  assert.equal(resolved.tooltip, 'tool 7\n\nDoes it\n\nThe server claims: read-only');
  assert.ok(list.looks > 0 && list.looks < 5);
});

test('what a screen reader says and what a click does are there from the beginning', () => {
  const rows = new LongList().draw('resources');
  const [node, item] = rows[3] ?? assert.fail();
  assert.equal(item.accessibilityInformation?.label, 'one, resource resource 3');
  assert.deepEqual([item.command?.command, item.command?.arguments], [Commands.openResource, [node]]);
});

test('the row of what is gone meanwhile keeps what it had', () => {
  const { tree } = new LongList();
  const item = tree.getTreeItem({ kind: 'tool', serverId: 'user/one', name: 'tool 1' });
  assert.equal(tree.resolveTreeItem(item, { kind: 'tool', serverId: 'user/one', name: 'gone' }), item);
  assert.equal(item.tooltip, undefined);
});

test('a list is not looked through anew for each of its rows', () => {
  const list = new LongList();
  list.draw('tools');
  assert.ok(list.names < COUNT * 20, `${list.names} looks at ${COUNT} names`);
});

test('a list that was read again and is what it was is not drawn', async () => {
  const list = new LongList();
  const drawn = await list.told(
    { kind: 'same-list', serverId: 'user/one', list: 'tools' },
    { kind: 'list', serverId: 'user/one', list: 'prompts' },
  );
  assert.deepEqual(drawn, [{ kind: 'list', serverId: 'user/one', list: 'prompts' }]);
});

test('what is shown of an item is made once, however often the tree and the pickers show it', () => {
  const list = new LongList();
  const recent = new RecentTools(list.host);
  const show = (): readonly unknown[] => {
    const rows = list.draw('tools').map(([, { label }]) => label);
    const picks = toolItems(list.host, recent).flatMap(({ label, value }) => (value ? [label] : []));
    assert.deepEqual(picks, rows);
    return rows;
  };
  const first = show();
  const made = list.descriptions;
  assert.deepEqual(show(), first);
  assert.equal(list.descriptions, made, 'no description was looked at again');
  recent.dispose();
});

test('rows of a long list are made a few in each turn, and drawn when all are there', async () => {
  const list = new LongList();
  const server = list.host.server('user/one') ?? assert.fail();
  let time = 0;
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  // As if each row took a millisecond.
  await makeRows(server, 'tools', undefined, () => time++);
  isOver = true;
  assert.ok(turns > COUNT / 10, `${turns} turns`);
  const made = list.descriptions;
  list.draw('tools');
  assert.equal(list.descriptions, made, 'drawing makes none');
});

test('the editor gets a long list once its rows are made, and at once when they are there', async () => {
  const list = new LongList();
  const tree = new PatientTree(list.host, list.tree);
  const node = { kind: 'list', serverId: 'user/one', list: 'tools' } as const;
  const first = tree.getChildren(node);
  assert.ok(first instanceof Promise);
  const children = await first;
  assert.equal(children.length, COUNT);
  const made = list.descriptions;
  for (const child of children) tree.getTreeItem(child);
  assert.deepEqual(tree.getChildren(node), children);
  assert.equal(list.descriptions, made);
});

test('a list that changes while its rows are made is made anew before the editor gets it', async () => {
  const list = new LongList();
  const tree = new PatientTree(list.host, list.tree);
  const coming = tree.getChildren({ kind: 'list', serverId: 'user/one', list: 'tools' });
  list.replaceTools();
  const children = await coming;
  assert.deepEqual(children[0], { kind: 'tool', serverId: 'user/one', name: 'other 0' });
  const made = list.descriptions;
  for (const child of children) tree.getTreeItem(child);
  assert.equal(list.descriptions, made, 'drawing makes none');
});

test('what stands below a list is made once for what it says', () => {
  const server = new LongList().host.server('user/one') ?? assert.fail();
  assert.equal(notesOf(server, 'tools'), notesOf(server, 'tools'));
});
