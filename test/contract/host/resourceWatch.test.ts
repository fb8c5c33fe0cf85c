import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness, WORKSPACE } from '../../support/hostHarness';

const ID = 'user/one';
const URI = 'test://one';
const SUBSCRIBE = `subscribe "${URI}"`;
const UNSUBSCRIBE = `unsubscribe "${URI}"`;

/** What the newest process of the server was asked about watching, in order. */
function asked(harness: HostHarness): string[] {
  return harness
    .start('one')
    .server.received.flatMap((message) =>
      'method' in message && /subscribe$/.test(message.method)
        ? [`${message.method.slice('resources/'.length)} ${JSON.stringify(message.params?.['uri'])}`]
        : [],
    );
}

test('a resource is watched while somebody looks at it, however many do', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  const first = harness.host.watch.open(ID, URI);
  const second = harness.host.watch.open(ID, URI);
  await harness.settle();
  assert.deepEqual(asked(harness), [SUBSCRIBE]);
  first.dispose();
  first.dispose();
  await harness.settle();
  assert.deepEqual(asked(harness), [SUBSCRIBE], 'one still looks');
  second.dispose();
  await harness.settle();
  assert.deepEqual(asked(harness), [SUBSCRIBE, UNSUBSCRIBE]);
  await harness.end();
});

test('a server that starts again is asked once for what is still open, and for nothing else', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.watch.open(ID, URI);
  harness.host.watch.open(ID, 'test://closed').dispose();
  harness.host.watch.open('user/two', 'test://of-two');
  await harness.host.restart(ID);
  await harness.settle();
  assert.deepEqual(asked(harness), [SUBSCRIBE]);
  await harness.end();
});

test('what is open may be another thing once its server has started again, and is told so (RSRC7)', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', start: 'never' } });
  const told: unknown[] = [];
  harness.host.onDidChange((change) => {
    if (change.kind === 'resource') told.push([change.serverId, change.uri]);
  });
  harness.host.watch.open(ID, URI);
  harness.host.watch.open(ID, 'test://closed').dispose();
  await harness.host.start(ID);
  await harness.settle();
  assert.deepEqual(told, [], 'nothing was read from an earlier run');
  harness.start('one').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  await harness.host.start(ID);
  await harness.settle();
  assert.deepEqual(told, [[ID, URI]]);
  await harness.end();
});

test('what is open is told to be another thing when the entry of its server was removed and added again (RSRC7)', async () => {
  const entry = { one: { command: 'one', start: 'never' } };
  const harness = await HostHarness.open(entry);
  const told: unknown[] = [];
  harness.host.onDidChange((change) => {
    if (change.kind === 'resource') told.push([change.serverId, change.uri]);
  });
  harness.host.watch.open(ID, URI);
  await harness.host.start(ID);
  await harness.edit({});
  await harness.edit(entry);
  await harness.host.start(ID);
  await harness.settle();
  assert.deepEqual(told, [[ID, URI]]);
  await harness.end();
});

test('what is opened before its server runs is watched once it does', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', start: 'never' } });
  harness.host.watch.open(ID, URI);
  await harness.host.start(ID);
  await harness.settle();
  assert.deepEqual(asked(harness), [SUBSCRIBE]);
  await harness.end();
});

test('a change is told with its server and URI, only for what is watched', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  const watch = harness.host.watch.open(ID, URI);
  await harness.settle();
  const update = async (uri: string): Promise<void> => {
    harness.start('one').server.notify('notifications/resources/updated', { uri });
    await harness.settle();
    await harness.pass(1_000);
  };
  const seen = (): unknown[] => harness.changes.filter(({ kind }) => kind === 'resource');
  await update('test://other');
  await update(URI);
  assert.deepEqual(seen(), [{ kind: 'resource', serverId: ID, uri: URI }]);
  watch.dispose();
  await harness.settle();
  await update(URI);
  assert.equal(seen().length, 1);
  await harness.end();
});

test('a server that cannot tell of changes, or refuses to, costs nothing but the refresh', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  harness.start('one').server.answers.delete('resources/subscribe');
  const watch = harness.host.watch.open(ID, URI);
  await harness.settle();
  watch.dispose();
  harness.host.watch.open('user/none', URI).dispose();
  await harness.end();
});

test('servers that may know the folders are told when these change', async () => {
  const harness = await HostHarness.open({
    told: { command: 'told', roots: 'workspace' },
    untold: { command: 'untold', roots: 'none' },
  });
  harness.world.foldersChanged.fire();
  harness.world.folders = [WORKSPACE, { uri: 'file:///more', name: 'more', path: '/more' }];
  harness.world.foldersChanged.fire();
  await harness.settle();
  const tells = (name: string): number =>
    harness
      .start(name)
      .server.received.filter(
        (message) => 'method' in message && message.method === 'notifications/roots/list_changed',
      ).length;
  assert.deepEqual([tells('told'), tells('untold')], [1, 0], 'and only when they did change');
  const answer = await harness.start('told').server.request('roots/list');
  assert.deepEqual('result' in answer && answer.result, {
    roots: [
      { uri: 'file:///work', name: 'work' },
      { uri: 'file:///more', name: 'more' },
    ],
  });
  assert.ok('error' in (await harness.start('untold').server.request('roots/list')));
  await harness.end();
});
