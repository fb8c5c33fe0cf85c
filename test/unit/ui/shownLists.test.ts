/** When the rows of a long list are made, and what the editor gets until then: one list holds up neither the main thread nor the others. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeRows } from '../../../src/ui/items/listedRows';
import { PatientTree } from '../../../src/ui/servers/patientTree';
import { FakeClock } from '../../support/fakeClock';
import { COUNT, LongList, TOOLS } from './longList';

/** Resolves when the editor is told to draw something anew. */
function drawnAnew({ tree }: LongList): Promise<void> {
  return new Promise((resolve) => {
    const listening = tree.onDidChangeTreeData(() => {
      listening.dispose();
      resolve();
    });
  });
}

/** The view as the editor sees it, and a clock that no waiting moves. */
function patient(list: LongList, clock = new FakeClock()): PatientTree {
  return new PatientTree(list.host, list.tree, clock);
}

function namesOf(children: readonly unknown[]): readonly string[] {
  return (children as readonly { name?: string; kind: string }[]).map(({ name, kind }) => name ?? kind);
}

test('rows are made a few in each turn, and those of several lists do not add up in one', async () => {
  const lists = [new LongList(), new LongList(), new LongList()];
  const made = (): number => lists.reduce((sum, { descriptions }) => sum + descriptions, 0);
  let before = 0;
  let most = 0;
  let isOver = false;
  const watch = (): void => {
    most = Math.max(most, made() - before);
    before = made();
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);
  await Promise.all(
    lists.map(({ host, clock }) =>
      makeRows(host.server('user/one') ?? assert.fail(), 'tools', { now: () => clock.monotonic() }),
    ),
  );
  isOver = true;
  assert.ok(made() >= COUNT * lists.length);
  // Eight milliseconds of one, before and behind what watches.
  assert.ok(most <= 16, `${most} in one turn`);
});

test('a list that the person opens is looked at, and other rows are none', () => {
  const wanted: string[] = [];
  const list = new LongList();
  Object.assign(list.host.server('user/one')?.catalog ?? assert.fail(), {
    want: (kind: string) => wanted.push(kind),
  });
  const tree = patient(list);
  tree.expanded({ kind: 'server', serverId: 'user/one' });
  assert.deepEqual(wanted, []);
  tree.expanded({ kind: 'list', serverId: 'user/one', list: 'resources' });
  assert.deepEqual(wanted, ['resources']);
});

test('the editor gets a long list once its rows are made, and at once when they are there', async () => {
  const list = new LongList();
  const tree = patient(list);
  const first = tree.getChildren(TOOLS);
  assert.ok(first instanceof Promise);
  const children = await first;
  assert.equal(children.length, COUNT);
  const made = list.descriptions;
  for (const child of children) tree.getTreeItem(child);
  assert.deepEqual(tree.getChildren(TOOLS), children);
  assert.equal(list.descriptions, made, 'drawing makes none');
});

test('a list whose rows take long says that it is loading, and is drawn when they are made', async () => {
  const list = new LongList();
  const tree = patient(list, list.clock);
  const drawn = drawnAnew(list);
  const [note, ...others] = await tree.getChildren(TOOLS);
  assert.ok(note && others.length === 0);
  assert.equal(tree.getTreeItem(note).label, 'Loading…');
  assert.ok(list.descriptions < 300, `${list.descriptions} rows were waited for`);
  await drawn;
  assert.equal((await tree.getChildren(TOOLS)).length, COUNT);
});

test('a list that is changed without end is shown as it was, and made anew after forty times what it took', async () => {
  const list = new LongList();
  const tree = patient(list);
  const first = await tree.getChildren(TOOLS);
  const pause = list.elapsed * 40;
  assert.ok(pause >= COUNT * 40);
  for (let round = 0; round < 3; round++) {
    const before = list.descriptions;
    list.replaceTools(`round ${round}`);
    list.tell({ ...TOOLS, kind: 'list' });
    const shown = tree.getChildren(TOOLS);
    assert.ok(Array.isArray(shown), 'at once');
    assert.equal(namesOf(shown)[0], round === 0 ? namesOf(first)[0] : `round ${round - 1} 0`);
    for (const child of shown) assert.notEqual(tree.getTreeItem(child).label, '');
    list.clock.advance(pause - 1);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(list.descriptions, before, 'nothing is made meanwhile');
    const drawn = drawnAnew(list);
    list.clock.advance(1);
    await drawn;
    assert.equal(namesOf(await tree.getChildren(TOOLS))[0], `round ${round} 0`);
  }
});

test('a list that changes while its rows are made is shown as it was, and made anew by itself', async () => {
  const list = new LongList();
  const tree = patient(list);
  const coming = tree.getChildren(TOOLS);
  list.replaceTools('other');
  list.tell({ ...TOOLS, kind: 'list' });
  assert.equal(namesOf(await coming)[0], 'tool 0');
  const drawn = drawnAnew(list);
  list.clock.advance(list.elapsed * 40);
  await drawn;
  assert.equal(namesOf(await tree.getChildren(TOOLS))[0], 'other 0');
});

test('nothing more is made for a server that is gone or begins anew', async () => {
  const list = new LongList();
  const server = list.host.server('user/one') ?? assert.fail();
  const making = makeRows(server, 'tools', { now: () => list.clock.monotonic() });
  await new Promise((resolve) => setImmediate(resolve));
  list.restart();
  assert.equal(await making, undefined);
  assert.ok(list.descriptions < 50, `${list.descriptions} rows`);
});

test('what was listed for another is not shown in the place of what is to come (T078)', async () => {
  const list = new LongList();
  const tree = patient(list, list.clock);
  await patient(list).getChildren(TOOLS);
  list.replaceTools('mine');
  list.restart();
  assert.deepEqual(namesOf(await tree.getChildren(TOOLS)), ['note']);
});
