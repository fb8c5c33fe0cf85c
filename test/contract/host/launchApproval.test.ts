/** Servers of a workspace start only when the person has allowed exactly that, here and for as long as it is so. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness, WORKSPACE } from '../../support/hostHarness';
import { edit, ID, open, SCOPE } from './workspaceEntry';

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
  await harness.host.start('user/own');
  await harness.settle();
  const started = harness.startsOf('own').length;
  await harness.host.revokeApproval('user/own');
  await harness.settle();
  assert.deepEqual([harness.alive('own'), harness.startsOf('own').length], [1, started], 'it has none');
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
