import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness } from '../../support/hostHarness';

/** A host in a workspace that is not trusted, with an entry that would look at everything. */
function untrusted(): HostHarness {
  const harness = new HostHarness();
  harness.world.trusted = false;
  harness.machine.files.set('/work/.env', 'A=1');
  harness.world.inputs = [{ id: 'key', description: '', password: true }];
  harness.world.inputAnswer = 'a value';
  const entry = {
    command: 'one',
    args: ['${env:HOME}', '${input:key}'],
    cwd: '${workspaceFolder}',
    envFile: '${workspaceFolder}/.env',
  };
  harness.world.setServers({ mine: entry });
  harness.world.setServers({ theirs: entry, wrong: { command: 7 } }, { kind: 'workspace' });
  return harness;
}

test('in an untrusted workspace nothing is looked up, expanded, asked or started, whoever wrote the entry', async () => {
  const harness = untrusted();
  let secretsRead = 0;
  let policyRead = 0;
  harness.world.onSecretRead = () => secretsRead++;
  harness.world.onPolicyRead = () => policyRead++;
  harness.host.open();
  await harness.settle();
  for (const { id } of harness.host.servers()) {
    await harness.host.start(id);
    await harness.host.restart(id);
    await harness.host.demand(id);
  }
  harness.world.setServers({ theirs: { command: 'other' } }, { kind: 'workspace' });
  harness.world.foldersChanged.fire();
  await harness.settle();
  assert.deepEqual(harness.machine.looks, []);
  assert.deepEqual(harness.world.prompts, []);
  assert.equal(secretsRead + policyRead, 0);
  assert.equal(harness.launches, 0);
  assert.deepEqual(harness.host.consent.entries(), []);
  for (const server of harness.host.servers())
    assert.deepEqual(server.state, { kind: 'stopped', why: { kind: 'trust' } }, server.id);
  await harness.end();
});

test('trust that is granted starts what may start, and asks about the rest', async () => {
  const harness = untrusted();
  harness.host.open();
  await harness.settle();
  harness.world.trusted = true;
  harness.world.trustGranted.fire();
  await harness.settle();
  assert.equal(harness.state('mine').kind, 'running');
  assert.deepEqual(harness.state('theirs', { kind: 'workspace' }), {
    kind: 'stopped',
    why: { kind: 'approval', changed: false },
  });
  assert.equal(harness.launches, 1, 'trust is no approval');
  await harness.approve();
  assert.equal(harness.alive('one'), 2);
  await harness.end();
});
