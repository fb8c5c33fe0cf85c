/** What a long list costs when the editor draws it: it asks for all of its rows in one go, and for a tooltip when a row is pointed at. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Commands } from '../../../src/contributions/ids';
import { RecentTools, toolItems } from '../../../src/ui/calls/toolPicker';
import { madeOffers } from '../../../src/ui/items/listedRows';
import { listNotesOf } from '../../../src/ui/servers/nodeRows';
import { COUNT, LongList } from './longList';

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

test('what is shown of an item is made once, however often the tree and the pickers show it', async () => {
  const list = new LongList();
  const recent = new RecentTools(list.host);
  const show = async (): Promise<readonly unknown[]> => {
    const rows = list.draw('tools').map(([, { label }]) => label);
    const picks = toolItems(await madeOffers(list.host, 'tools'), recent).flatMap(({ label, value }) =>
      value ? [label] : [],
    );
    assert.deepEqual(picks, rows);
    return rows;
  };
  const first = await show();
  const made = list.descriptions;
  assert.deepEqual(await show(), first);
  assert.equal(list.descriptions, made, 'no description was looked at again');
  recent.dispose();
});

test('what stands below a list is made once for what it says', () => {
  const { host, tree } = new LongList();
  const server = host.server('user/one') ?? assert.fail();
  assert.equal(listNotesOf(server, 'tools', tree.lists), listNotesOf(server, 'tools', tree.lists));
});
