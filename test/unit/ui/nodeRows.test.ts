/** A row is made of exactly the item that its node names. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ItemKinds } from '../../../src/contributions/ids';
import type { Host } from '../../../src/host/host';
import type { ListItems, ListKind } from '../../../src/protocol/model';
import { ShownLists } from '../../../src/ui/items/shownLists';
import { rowOf } from '../../../src/ui/servers/nodeRows';
import type { ServerTreeNode } from '../../../src/ui/servers/nodes';

const SKILL_FILES = [
  { path: 'SKILL.md', size: 1 },
  { path: 'a.md', size: 2 },
];

/** Two items of each kind, so that a wrong one could be taken. */
const LISTED: { readonly [K in ListKind]: readonly ListItems[K][] } = {
  tools: [{ name: 'a' }, { name: 'b' }],
  resources: ['a', 'b'].map((name) => ({ uri: `test://${name}`, name })),
  resourceTemplates: ['a', 'b'].map((name) => ({ uriTemplate: `test://${name}/{x}`, name })),
  prompts: ['a', 'b'].map((name) => ({ name, arguments: [] })),
  skills: ['a', 'b'].map((name) => ({
    uri: `skill://${name}/SKILL.md`,
    name,
    description: 'd',
    files: SKILL_FILES,
  })),
};

/** A host with one running server. */
const host = {
  server: (id: string) =>
    id === 'user/one'
      ? {
          id,
          definition: { name: 'one' },
          state: { kind: 'running' },
          catalog: { items: (kind: ListKind) => LISTED[kind] },
        }
      : undefined,
} as unknown as Host;

/** The node of the item with this name, and the label of its row. */
const NODES: Readonly<Record<string, readonly [node: (name: string) => ServerTreeNode, label: string]>> = {
  tool: [(name) => ({ kind: 'tool', serverId: 'user/one', name }), 'b'],
  resource: [(name) => ({ kind: 'resource', serverId: 'user/one', uri: `test://${name}` }), 'b'],
  'resource template': [
    (name) => ({ kind: 'template', serverId: 'user/one', uriTemplate: `test://${name}/{x}` }),
    'b',
  ],
  prompt: [(name) => ({ kind: 'prompt', serverId: 'user/one', name }), 'b'],
  skill: [(name) => ({ kind: 'skill', serverId: 'user/one', uri: `skill://${name}/SKILL.md` }), 'b'],
  'file of a skill': [
    (name) => ({ kind: 'skill-file', serverId: 'user/one', uri: `skill://${name}/SKILL.md`, path: 'a.md' }),
    'a.md',
  ],
};

const lists = new ShownLists(() => undefined);

test('the row of a task knows whether its server runs', () => {
  const entry = { tool: 'work', id: 'T', key: 1, startedAt: 0, state: { kind: 'left' } };
  const context = (kind: string): string | undefined => {
    const server = { id: 'user/one', definition: { name: 'one' }, state: { kind } };
    const over = { server: () => server, tasks: { get: () => entry } } as unknown as Host;
    return rowOf(over, { kind: 'task', serverId: 'user/one', key: 1 }, lists)?.context;
  };
  assert.deepEqual(['running', 'stopped'].map(context), [ItemKinds.taskLeft, ItemKinds.taskOutOfReach]);
});

for (const [what, [node, label]] of Object.entries(NODES))
  test(`the row of a ${what} is that of the one its node names, and there is none once it is gone`, () => {
    const row = rowOf(host, node('b'), lists);
    assert.equal(row?.label, label);
    assert.match((JSON.parse(row.id) as readonly string[])[2] ?? '', /b/);
    assert.match(row.spoken, /^one, /);
    assert.equal(rowOf(host, node('gone'), lists), undefined);
    assert.equal(rowOf(host, { ...node('b'), serverId: 'user/gone' } as ServerTreeNode, lists), undefined);
  });

test('a server has a row for what its sampling costs as long as there is something to say', () => {
  const used = { outcomes: { answered: 2 }, tokensIn: 30, tokensOut: 4, estimated: 0 };
  const none = { outcomes: {}, tokensIn: 0, tokensOut: 0, estimated: 0 };
  const rowWith = (today: object): string | undefined => {
    const usage = { of: () => ({ hour: today, today, week: today }) };
    const using = { server: host.server, usage } as unknown as Host;
    return rowOf(using, { kind: 'usage', serverId: 'user/one' }, lists)?.description;
  };
  assert.equal(rowWith(used), '2 requests, 34 tokens today');
  assert.equal(rowWith(none), undefined);
});

test('the row of a task tells how far the call is that waits for it', () => {
  const entries = new Map([
    [3, { key: 3, id: 'T', tool: 'work', startedAt: Date.now(), state: { kind: 'running', callId: 8 } }],
    [4, { key: 4, id: 'U', tool: 'rest', startedAt: Date.now(), state: { kind: 'left' } }],
  ]);
  const calls = new Map([[8, { state: { kind: 'running', progress: { progress: 2, total: 4 } } }]]);
  const tasks = { get: (key: number) => entries.get(key), of: () => [...entries.values()] };
  const busy = { server: host.server, tasks, calls } as unknown as Host;
  const row = (key: number): string | undefined =>
    rowOf(busy, { kind: 'task', serverId: 'user/one', key }, lists)?.description;
  assert.match(row(3) ?? '', /^being looked at · 2 \/ 4 · /);
  assert.match(row(4) ?? '', /^left running/);
  assert.equal(row(5), undefined);
  assert.equal(rowOf(busy, { kind: 'tasks', serverId: 'user/one' }, lists)?.description, '2, 1 running');
});
