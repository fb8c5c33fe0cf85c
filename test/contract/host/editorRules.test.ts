/** The editor's own rules about servers, which no entry escapes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness } from '../../support/hostHarness';

test('a scope that cannot be read whole is told, and the editor policy stops a server that it forbids', async () => {
  const harness = new HostHarness();
  harness.world.policy = { access: 'all', allowedServers: undefined, deniedServers: [{ serverName: 'bad' }] };
  harness.world.setServers({ good: { command: 'good' }, bad: { command: 'bad' } });
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('good').kind, 'running');
  const state = harness.state('bad');
  assert.ok(state.kind === 'stopped' && state.why.kind === 'policy');
  harness.world.policy = { ...harness.world.policy, access: 'none' };
  await harness.host.restart('user/good');
  assert.equal(harness.state('good').kind, 'stopped');
  await harness.end();
});

test('a rule of the editor that names a command is not escaped by writing it with variables or inputs', async () => {
  const harness = new HostHarness();
  harness.world.policy = {
    access: 'all',
    allowedServers: undefined,
    deniedServers: [{ serverCommand: ['run', '/home/person/evil.js'] }],
  };
  harness.world.inputs = [{ id: 'file', description: '', password: false }];
  harness.world.inputAnswer = 'evil.js';
  harness.world.setServers({
    plain: { command: 'run', args: ['/home/person/evil.js'] },
    variable: { command: 'run', args: ['${userHome}/evil.js'] },
    input: { command: 'run', args: ['${userHome}/${input:file}'] },
  });
  harness.host.open();
  await harness.settle();
  for (const name of ['plain', 'variable', 'input']) {
    const state = harness.state(name);
    assert.ok(state.kind === 'stopped' && state.why.kind === 'policy', `${name} is forbidden`);
  }
  assert.equal(harness.launches, 0);
  await harness.end();
});

test("the editor's rules take effect on what runs, and what they no longer forbid starts", async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, held: { command: 'held' } });
  await harness.host.stop('user/held');
  const policy = harness.world.policy;
  harness.world.policy = { ...policy, access: 'none' };
  harness.world.settingsChanged.fire();
  await harness.settle();
  assert.equal(harness.alive('one'), 0);
  const state = harness.state('one');
  assert.ok(state.kind === 'stopped' && state.why.kind === 'policy');
  harness.world.policy = policy;
  harness.world.settingsChanged.fire();
  await harness.settle();
  assert.equal(harness.alive('one'), 1);
  assert.equal(harness.alive('held'), 0, 'what the person stopped stays so');
  await harness.end();
});
