import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ServerTreeNode } from '../../../src/ui/servers/nodes';
import { ServerTree } from '../../../src/ui/servers/serverTree';

const LIST: ServerTreeNode = { kind: 'list', serverId: 'user/one', list: 'tools' };

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
