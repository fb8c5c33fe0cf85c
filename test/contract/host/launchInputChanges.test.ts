/** What changes while the person gives inputs: entries, environment files and approvals. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { HostHarness } from '../../support/hostHarness';
import { ENTRY, open, WORKSPACE_SCOPE } from './inputEntry';

test('an entry that changes while the person is asked starts as what it is then', async () => {
  const answer = new Deferred<string>();
  const harness = await open({ answer: answer.promise });
  harness.world.setServers({ one: { command: 'one', args: ['new', '${input:key}'] } });
  answer.resolve('given');
  await harness.settle();
  assert.deepEqual(
    harness.starts.map(({ spec }) => spec.args),
    [['new', 'given']],
  );
  await harness.end();
});

test('an approved entry that changes while the person gives inputs asks again', async () => {
  const answer = new Deferred<string>();
  const harness = await open({ answer: answer.promise, scope: WORKSPACE_SCOPE });
  await harness.approve();
  assert.deepEqual(harness.world.prompts, ['key']);
  harness.world.setServers({ one: { command: 'evil', args: ['${input:key}'] } }, WORKSPACE_SCOPE);
  answer.resolve('given');
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.equal(harness.onlyQuestion('launch').subject.changed, true);
  await harness.end();
});

test('an approval that is forgotten while the person gives inputs is none any more', async () => {
  const answer = new Deferred<string>();
  const harness = await open({ answer: answer.promise, scope: WORKSPACE_SCOPE });
  await harness.approve();
  void harness.host.revokeApproval('workspace/one');
  answer.resolve('given');
  await harness.settle();
  assert.equal(harness.launches, 0);
  harness.onlyQuestion('launch');
  await harness.end();
});

test('an environment file that changes while the person gives inputs asks again', async () => {
  const answer = new Deferred<string>();
  const harness = new HostHarness();
  harness.world.inputs = [{ id: 'key', description: '', password: false }];
  harness.world.inputAnswer = answer.promise;
  harness.machine.files.set('/work/.env', 'A=approved');
  harness.world.setServers({ one: { ...ENTRY, envFile: '/work/.env' } }, WORKSPACE_SCOPE);
  harness.host.open();
  await harness.settle();
  await harness.approve();
  harness.machine.files.set('/work/.env', 'A=swapped');
  answer.resolve('given');
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.equal(harness.onlyQuestion('launch').subject.changed, true);
  await harness.approve();
  assert.equal(harness.start('one').spec.env['A'], 'swapped', 'the file as it was approved the second time');
  await harness.end();
});

test('an environment file that is swapped for the moment it is read is not used', async () => {
  const harness = new HostHarness();
  harness.machine.files.set('/work/.env', 'A=approved');
  let planning = false;
  harness.machine.beforeLook = (what) => {
    // Read once to be shown and approved, right behind the look for the program, and once to be used.
    if (what === 'findProgram') planning = true;
    if (what !== 'readText') return;
    harness.machine.files.set('/work/.env', planning ? 'A=approved' : 'A=swapped');
    planning = false;
  };
  harness.world.setServers({ one: { command: 'one', envFile: '/work/.env' } }, WORKSPACE_SCOPE);
  harness.host.open();
  await harness.settle();
  await harness.approve();
  assert.equal(harness.launches, 0);
  assert.equal(harness.state('one', WORKSPACE_SCOPE).kind, 'failed');
  await harness.end();
});

test('a file of the user that changed meanwhile is simply read again', async () => {
  const answer = new Deferred<string>();
  const harness = new HostHarness();
  harness.world.inputs = [{ id: 'key', description: '', password: false }];
  harness.world.inputAnswer = answer.promise;
  harness.machine.files.set('/work/.env', 'A=1');
  harness.world.setServers({ one: { ...ENTRY, envFile: '/work/.env' } });
  harness.host.open();
  await harness.settle();
  harness.machine.files.set('/work/.env', 'A=2');
  answer.resolve('given');
  await harness.settle();
  assert.equal(harness.start('one').spec.env['A'], '2');
  await harness.end();
});
