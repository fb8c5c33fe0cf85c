import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import fc from 'fast-check';

import { LaunchApprovals } from '../../../src/host/launchApprovals';
import { RecentArguments } from '../../../src/host/recentArguments';
import type { LaunchFacts } from '../../../src/policy/launchFacts';
import { memoryState } from '../../support/testPorts';

const NO_FACTS: LaunchFacts = new Map();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('an approval is for one server in one place with one fingerprint', async () => {
  const approvals = new LaunchApprovals(memoryState(), sha256);
  await approvals.approve('workspace/x', 'file:///a', 'f1', NO_FACTS);
  assert.equal(approvals.check('workspace/x', 'file:///a', 'f1'), 'approved');
  assert.equal(approvals.check('workspace/x', 'file:///a', 'f2'), 'changed');
  assert.equal(approvals.check('workspace/x', 'file:///b', 'f1'), 'none');
  assert.equal(approvals.check('folder/a/x', 'file:///a', 'f1'), 'none');
  await approvals.approve('workspace/x', 'file:///a', 'f2', NO_FACTS);
  assert.equal(
    approvals.check('workspace/x', 'file:///a', 'f1'),
    'changed',
    'the earlier form is approved no more',
  );
  await approvals.revoke('workspace/x', 'file:///a');
  assert.equal(approvals.check('workspace/x', 'file:///a', 'f2'), 'none');
});

test('a server and a place do not mix, whatever they hold', async () => {
  const approvals = new LaunchApprovals(memoryState(), sha256);
  await approvals.approve('workspace/x","file:///a', '', 'f', NO_FACTS);
  assert.equal(approvals.check('workspace/x', 'file:///a","', 'f'), 'none');
  assert.equal(approvals.check('__proto__', '', 'f'), 'none');
});

test('several approvals at once are all kept', async () => {
  const approvals = new LaunchApprovals(memoryState(), sha256);
  await Promise.all(['a', 'b', 'c'].map((name) => approvals.approve(name, '', name, NO_FACTS)));
  for (const name of ['a', 'b', 'c']) assert.equal(approvals.check(name, '', name), 'approved');
});

test('approvals are bounded, and the newest stay', async () => {
  const state = memoryState();
  const approvals = new LaunchApprovals(state, sha256);
  for (let count = 0; count < 2_005; count++) await approvals.approve(`s${count}`, '', 'f', NO_FACTS);
  assert.equal(approvals.check('s0', '', 'f'), 'none');
  assert.equal(approvals.check('s5', '', 'f'), 'approved');
  assert.equal(approvals.check('s2004', '', 'f'), 'approved');
});

test('what another version stored approves nothing, and is left as it is', async () => {
  const state = memoryState();
  const approvals = new LaunchApprovals(state, sha256);
  const key = sha256(JSON.stringify(['workspace/x', 'file:///a']));
  const foreign = { version: 2, approved: { [key]: 'f' } };
  for (const name of ['launchApprovals', 'launchApprovals/2']) await state.set(name, foreign);
  assert.equal(approvals.check('workspace/x', 'file:///a', 'f'), 'none');
  await approvals.approve('workspace/x', 'file:///a', 'f', NO_FACTS);
  for (const name of ['launchApprovals', 'launchApprovals/2']) assert.deepEqual(state.get(name), foreign);
});

test('stored state of any shape approves nothing and breaks nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (stored) => {
      const state = memoryState();
      await state.set('launchApprovals/1', stored);
      await state.set('recentArguments', stored);
      const approvals = new LaunchApprovals(state, sha256);
      assert.equal(approvals.check('workspace/x', 'file:///a', 'f'), 'none');
      await approvals.approve('workspace/x', 'file:///a', 'f', NO_FACTS);
      assert.equal(approvals.check('workspace/x', 'file:///a', 'f'), 'approved');
      const recent = new RecentArguments(state, sha256);
      assert.equal(recent.get('user/x', 'echo'), undefined);
      await recent.set('user/x', 'echo', { a: 1 });
      assert.deepEqual(recent.get('user/x', 'echo'), { a: 1 });
    }),
  );
});

test('the last arguments of each tool of each server are kept', async () => {
  const state = memoryState();
  const recent = new RecentArguments(state, sha256);
  await recent.set('user/x', 'echo', { text: 'one' });
  await recent.set('user/x', 'echo', { text: 'two' });
  await recent.set('user/y', 'echo', { text: 'other' });
  assert.deepEqual(recent.get('user/x', 'echo'), { text: 'two' });
  assert.deepEqual(recent.get('user/y', 'echo'), { text: 'other' });
  assert.equal(recent.get('user/x', 'wipe'), undefined);
});

test('recent arguments are bounded in number and size, the oldest go first', async () => {
  const state = memoryState();
  const recent = new RecentArguments(state, sha256);
  for (let count = 0; count < 150; count++) await recent.set('user/x', `t${count}`, { count });
  assert.equal(recent.get('user/x', 't49'), undefined);
  assert.deepEqual(recent.get('user/x', 't50'), { count: 50 });
  await recent.set('user/x', 't60', { long: 'x'.repeat(70_000) });
  assert.deepEqual(recent.get('user/x', 't60'), { count: 60 }, 'arguments that are too long are not kept');
});

test('what was seen at an approval is kept with it, unless it is large, and goes with it', async () => {
  const approvals = new LaunchApprovals(memoryState(), sha256);
  const facts: LaunchFacts = new Map([['args', ['a', '']]]);
  assert.equal(approvals.seen('workspace/x', 'file:///a'), undefined);
  await approvals.approve('workspace/x', 'file:///a', 'f', facts);
  assert.deepEqual(approvals.seen('workspace/x', 'file:///a'), facts);
  assert.equal(approvals.seen('workspace/x', 'file:///b'), undefined);
  await approvals.approve('workspace/x', 'file:///a', 'g', new Map([['args', ['x'.repeat(30_000)]]]));
  assert.equal(
    approvals.seen('workspace/x', 'file:///a'),
    undefined,
    'nothing is better than what is outdated',
  );
  assert.equal(approvals.check('workspace/x', 'file:///a', 'g'), 'approved');
  await approvals.approve('workspace/x', 'file:///a', 'h', facts);
  await approvals.revoke('workspace/x', 'file:///a');
  assert.equal(approvals.seen('workspace/x', 'file:///a'), undefined);
});
