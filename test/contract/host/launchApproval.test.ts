import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness, WORKSPACE } from '../../support/hostHarness';

const SCOPE = { kind: 'workspace' } as const;
const ID = 'workspace/one';

function open(entry: Readonly<Record<string, unknown>> = { command: 'one' }): Promise<HostHarness> {
  return HostHarness.open({ one: entry }, SCOPE);
}

function edit(harness: HostHarness, entry: Readonly<Record<string, unknown>>): Promise<void> {
  return harness.edit({ one: entry }, SCOPE);
}

test('a server of a workspace is put before the person, and starts only when they allow it', async () => {
  const harness = await open({ command: 'one', args: ['a b', '--flag'] });
  assert.equal(harness.launches, 0);
  assert.deepEqual(harness.state('one', SCOPE), {
    kind: 'stopped',
    why: { kind: 'approval', changed: false },
  });
  const { subject, serverId, serverName, expiresAt } = harness.onlyQuestion('launch');
  assert.deepEqual([serverId, serverName, expiresAt, subject.changed], [ID, 'one', undefined, false]);
  assert.ok(subject.review.launch.kind === 'local');
  assert.deepEqual(subject.review.launch.args, ['a b', '--flag']);
  await harness.approve();
  assert.equal(harness.state('one', SCOPE).kind, 'running');
  assert.deepEqual(harness.start('one').spec.args, ['a b', '--flag']);
  await harness.end();
});

test('a server of the user needs no approval', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('start, restart and demand of an unapproved server only ask, and only once', async () => {
  const harness = await open();
  await harness.host.start(ID);
  await harness.host.restart(ID);
  await harness.host.demand(ID);
  await harness.settle();
  assert.equal(harness.host.consent.entries().length, 1);
  assert.equal(harness.launches, 0);
  await harness.end();
});

test('a denied server stays stopped, and a start asks again', async () => {
  const harness = await open();
  harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'deny' });
  await harness.settle();
  assert.deepEqual(harness.state('one', SCOPE), { kind: 'stopped', why: { kind: 'denied' } });
  await harness.host.start(ID);
  assert.equal(harness.launches, 0);
  await harness.approve();
  assert.equal(harness.alive('one'), 1);
  await harness.end();
});

test('an answer in words is no decision about a launch', async () => {
  const harness = await open();
  assert.equal(
    harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'answer', text: 'yes' }),
    false,
  );
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.equal(harness.host.consent.entries().length, 1);
  await harness.end();
});

test('an approval outlives the window, and is not asked for again', async () => {
  const first = await open();
  await first.approve();
  const stored = first.world.decisions.values;
  await first.end();
  const second = new HostHarness();
  for (const [key, value] of stored) second.world.decisions.values.set(key, value);
  second.world.setServers({ one: { command: 'one' } }, SCOPE);
  second.host.open();
  await second.settle();
  assert.equal(second.alive('one'), 1);
  await second.end();
});

test('an approval is for one place: the same entry of another folder asks', async () => {
  const first = await open();
  await first.approve();
  const second = new HostHarness();
  for (const [key, value] of first.world.decisions.values) second.world.decisions.values.set(key, value);
  second.world.folders = [{ ...WORKSPACE, uri: 'file:///other' }];
  second.world.setServers({ one: { command: 'one' } }, SCOPE);
  second.host.open();
  await second.settle();
  assert.equal(second.launches, 0);
  second.onlyQuestion('launch');
  await first.end();
  await second.end();
});

const CHANGES: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['command', { command: 'two' }],
  ['args', { command: 'one', args: ['-e', 'evil'] }],
  ['env', { command: 'one', env: { NODE_OPTIONS: '--require ./evil.js' } }],
  ['a removed variable', { command: 'one', env: { HOME: null } }],
  ['cwd', { command: 'one', cwd: '/home/person' }],
  ['envFile', { command: 'one', envFile: '/work/.env' }],
  ['strict', { command: 'one', strict: true }],
  ['roots', { command: 'one', roots: 'workspace' }],
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

test('what the environment file sets is put before the person, what loads code with its value and a warning', async () => {
  const harness = await open({ command: 'one' });
  harness.machine.files.set('/work/.env', 'LD_PRELOAD=/work/evil.so\nDB_PASSWORD=hunter2hunter2\n');
  await edit(harness, { command: 'one', envFile: '/work/.env' });
  const { subject } = harness.onlyQuestion('launch');
  const shown = JSON.stringify(subject.review);
  for (const expected of ['LD_PRELOAD', '/work/evil.so', 'DB_PASSWORD', 'dangerous-variable'])
    assert.ok(shown.includes(expected), expected);
  assert.ok(!shown.includes('hunter2'));
  await harness.end();
});

test('a name that looks like that of another server is warned of when the launch is approved', async () => {
  const harness = await HostHarness.open({ github: { command: 'own' } });
  await harness.edit({ GitHub: { command: 'one' } }, SCOPE);
  const { review } = harness.onlyQuestion('launch').subject;
  assert.deepEqual(
    review.warnings.map(({ kind }) => kind),
    ['look-alike'],
  );
  await harness.end();
});

