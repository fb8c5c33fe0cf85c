import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { failureOf, paramsOf, textResult } from '../../support/clientHarness';
import { tool } from '../../support/hostHarness';
import { memoryState } from '../../support/testPorts';
import { call, COMPLETED, ID, kept, only, opened, slow, task } from './tasking';

test('a call that becomes a task is shown as one while it runs, and with its result until it is dismissed', async () => {
  const look = { now: task('working', { statusMessage: 'half' }) };
  const memory = memoryState();
  const harness = await opened(slow(look), memory);
  const seen: string[] = [];
  const running = harness.host.callTool(ID, 'work', {}, { onTask: ({ status }) => seen.push(status) });
  await harness.settle();
  await harness.pass(1_000);
  const { key, tool: name, state, task: last } = only(harness);
  assert.deepEqual([name, state, last?.message], ['work', { kind: 'running', callId: 1 }, 'half']);
  assert.equal(JSON.stringify(kept(memory)).includes('"T1"'), true, 'its id outlives the window');
  harness.host.tasks.dismiss(key);
  assert.equal(only(harness).key, key, 'what runs cannot be dismissed');
  look.now = COMPLETED;
  await harness.pass(1_000);
  const result = await running;
  assert.deepEqual(only(harness).state, { kind: 'done', ms: 2_000, isError: false, result });
  assert.deepEqual(seen, ['working', 'working', 'completed']);
  assert.deepEqual(kept(memory), []);
  assert.ok(harness.changes.some((change) => change.kind === 'tasks' && change.serverId === ID));
  harness.host.tasks.dismiss(key);
  assert.deepEqual(harness.host.tasks.of(ID), []);
  await harness.end();
});

test('a task of an earlier window is listed, and waited for without being called again (TASKX7)', async () => {
  const look = { now: task('working') };
  const memory = memoryState();
  const before = await opened(slow(look), memory);
  const cut = failureOf(call(before));
  await before.pass(1_000);
  await before.end();
  assert.equal((await cut).code, 'connection-closed');
  assert.equal(before.start('slow').server.received.filter(isCancel).length, 0, 'its task goes on');

  const after = await opened(slow(look), memory);
  const { key, state } = only(after);
  assert.deepEqual(state, { kind: 'left' });
  look.now = COMPLETED;
  const result = await after.host.tasks.resume(key, {});
  assert.equal(result.content.length, 1);
  assert.deepEqual(only(after).state.kind, 'done');
  const methods = after.start('slow').server.received.map((frame) => 'method' in frame && frame.method);
  assert.equal(methods.includes('tools/call'), false);
  assert.deepEqual(kept(memory), []);
  await after.end();
});

test('another server under the same key is never told the id of a task', async () => {
  const memory = memoryState();
  const before = await opened(slow({ now: task('working') }), memory);
  void failureOf(call(before));
  await before.settle();
  await before.end();
  const after = await opened(slow({ now: COMPLETED }), memory, { command: 'slow', args: ['other'] });
  assert.deepEqual(after.host.tasks.of(ID), []);
  assert.equal((await failureOf(after.host.tasks.resume(1, {}))).code, 'refused');
  await after.end();
});

test('a window that ends without warning does not forget what runs', async () => {
  const memory = memoryState();
  const harness = await opened(slow({ now: task('working') }), memory);
  void failureOf(call(harness));
  await harness.settle();
  harness.host.dispose();
  await harness.settle();
  assert.equal(JSON.stringify(kept(memory)).includes('"T1"'), true);
  await harness.end();
});

test('what is kept of tasks is read with care, and not longer than it can matter', async () => {
  const memory = memoryState();
  const before = await opened(slow({ now: task('working', { ttlMs: 3_600_000 }) }), memory);
  void failureOf(call(before));
  await before.settle();
  await before.end();
  const [good] = kept(memory) as readonly JsonObject[];
  assert.ok(good);
  const now = before.clock.wall();
  const bad: JsonValue[] = [null, 7, {}, { ...good, id: 'x'.repeat(2_000) }, { ...good, startedAt: 'now' }];
  const old: JsonValue[] = [
    { ...good, startedAt: now - 7_200_000 },
    { ...good, startedAt: now + 1e9 },
  ];
  await memory.set('tasks', [...bad, ...old, good]);
  const after = await opened(slow({ now: task('working') }), memory);
  assert.equal(only(after).id, 'T1');
  await after.end();
  await memory.set('tasks', 'nonsense');
  const none = await opened(slow({ now: task('working') }), memory);
  assert.deepEqual(none.host.tasks.of(ID), []);
  await none.end();
});

test('a clock that was set back makes nobody forget a task', async () => {
  const memory = memoryState();
  const before = await opened(slow({ now: task('working') }), memory);
  void failureOf(call(before));
  await before.settle();
  await before.end();
  const [stored] = kept(memory) as readonly JsonObject[];
  const ahead = before.clock.wall() + 86_400_000;
  await memory.set('tasks', [{ ...stored, startedAt: ahead }]);
  const after = await opened(slow({ now: task('working') }), memory);
  const { id, startedAt } = only(after);
  assert.equal(id, 'T1');
  assert.ok(startedAt < ahead, 'its age counts from now on');
  await after.end();
});

