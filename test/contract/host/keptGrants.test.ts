/** Rules over windows: what outlives one, what does not, and what a window makes of a store that is damaged. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { everyday, HostHarness } from '../../support/hostHarness';
import { calling, ID } from './asking';
import { assertAsked, assertCovered, KEY, makeRule } from './granting';

/** Another window on the same machine, with a call that runs. */
async function nextWindow(before: HostHarness, folder = '/work'): Promise<HostHarness> {
  const harness = new HostHarness({ decisions: before.world.decisions });
  harness.clock.advance(before.clock.monotonic() - harness.clock.monotonic());
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  harness.machine.folders.add(folder);
  harness.world.folders = [{ uri: `file://${folder}`, name: 'folder', path: folder }];
  harness.world.setServers({ one: { command: 'one', cwd: '/home/person' } });
  harness.host.open();
  await harness.settle();
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  return harness;
}

/** A window in which a rule was made. */
async function window(scope: 'session' | 'workspace' | 'always'): Promise<HostHarness> {
  const harness = await calling({ cwd: '/home/person' });
  await makeRule(harness, { scope });
  await assertCovered(harness);
  await harness.end();
  return harness;
}

const CASES = [
  ['session', '/work', false],
  ['workspace', '/work', true],
  ['workspace', '/other', false],
  ['always', '/work', true],
  ['always', '/other', true],
] as const;
for (const [scope, folder, holds] of CASES)
  test(`a rule for ${scope} ${holds ? 'holds' : 'does not hold'} in the next window on ${folder}`, async () => {
    const before = await window(scope);
    const harness = await nextWindow(before, folder);
    if (holds) await assertCovered(harness);
    else await assertAsked(harness);
    const [rule] = harness.host.permissions.grants.list();
    assert.equal(rule !== undefined, scope !== 'session', 'rules of all workspaces are listed');
    if (rule) assert.equal(harness.host.permissions.grants.isHere(rule), holds);
    await harness.end();
  });

test('what was used in one window counts in the next one', async () => {
  const harness = await nextWindow(await window('always'));
  for (let count = 1; count < 3; count++) await assertCovered(harness);
  assert.match((await assertAsked(harness)) ?? '', /used up/);
  await harness.end();
});

test('a rule is for the folder that its server is started in, where that is the one of the workspace', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const { fingerprint } = harness.host.permissions.grants.list()[0] ?? assert.fail();
  await harness.end();
  const other = await nextWindow(harness, '/other');
  assert.equal(other.host.permissions.grants.list()[0]?.fingerprint, fingerprint);
  await assertAsked(other);
  await other.end();
});

test('a store of any shape holds no rule that nobody made, and rules can be made all the same', async () => {
  const harness = await calling();
  const { grants } = harness.host.permissions;
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (stored) => {
      await harness.world.decisions.set(KEY, stored);
      assert.deepEqual(grants.list(), []);
    }),
  );
  await makeRule(harness, { scope: 'always' });
  await assertCovered(harness);
  await harness.end();
});

test('one damaged rule takes no other with it, and goes with the next change', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const [rule] = harness.world.decisions.get(KEY) as object[];
  await harness.world.decisions.set(KEY, [{ ...rule, bounds: {} }, rule, null]);
  await assertCovered(harness);
  assert.equal((harness.world.decisions.get(KEY) as object[]).length, 1);
  await harness.end();
});

test('a rule that has ended is forgotten with the next change', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always', lastsMs: 1_000 });
  await harness.pass(1_000);
  assert.deepEqual(harness.host.permissions.grants.list(), []);
  await makeRule(harness, { scope: 'always' });
  assert.equal((harness.world.decisions.get(KEY) as object[]).length, 1);
  await harness.end();
});

test('rules are bounded, and the newest stay', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const { grants } = harness.host.permissions;
  const [rule] = grants.list();
  assert.ok(rule);
  for (const scope of [{ kind: 'always' }, { kind: 'session', session: 's' }] as const)
    for (let count = 0; count < 101; count++)
      await grants.add({ ...rule, id: `${scope.kind} ${count}`, scope });
  const ids = grants.list().map(({ id }) => id);
  assert.equal(ids.length, 200);
  for (const id of ['always 100', 'session 100']) assert.ok(ids.includes(id));
  for (const id of [rule.id, 'always 0', 'session 0']) assert.ok(!ids.includes(id));
  await harness.end();
});

test('what another version stored is no rule, and is left as it is', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const kept = harness.world.decisions.get(KEY);
  await harness.world.decisions.set('samplingGrants/2', kept);
  await harness.host.permissions.grants.revokeAll();
  assert.deepEqual(harness.world.decisions.get('samplingGrants/2'), kept);
  await assertAsked(harness);
  await harness.end();
});
