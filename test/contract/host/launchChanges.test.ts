/** What was approved and is now something else: what runs goes on, and the new one starts only when it is approved itself. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { HostHarness } from '../../support/hostHarness';
import { edit, ID, open, SCOPE } from './workspaceEntry';

const CHANGES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['command', { command: 'two' }],
  ['args', { command: 'one', args: ['-e', 'evil'] }],
  ['env', { command: 'one', env: { NODE_OPTIONS: '--require ./evil.js' } }],
  ['a removed variable', { command: 'one', env: { HOME: null } }],
  ['cwd', { command: 'one', cwd: '/home/person' }],
  ['envFile', { command: 'one', envFile: '/work/.env' }],
  ['strict', { command: 'one', strict: true }],
  ['roots', { command: 'one', roots: 'none' }],
  ['sampling', { command: 'one', sampling: { outsideCalls: true } }],
  ['rule for tools', { command: 'one', tools: { deny: ['wipe'] } }],
  ['timeout', { command: 'one', timeouts: { total: 86_400 } }],
];

for (const [what, changed] of CHANGES)
  test(`a changed ${what} leaves the approved process alone and starts only when it is approved itself`, async () => {
    const harness = await open();
    harness.machine.files.set('/work/.env', 'A=1');
    await harness.approve();
    const approved = harness.start('one');

    await edit(harness, changed);
    assert.ok(approved.alive, 'what was approved goes on');
    assert.equal(harness.launches, 1);
    assert.ok(harness.server('one', SCOPE).runsOldDefinition);
    assert.equal(harness.onlyQuestion('launch').subject.changed, true);

    await harness.host.restart(ID);
    assert.equal(harness.launches, 1, 'not by restarting it');
    await harness.host.start(ID);
    assert.equal(harness.launches, 1, 'nor by starting it');
    assert.deepEqual(harness.state('one', SCOPE), {
      kind: 'stopped',
      why: { kind: 'approval', changed: true },
    });

    await harness.approve();
    assert.equal(harness.launches, 2);
    assert.equal(harness.state('one', SCOPE).kind, 'running');
    await harness.end();
  });

test('approving a change replaces the old process by the new one', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['new'] });
  await harness.approve();
  assert.equal(harness.alive('one'), 1);
  assert.deepEqual(harness.start('one').spec.args, ['new']);
  assert.equal(harness.server('one', SCOPE).runsOldDefinition, false);
  await harness.end();
});

test('no to a change leaves the approved process running, and yes to it is still needed', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['new'] });
  harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'deny' });
  await harness.settle();
  assert.equal(harness.alive('one'), 1);
  assert.deepEqual(harness.start('one').spec.args, []);
  await harness.host.restart(ID);
  assert.equal(harness.alive('one'), 0);
  harness.onlyQuestion('launch');
  await harness.end();
});

test('a crash of the approved process does not bring up what it was changed to', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['new'] });
  harness.start('one').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  assert.equal(harness.state('one', SCOPE).kind, 'failed');
  assert.equal(harness.launches, 1);
  await harness.end();
});

test('a change that is taken back withdraws the question', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['new'] });
  harness.onlyQuestion('launch');
  await edit(harness, { command: 'one' });
  assert.deepEqual(harness.host.consent.entries(), []);
  assert.equal(harness.state('one', SCOPE).kind, 'running');
  await harness.end();
});

test('the same entry in other words needs no approval', async () => {
  const harness = await open({ command: 'one', start: 'onOpen' });
  await harness.approve();
  await edit(harness, { timeouts: {}, command: 'one', tools: {} });
  assert.deepEqual(harness.host.consent.entries(), []);
  assert.equal(harness.startsOf('one').length, 2);
  assert.equal(harness.alive('one'), 1);
  await harness.end();
});

test('a folder that is a link to another place than the one that was shown asks again', async () => {
  const harness = await open({ command: 'one', cwd: '${workspaceFolder}/link' });
  harness.machine.links.set('/work/link', '/home/person');
  await harness.host.start(ID);
  await harness.approve();
  assert.equal(harness.start('one').spec.cwd, '/home/person');
  await harness.host.stop(ID);
  harness.machine.links.set('/work/link', '/work');
  await harness.host.start(ID);
  assert.equal(harness.launches, 1);
  assert.equal(harness.onlyQuestion('launch').subject.changed, true);
  await harness.end();
});

test('an argument that stands for another path than the one that was shown asks again', async () => {
  const folders = (first: string, second: string): HostHarness['world']['folders'] => [
    { uri: 'file:///work/a', name: first, path: '/work/a' },
    { uri: 'file:///work/b', name: second, path: '/work/b' },
  ];
  const harness = new HostHarness();
  harness.world.folders = folders('good', 'other');
  const entry = { command: 'one', cwd: '/work', args: ['${workspaceFolder:good}/server.js'] };
  harness.world.setServers({ one: entry }, SCOPE);
  harness.host.open();
  await harness.settle();
  await harness.approve();
  assert.deepEqual(harness.start('one').spec.args, ['/work/a/server.js']);
  await harness.host.stop(ID);
  harness.world.folders = folders('other', 'good');
  await harness.host.start(ID);
  assert.equal(harness.launches, 1);
  harness.onlyQuestion('launch');
  await harness.end();
});

test('a program that resolves elsewhere is another launch', async () => {
  const harness = await open();
  await harness.approve();
  await harness.host.stop(ID);
  harness.machine.findProgram = () =>
    Promise.resolve({ ok: true, value: { path: '/work/evil', prefixArgs: [] } });
  await harness.host.start(ID);
  assert.equal(harness.launches, 1);
  harness.onlyQuestion('launch');
  await harness.end();
});

test('an entry that becomes unusable does not loosen the rules of what runs', async () => {
  const harness = await open({ command: 'one', tools: { deny: ['wipe'] } });
  await harness.approve();
  const call = (): Promise<unknown> => harness.host.callTool(ID, 'wipe', {}, {});
  await failsSaying(call(), /rules/);
  harness.world.setServers({ one: { command: 'one', tools: 7 } }, SCOPE);
  await failsSaying(call(), /rules|not running/);
  await harness.settle();
  await edit(harness, { command: 'one', args: ['x'] });
  await assert.rejects(call());
  await harness.end();
});

test('a stop while a changed entry is being looked at is not undone by it', async () => {
  const harness = await open();
  await harness.approve();
  harness.world.setServers({ one: { command: 'one', timeouts: { request: 5 } } }, SCOPE);
  await harness.host.stop(ID);
  await harness.settle();
  assert.deepEqual(harness.state('one', SCOPE), { kind: 'stopped', why: { kind: 'by-person' } });
  assert.equal(harness.launches, 1);
  await harness.end();
});

test('a change that cannot be looked at leaves everything as it is', async () => {
  const harness = await open();
  await harness.approve();
  harness.machine.beforeLook = () => {
    throw new Error('the disk is gone');
  };
  await edit(harness, { command: 'one', args: ['new'] });
  assert.equal(harness.alive('one'), 1);
  assert.equal(harness.launches, 1);
  await harness.end();
});

test('the question about a change says what was approved before, and what paths become', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['${workspaceFolder}/new.js', '${env:SECRET}'] });
  const { subject } = harness.onlyQuestion('launch');
  assert.equal(subject.changed, true);
  assert.deepEqual(subject.before?.get('command'), ['one']);
  assert.equal(subject.before?.has('args'), false);
  assert.ok(subject.review.launch.kind === 'local');
  assert.deepEqual(subject.review.launch.resolvedArgs, ['/work/new.js', undefined]);
  await harness.approve();
  await edit(harness, { command: 'one', args: ['newer'] });
  assert.deepEqual(harness.onlyQuestion('launch').subject.before?.get('args'), [
    '${workspaceFolder}/new.js',
    '${env:SECRET}',
  ]);
  await harness.end();
});

test('a change that was denied can be reviewed again while the approved process runs', async () => {
  const harness = await open();
  await harness.approve();
  await edit(harness, { command: 'one', args: ['new'] });
  harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'deny' });
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.host.reviewChanges();
  assert.equal(harness.alive('one'), 1);
  await harness.approve();
  assert.deepEqual(harness.start('one').spec.args, ['new']);
  await harness.host.reviewChanges();
  assert.deepEqual(harness.host.consent.entries(), [], 'nothing has changed since');
  await harness.end();
});

test("a changed entry of the person's own is never put up for approval, not even on its way down", async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  harness.world.setServers({ one: { command: 'one', args: ['new'] } }, { kind: 'user' });
  assert.equal(harness.server('one').runsOldDefinition, true);
  await harness.host.reviewChanges();
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.settle();
  assert.deepEqual(harness.start('one').spec.args, ['new']);
  await harness.end();
});
