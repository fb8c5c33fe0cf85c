import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ServerTreeNode } from '../../../src/ui/servers/nodes';
import { ServerTree } from '../../../src/ui/servers/serverTree';

const LIST: ServerTreeNode = { kind: 'list', serverId: 'user/one', list: 'tools' };

/** A server whose row gets children once it starts, and is another row then. */
class Starting {
  private readonly server = {
    id: 'user/one',
    state: { kind: 'stopped', why: { kind: 'approval' } } as object,
    definition: { name: 'one', scope: { kind: 'user' }, warnings: [], entry: { launch: { kind: 'local' } } },
    isLive: false,
  };
  private tell: (change: object) => void = () => undefined;
  readonly tree: ServerTree;

  constructor() {
    const onDidChange = (listener: (change: object) => void): object => {
      this.tell = listener;
      return { dispose: () => undefined };
    };
    const host = {
      server: () => this.server,
      servers: () => [this.server],
      problems: () => [],
      tasks: { of: () => [] },
      onDidChange,
    };
    this.tree = new ServerTree({ host } as never);
  }

  /** What the editor is told next to draw again; undefined is all. */
  told(): Promise<unknown> {
    return new Promise((resolve) => {
      const listening = this.tree.onDidChangeTreeData((node) => {
        listening.dispose();
        resolve(node);
      });
    });
  }

  /** The host tells of a change. */
  changes(): void {
    this.tell({ kind: 'state', serverId: 'user/one' });
  }

  starts(): void {
    this.server.state = { kind: 'starting' };
  }

  /** What the editor gets when it draws the whole list. */
  drawn(): readonly [ServerTreeNode, string | undefined] {
    const [node] = this.tree.getChildren();
    assert.ok(node);
    return [node, this.tree.getTreeItem(node).id];
  }
}

/** A tree over one running server, whose tools a test changes. */
class Tree {
  names: readonly string[] = [];
  private readonly tree: ServerTree;

  constructor() {
    const state = { kind: 'ready', listing: { items: [{}], rejected: [] }, hidden: 0 };
    const catalog = { items: () => this.names.map((name) => ({ name })), list: () => state };
    const server = { id: 'user/one', catalog };
    const host = { server: () => server, onDidChange: () => ({ dispose: () => undefined }) };
    this.tree = new ServerTree({ host } as never);
  }

  /** The nodes of the tools now, by name. */
  tools(...names: readonly string[]): ReadonlyMap<string, ServerTreeNode> {
    this.names = names;
    const children = this.tree.getChildren(LIST);
    return new Map(children.map((node) => [node.kind === 'tool' ? node.name : node.kind, node]));
  }
}

test('a tool that stays keeps its node while others come and go', () => {
  const tree = new Tree();
  const before = tree.tools('a', 'b').get('a');
  assert.ok(before);
  assert.equal(tree.tools('a').get('a'), before);
  assert.equal(tree.tools('c', 'a').get('a'), before);
});

test('the node of a tool that is listed no more is forgotten, so that no server fills the memory with names', () => {
  const tree = new Tree();
  const before = tree.tools('a').get('a');
  assert.equal(tree.tools('b').size, 1);
  assert.notEqual(tree.tools('a').get('a'), before);
});

test('below a server are its lists and its tasks while it has some, and below a skill its files', () => {
  const files = [
    { path: 'SKILL.md', size: 1 },
    { path: 'a.md', size: 2 },
  ];
  const skill = { uri: 'skill://s/SKILL.md', name: 's', description: 'd', files };
  const ready = { kind: 'ready', listing: { items: [skill], rejected: [] }, hidden: 0 };
  const list = (kind: string): object => (kind === 'skills' ? ready : { kind: 'absent' });
  const catalog = { items: (kind: string) => (kind === 'skills' ? [skill] : []), list };
  const server = { id: 'user/one', state: { kind: 'running' }, definition: { name: 'one' }, catalog };
  let keys: readonly number[] = [];
  const tasks = { of: () => keys.map((key) => ({ serverId: 'user/one', key })) };
  const none = { outcomes: {}, tokensIn: 0, tokensOut: 0, estimated: 0 };
  const usage = { of: () => ({ hour: none, today: none, week: none }) };
  const onDidChange = (): object => ({ dispose: () => undefined });
  const tree = new ServerTree({ host: { server: () => server, tasks, usage, onDidChange } } as never);
  const below = (node: ServerTreeNode): readonly object[] =>
    tree.getChildren(node).map((one) => ({ ...one }));
  const one = { serverId: 'user/one' } as const;
  const skills = { kind: 'list', ...one, list: 'skills' } as const;
  assert.deepEqual(below({ kind: 'server', ...one }), [skills]);
  keys = [7, 3];
  assert.deepEqual(below({ kind: 'server', ...one }), [skills, { kind: 'tasks', ...one }]);
  assert.deepEqual(
    below({ kind: 'tasks', ...one }),
    keys.map((key) => ({ kind: 'task', ...one, key })),
  );
  const node = { kind: 'skill', ...one, uri: skill.uri } as const;
  assert.deepEqual(below(skills), [node]);
  assert.deepEqual(below(node), [{ ...node, kind: 'skill-file', path: 'a.md' }]);
  tree.dispose();
});

test('a row that has become another one before the editor asks for it stays itself until all are drawn', async () => {
  const starting = new Starting();
  const [node, before] = starting.drawn();
  const row = starting.told();
  starting.changes();
  assert.equal(await row, node, 'the editor is told of this row, and asks for it later');
  starting.starts();
  const all = starting.told();
  const item = starting.tree.getTreeItem(node);
  assert.equal(item.id, before);
  assert.equal(item.description, 'starting…', 'it shows what is');
  assert.equal(await all, undefined, 'the whole list is drawn anew');
  const [again, after] = starting.drawn();
  assert.equal(again, node);
  assert.notEqual(after, before);
  starting.tree.dispose();
});
