import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness } from '../../support/hostHarness';

const WORKSPACE_SCOPE = { kind: 'workspace' } as const;

test('start modes: onOpen starts by itself, onDemand when it is needed, never only when the person says so', async () => {
  const harness = await HostHarness.open({
    open: { command: 'open' },
    demand: { command: 'demand', start: 'onDemand' },
    never: { command: 'never', start: 'never' },
  });
  assert.deepEqual(
    harness.starts.map(({ command }) => command),
    ['open'],
  );
  assert.deepEqual(harness.state('never'), { kind: 'stopped', why: { kind: 'idle' } });
  await harness.host.demand('user/never');
  assert.equal(harness.alive('never'), 0);
  await harness.host.demand('user/demand');
  assert.equal(harness.alive('demand'), 1);
  await harness.host.demand('user/demand');
  assert.equal(harness.startsOf('demand').length, 1, 'one that runs is not started again');
  await harness.host.start('user/never');
  assert.equal(harness.alive('never'), 1);
  await harness.end();
});

test('a running server restarts with its changed entry for the reason it runs, whatever its start mode', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', start: 'never' } });
  await harness.host.start('user/one');
  await harness.edit({ one: { command: 'one', start: 'never', args: ['new'] } });
  assert.deepEqual(harness.start('one').spec.args, ['new']);
  assert.equal(harness.alive('one'), 1);
  await harness.edit({ one: { command: 'one' } });
  await harness.host.restart('user/one');
  await harness.end();
});

test('a demand that may not start a server leaves alone what it waits for', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', start: 'never' } }, WORKSPACE_SCOPE);
  await harness.host.start('workspace/one');
  await harness.host.demand('workspace/one');
  assert.deepEqual(harness.state('one', WORKSPACE_SCOPE), {
    kind: 'stopped',
    why: { kind: 'approval', changed: false },
  });
  await harness.end();
});

test("a view that demands a server whenever it stops neither undoes the person's word nor goes round for ever", async () => {
  for (const scope of [{ kind: 'user' }, WORKSPACE_SCOPE] as const) {
    const harness = new HostHarness();
    let demands = 0;
    harness.host.onDidChange((change) => {
      if (change.kind !== 'state') return;
      assert.ok(++demands < 50, 'it comes to rest');
      void harness.host.demand(change.serverId);
    });
    harness.world.trusted = false;
    harness.world.setServers({ one: { command: 'one', start: 'onDemand' } }, scope);
    harness.host.open();
    await harness.settle();
    harness.world.trusted = true;
    harness.world.trustGranted.fire();
    await harness.settle();
    if (scope.kind === 'workspace') {
      harness.host.consent.decide(harness.onlyQuestion('launch').id, { kind: 'deny' });
      await harness.settle();
      assert.deepEqual(harness.state('one', scope), { kind: 'stopped', why: { kind: 'denied' } });
      await harness.host.start(`${scope.kind}/one`);
      await harness.approve();
    }
    assert.equal(harness.alive('one'), 1);
    await harness.host.stop(`${scope.kind}/one`);
    await harness.settle();
    assert.equal(harness.alive('one'), 0);
    await harness.end();
  }
});

test('a demand during the attempt of opening starts what starts on demand', async () => {
  const harness = new HostHarness();
  harness.world.setServers({ one: { command: 'one', start: 'onDemand' } });
  harness.host.open();
  await harness.host.demand('user/one');
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('a server that is not to start by itself is no failure when its program is missing, until it is started', async () => {
  const harness = new HostHarness();
  harness.machine.missing.add('gone');
  harness.world.setServers({ gone: { command: 'gone', start: 'never' } });
  harness.host.open();
  await harness.settle();
  assert.deepEqual(harness.state('gone'), { kind: 'stopped', why: { kind: 'idle' } });
  await harness.host.start('user/gone');
  const state = harness.state('gone');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
  assert.deepEqual(state.cause.failure, {
    code: 'spawn-failed',
    spawn: { reason: 'not-found', command: 'gone', searched: ['/usr/bin'] },
  });
  await harness.end();
});