test('an id that the server uses again is the task of the new call, and the one that was left goes', async () => {
  const look = { now: task('working') };
  const memory = memoryState();
  const first = { 'tools/call': () => ({ resultType: 'task', ...task('working') }) };
  const answers = slow(look, {
    ...first,
    'tools/list': () => ({ tools: [tool('report'), tool('wipe')] }),
  });
  const harness = await opened(answers, memory);
  void failureOf(harness.host.callTool(ID, 'report', {}, {}));
  await harness.settle();
  await harness.host.restart(ID);
  await harness.settle();
  assert.deepEqual([only(harness).tool, only(harness).state.kind], ['report', 'left']);
  await harness.pass(600_000);
  const wiped = harness.host.callTool(ID, 'wipe', {}, {});
  await harness.settle();
  assert.deepEqual([only(harness).tool, only(harness).state.kind], ['wipe', 'running']);
  assert.deepEqual(
    (kept(memory) as readonly JsonObject[]).map((stored) => stored['tool']),
    ['wipe'],
  );
  look.now = COMPLETED;
  await harness.pass(1_000);
  await wiped;
  const { state } = only(harness);
  assert.ok(state.kind === 'done' && state.ms === 1_000);
  await harness.end();
});

test('a running task is cancelled with its call, and one that was left by its id', async () => {
  const memory = memoryState();
  const harness = await opened(slow({ now: task('working') }), memory);
  const cancelled = failureOf(call(harness));
  await harness.settle();
  await harness.host.tasks.cancel(only(harness).key);
  assert.equal((await cancelled).code, 'cancelled');
  await harness.settle();
  const { state } = only(harness);
  assert.ok(state.kind === 'failed' && state.failure.code === 'cancelled');
  const told = harness.start('slow').server.received.filter(isCancel);
  assert.deepEqual(
    told.map((frame) => paramsOf(frame)['taskId']),
    ['T1'],
  );
  harness.host.tasks.dismiss(only(harness).key);
  void failureOf(call(harness));
  await harness.settle();
  harness.start('slow').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  const left = only(harness);
  assert.equal(left.state.kind, 'left', 'nothing is known of a task whose connection is lost');
  assert.equal((await failureOf(harness.host.tasks.cancel(left.key))).code, 'refused');
  await harness.host.start(ID);
  await harness.settle();
  await harness.host.tasks.cancel(left.key);
  assert.equal(only(harness).state.kind, 'failed');
  assert.deepEqual(kept(memory), []);
  await harness.end();
});

test('a task that is unknown to the server has no result', async () => {
  const look = { now: task('working') };
  const memory = memoryState();
  const harness = await opened(slow(look), memory);
  void failureOf(call(harness));
  await harness.settle();
  harness.start('slow').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  harness.answers.get('slow')?.delete('tasks/get');
  await harness.host.start(ID);
  await harness.settle();
  const { key } = only(harness);
  const failure = await failureOf(harness.host.tasks.resume(key, {}));
  assert.equal(failure.code, 'server-error');
  assert.equal(only(harness).state.kind, 'failed');
  assert.equal((await failureOf(harness.host.tasks.resume(key, {}))).code, 'refused');
  await harness.end();
});

test('the ends of fifty tasks are shown', async () => {
  const harness = await opened(slow({ now: COMPLETED }));
  for (let count = 0; count < 52; count++) {
    const result = call(harness);
    await harness.settle();
    await harness.pass(1_000);
    await result;
  }
  const entries = harness.host.tasks.of(ID);
  assert.deepEqual([entries.length, entries[0]?.id, entries.at(-1)?.id], [50, 'T52', 'T3']);
  await harness.end();
});

test('results are kept while there is room for them, the newest first', async () => {
  const text = 'x'.repeat(7_000_000);
  const harness = await opened(slow({ now: task('completed', { result: textResult(text) }) }));
  for (let count = 0; count < 3; count++) {
    const result = call(harness);
    await harness.settle();
    await harness.pass(1_000);
    await result;
  }
  const has = harness.host.tasks.of(ID).map(({ state }) => state.kind === 'done' && 'result' in state);
  assert.deepEqual(has, [true, true, false]);
  await harness.end();
});

test('a client cannot tell of tasks of calls that are not its own', async () => {
  const harness = await opened(slow({ now: task('working') }));
  harness.host.tasks.report('user/other', 1, { id: 'x', status: 'working' });
  harness.host.tasks.report(ID, 99, { id: 'x', status: 'working' });
  assert.deepEqual([...harness.host.tasks.of(ID), ...harness.host.tasks.of('user/other')], []);
  await harness.end();
});

function isCancel(frame: object): boolean {
  return 'method' in frame && frame.method === 'tasks/cancel';
}
