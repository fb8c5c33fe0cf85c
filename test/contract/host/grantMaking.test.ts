/** Who can make a rule about requests for model answers, of what, and what a rule is bound to. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everyday, HostHarness } from '../../support/hostHarness';
import { ask, calling, errorOf, ID } from './asking';
import { allowFor, assertAsked, assertCovered, KEY, makeRule, SlowModel, TERMS } from './granting';
import { SCOPE, ID as WORKSPACE_ID, open } from './workspaceEntry';

test('a rule for one tool cannot be made where it is not known what led to the request', async () => {
  const harness = await calling();
  void ask(harness);
  await harness.settle();
  assert.equal(await allowFor(harness, { onlyTool: true }), 'not-grantable');
  harness.onlyQuestion('sampling');
  await harness.end();
});

test('a rule is for the launch that it was given to: any change of the entry asks again (T137)', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  await assertCovered(harness);
  const restart = async (entry: Readonly<Record<string, unknown>>): Promise<void> => {
    await harness.edit({ one: entry });
    await harness.host.restart(ID);
    await harness.settle();
    harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
    await harness.settle();
  };
  await restart({ command: 'one', args: ['--other'] });
  assert.equal(await assertAsked(harness), undefined, 'there is no rule for this one');
  await harness.end();
});

test('two servers of the same name in different scopes share no rule (T137)', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  await harness.edit({});
  harness.world.setServers({ one: { command: 'one' } }, SCOPE);
  await harness.settle();
  await harness.approve();
  harness.host.callTool(WORKSPACE_ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  await assertAsked(harness);
  await harness.end();
});

test('nothing in a workspace makes a rule: not its settings, and not what is kept with it (T007)', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const kept = harness.world.decisions.get(KEY);
  await harness.end();
  const hostile = new HostHarness();
  hostile.answers.set('one', everyday({ 'tools/call': () => undefined }));
  for (const key of [KEY, 'samplingGrants']) await hostile.world.memory.set(key, kept);
  const grants = [{ scope: 'always', models: '*' }];
  const sampling = { allow: 'always', grants, reviewAnswer: false, outsideCalls: true };
  hostile.world.setServers({ one: { command: 'one', sampling } }, SCOPE);
  hostile.host.open();
  await hostile.settle();
  if (hostile.host.consent.entries().length > 0) await hostile.approve();
  if (hostile.startsOf('one').length === 0) {
    hostile.world.setServers({ one: { command: 'one' } }, SCOPE);
    await hostile.settle();
    await hostile.host.start(WORKSPACE_ID);
    await hostile.settle();
    await hostile.approve();
  }
  hostile.host.callTool(WORKSPACE_ID, 'echo', {}, {}).catch(() => undefined);
  await hostile.settle();
  assert.equal(await assertAsked(hostile), undefined);
  assert.deepEqual(hostile.host.permissions.grants.list(), []);
  await hostile.end();
});

test('a server of a workspace can be allowed for its workspace, and not for all of them', async () => {
  const harness = await open();
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  await harness.approve();
  harness.host.callTool(WORKSPACE_ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  void ask(harness);
  await harness.settle();
  assert.equal(harness.onlyQuestion('sampling').subject.grant?.isOwn, false);
  assert.equal(await allowFor(harness, { scope: 'always' }), 'not-grantable');
  assert.equal(await allowFor(harness, { scope: 'workspace' }), 'allowed');
  await assertCovered(harness);
  await harness.end();
});

test('in a workspace that is not trusted no rule can be made, and none counts', async () => {
  const harness = await calling();
  await makeRule(harness);
  harness.world.trusted = false;
  void ask(harness);
  await harness.settle();
  assert.equal(harness.onlyQuestion('sampling').subject.grant, undefined);
  assert.equal(await allowFor(harness), 'not-grantable');
  harness.onlyQuestion('sampling');
  await harness.end();
});

test('a rule that cannot be stored is none, and the request alone was allowed', async () => {
  const harness = await calling();
  const { decisions } = harness.world;
  const { set } = decisions;
  // The editor's store keeps in memory what it could not write.
  decisions.set = async (key, value) => {
    await set(key, value);
    throw new Error('the disk is full');
  };
  const reply = ask(harness);
  await harness.settle();
  assert.equal(await allowFor(harness, { scope: 'always' }), 'not-stored');
  assert.ok('result' in (await reply));
  await assertAsked(harness);
  await harness.end();
});

test('a rule whose use cannot be stored ends, also where the store remembers it', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const model = new SlowModel(harness);
  harness.world.decisions.set = () => Promise.reject(new Error('the disk is full at /home/person'));
  const reply = ask(harness);
  await harness.settle();
  assert.equal(model.signals[0]?.aborted ?? true, true);
  assert.equal(errorOf(await reply).code, -1);
  await assertAsked(harness);
  assert.ok(harness.world.logLines.some((line) => line.includes('the rule ends')));
  assert.ok(!harness.world.logLines.join().includes('/home/person'));
  await harness.end();
});

test('a request that ended while the person chose makes no rule', async () => {
  const harness = await calling();
  void ask(harness);
  await harness.settle();
  const { id } = harness.onlyQuestion('sampling');
  harness.host.calls.cancel(1);
  await harness.settle();
  assert.equal(await harness.host.permissions.allowFor(id, TERMS), 'gone');
  assert.deepEqual(harness.host.permissions.grants.list(), []);
  await harness.end();
});

for (const [what, terms] of [
  ['bounds beyond the limits', { bounds: { ...TERMS.bounds, tokensPerRequest: 1e9 } }],
  ['an end in the past', { lastsMs: -1 }],
  ['no number as its end', { lastsMs: NaN }],
] as const)
  test(`terms with ${what} make no rule, and decide nothing`, async () => {
    const harness = await calling();
    void ask(harness);
    await harness.settle();
    assert.equal(await allowFor(harness, terms), 'not-grantable');
    harness.onlyQuestion('sampling');
    await harness.end();
  });