test('forgetting an approval ends what runs, asks again, and starts nothing', async () => {
  const harness = await open();
  await harness.approve();
  await harness.host.revokeApproval(ID);
  await harness.settle();
  assert.equal(harness.alive('one'), 0);
  harness.onlyQuestion('launch');
  await harness.host.stop(ID);
  await harness.host.revokeApproval(ID);
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.edit({ own: { command: 'own', start: 'never' } });
  await harness.host.revokeApproval('user/own');
  await harness.settle();
  assert.equal(harness.alive('own'), 0);
  await harness.end();
});

test('no path of a workspace entry that lies on another machine is looked at, not even one that a variable makes', async () => {
  const entries = [
    { command: 'one', cwd: '${pathSeparator}${pathSeparator}evil.example${pathSeparator}${env:SECRET}' },
    { command: 'one', envFile: '/${pathSeparator}evil.example/share' },
    { command: '${pathSeparator}/evil.example/one' },
    { command: 'one', env: { PATH: '${pathSeparator}${pathSeparator}evil.example' } },
  ];
  for (const entry of entries) {
    const harness = new HostHarness();
    harness.machine.environment['SECRET'] = 'value';
    harness.world.setServers({ one: entry }, SCOPE);
    harness.host.open();
    await harness.settle();
    const looks = harness.machine.looks.filter((look) => look !== 'processEnv');
    assert.deepEqual(looks, [], JSON.stringify(entry));
    assert.equal(harness.state('one', SCOPE).kind, 'failed');
    await harness.end();
  }
});

test('an entry that becomes unusable does not loosen the rules of what runs', async () => {
  const harness = await open({ command: 'one', tools: { deny: ['wipe'] } });
  await harness.approve();
  const call = (): Promise<unknown> => harness.host.callTool(ID, 'wipe', {}, {});
  await assert.rejects(call(), /rules/);
  harness.world.setServers({ one: { command: 'one', tools: 7 } }, SCOPE);
  await assert.rejects(call(), /rules|not running/);
  await harness.settle();
  await edit(harness, { command: 'one', args: ['x'] });
  await assert.rejects(call());
  await harness.end();
});

test('a question is withdrawn when its entry changes, is removed or its server is stopped, and a late click does nothing', async () => {
  const harness = await open();
  const first = harness.onlyQuestion('launch').id;
  await edit(harness, { command: 'one', args: ['evil'] });
  assert.equal(harness.host.consent.decide(first, { kind: 'allow-once' }), false);
  const second = harness.onlyQuestion('launch').id;
  assert.notEqual(second, first);
  await harness.host.stop(ID);
  assert.equal(harness.host.consent.decide(second, { kind: 'allow-once' }), false);
  await harness.host.start(ID);
  const third = harness.onlyQuestion('launch').id;
  await harness.edit({}, SCOPE);
  assert.equal(harness.host.consent.decide(third, { kind: 'allow-once' }), false);
  await harness.settle();
  assert.equal(harness.launches, 0);
  await harness.end();
});

test('an entry that changes in the very moment of the decision is not started by it', async () => {
  const harness = await open();
  harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'allow-once' });
  harness.world.setServers({ one: { command: 'one', args: ['evil'] } }, SCOPE);
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.deepEqual(harness.state('one', SCOPE), {
    kind: 'stopped',
    why: { kind: 'approval', changed: true },
  });
  await harness.end();
});

test('what is removed or stopped while its approval is being stored does not start', async () => {
  for (const act of ['remove', 'stop', 'close'] as const) {
    const harness = await open();
    const { decisions } = harness.world;
    const set = decisions.set.bind(decisions);
    let stored: () => void = () => undefined;
    decisions.set = async (key, value) => {
      await set(key, value);
      await new Promise<void>((resolve) => (stored = resolve));
    };
    harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'allow-once' });
    await harness.settle();
    if (act === 'remove') harness.world.setServers({}, SCOPE);
    else if (act === 'stop') void harness.host.stop(ID);
    else void harness.host.close();
    stored();
    await harness.settle();
    assert.equal(harness.launches, 0, act);
    await harness.end();
  }
});

test('an approval that cannot be stored is none', async () => {
  const harness = await open();
  harness.world.decisions.set = () => Promise.reject(new Error('disk full at /home/person'));
  await harness.approve();
  assert.equal(harness.launches, 0);
  assert.ok(harness.world.logLines.some((line) => line.includes('could not be stored')));
  assert.ok(!harness.world.logLines.some((line) => line.includes('/home/person')));
  await harness.host.start(ID);
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

test('nobody is asked about a launch whose program does not exist', async () => {
  const harness = new HostHarness();
  harness.machine.missing.add('one');
  harness.world.setServers({ one: { command: 'one' } }, SCOPE);
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('one', SCOPE).kind, 'failed');
  assert.deepEqual(harness.host.consent.entries(), []);
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

test('an approval on one machine is none on another, of which the review gives the name', async () => {
  const harness = await open();
  await harness.approve();
  assert.equal(harness.state('one', SCOPE).kind, 'running');
  harness.machine.remoteName = 'build-host';
  await harness.host.restart(ID);
  assert.deepEqual(harness.state('one', SCOPE), {
    kind: 'stopped',
    why: { kind: 'approval', changed: true },
  });
  assert.equal(harness.onlyQuestion('launch').subject.review.machine, 'build-host');
  await harness.end();
});
