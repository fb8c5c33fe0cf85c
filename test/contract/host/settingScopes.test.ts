/** Entries of several scopes: the user, the workspace and its folders. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { WORKSPACE } from '../../support/hostHarness';
import { HostHarness } from '../../support/hostHarness';

const WORKSPACE_SCOPE = { kind: 'workspace' } as const;

test('the narrower of two entries of one name runs, the wider waits and takes over when it is gone', async () => {
  const harness = await HostHarness.open({ one: { command: 'wide' } });
  assert.equal(harness.alive('wide'), 1);
  await harness.edit({ one: { command: 'narrow' } }, WORKSPACE_SCOPE);
  assert.equal(harness.alive('wide'), 0, 'the wider one ends at once');
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'shadowed' } });
  await harness.approve();
  assert.equal(harness.alive('narrow'), 1);
  await harness.host.start('user/one');
  assert.equal(harness.alive('wide'), 0, 'not even a start brings it back');

  await harness.edit({}, WORKSPACE_SCOPE);
  assert.equal(harness.alive('narrow'), 0);
  assert.equal(harness.alive('wide'), 1);
  await harness.end();
});

test('folders of one workspace may have servers of the same name, with their own folder', async () => {
  const [a, b] = [folder('a'), folder('b')];
  const harness = new HostHarness();
  harness.world.folders = [a, b];
  for (const { path } of [a, b]) harness.machine.folders.add(path);
  harness.world.setServers(
    { one: { command: 'one', cwd: '${workspaceFolder}' } },
    { kind: 'folder', uri: a.uri },
  );
  harness.world.setServers(
    { one: { command: 'one', cwd: '${workspaceFolder}' } },
    { kind: 'folder', uri: b.uri },
  );
  harness.host.open();
  await harness.settle();
  for (const { id } of harness.host.consent.entries())
    harness.host.consent.decide(id, { kind: 'allow-once' });
  await harness.settle();
  assert.deepEqual(harness.starts.map(({ spec }) => spec.cwd).sort(), ['/a', '/b']);
  await harness.end();
});

test('a folder that is removed takes its servers with it', async () => {
  const [a, b] = [folder('a'), folder('b')];
  const harness = new HostHarness();
  harness.world.folders = [a, b];
  for (const { path } of [a, b]) harness.machine.folders.add(path);
  harness.world.setServers({ one: { command: 'one' } }, { kind: 'folder', uri: b.uri });
  harness.host.open();
  await harness.settle();
  await harness.approve();
  assert.equal(harness.alive('one'), 1);
  harness.world.folders = [a];
  harness.world.entries = [];
  harness.world.foldersChanged.fire();
  await harness.settle();
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});

function folder(name: string): typeof WORKSPACE {
  return { uri: `file:///${name}`, name, path: `/${name}` };
}

test('a scope that cannot be read for a moment keeps its servers, and says that it cannot be read', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  await harness.edit({ two: { command: 'two' } }, { kind: 'workspace' });
  harness.world.unreadable = [{ scope: { kind: 'user' }, message: 'must be an object' }];
  harness.world.setServers({});
  await harness.settle();
  assert.equal(harness.alive('one'), 1);
  assert.deepEqual(
    harness.host.servers().map(({ id }) => id),
    ['workspace/two', 'user/one'],
  );
  assert.equal(harness.host.problems().length, 1);
  harness.world.unreadable = [];
  harness.world.setServers({});
  await harness.settle();
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});
