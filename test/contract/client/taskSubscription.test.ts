/** Tasks of which the server tells by itself, in the stateless era (TASKX8). */

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ClientHarness } from '../../support/clientHarness';
import { idOf, paramsOf, textResult } from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { SUBSCRIPTION, task, tasking, listens, acknowledge, tell, looks } from './tellingOfTasks';

// Every pause is as short as it can be.
mock.method(Math, 'random', () => 0);

test('what a server tells of a task counts like a look, and the task is looked at only now and then (TASKX8)', async () => {
  const harness = await tasking();
  const call = harness.callTool();
  await harness.settle();
  assert.deepEqual(
    listens(harness).map(({ taskIds }) => taskIds),
    [['T']],
  );
  acknowledge(harness, ['T']);
  await harness.pass(1_000);
  assert.equal(looks(harness).length, 1, 'what was missed before the acknowledgement is seen');
  await harness.pass(59_999);
  assert.equal(looks(harness).length, 1);
  await harness.pass(1);
  assert.equal(looks(harness).length, 2, 'it is still looked at, in case something gets lost');
  tell(harness, 'notifications/tasks', task('working', { statusMessage: 'half' }));
  await harness.settle();
  assert.equal(harness.heard('task').at(-1)?.task.message, 'half');
  tell(harness, 'notifications/tasks', task('completed', { result: textResult('done') }));
  assert.equal((await call).content.length, 1);
  await harness.settle();
  assert.equal(looks(harness).length, 2);
  assert.deepEqual(
    harness.sent('notifications/cancelled').map((frame) => paramsOf(frame)['requestId']),
    [listens(harness)[0]?.id],
    'the subscription goes with the last task',
  );
  await harness.end();
});

test('a task that its server keeps shortly is looked at in that time, also when nothing is told of it', async () => {
  const harness = await tasking({
    'tools/call': () => ({ resultType: 'task', ...task('working', { ttlMs: 20_000 }) }),
    'tasks/get': () => ({
      resultType: 'complete',
      ...task(looks(harness).length < 3 ? 'working' : 'completed', {
        ttlMs: 20_000,
        result: textResult('done'),
      }),
    }),
  });
  const call = harness.callTool();
  await harness.settle();
  acknowledge(harness, ['T']);
  await harness.pass(1_000);
  await harness.pass(5_000);
  await harness.pass(5_000);
  assert.equal((await call).content.length, 1);
  assert.equal(looks(harness).length, 3);
  await harness.end();
});

test('a server that does not declare the extension, or does not agree, has its tasks looked at as ever', async () => {
  const without = await tasking({}, { tools: {} });
  void without.callTool().catch(() => undefined);
  await without.pass(1_000);
  assert.deepEqual([listens(without).length, looks(without).length], [0, 1]);
  await without.end();
  const harness = await tasking();
  void harness.callTool().catch(() => undefined);
  await harness.settle();
  acknowledge(harness, []);
  for (let second = 1; second <= 3; second++) {
    await harness.pass(1_000);
    assert.equal(looks(harness).length, second);
  }
  void harness.callTool().catch(() => undefined);
  await harness.settle();
  assert.equal(listens(harness).length, 1, 'it is not asked again');
  await harness.end();
});

test('a server that refuses the subscription loses no other, and is not asked again', async () => {
  const harness = await tasking({
    'subscriptions/listen': ({ notifications }) => {
      if ('taskIds' in (notifications as JsonObject)) throw new ScriptedError(-32_602, 'no');
      return undefined;
    },
  });
  void harness.callTool().catch(() => undefined);
  await harness.pass(1_000);
  void harness.callTool().catch(() => undefined);
  await harness.pass(60_000);
  assert.equal(listens(harness).length, 1);
  assert.equal(harness.sent('subscriptions/listen').length, 2);
  assert.equal(harness.sent('notifications/cancelled').length, 0, 'the one for lists stays open');
  assert.ok(looks(harness).length > 1);
  await harness.end();
});

test('a further task is added to the subscription, which is replaced without a gap', async () => {
  const harness = await tasking();
  void harness.callTool().catch(() => undefined);
  await harness.settle();
  acknowledge(harness, ['T']);
  const second = harness.callTool();
  await harness.settle();
  assert.deepEqual(
    listens(harness).map(({ taskIds }) => taskIds),
    [['T'], ['T', 'T2']],
  );
  const cancelled = (): unknown[] =>
    harness.sent('notifications/cancelled').map((frame) => paramsOf(frame)['requestId']);
  assert.deepEqual(cancelled(), [], 'the server still tells on the first one only');
  acknowledge(harness, ['T', 'T2']);
  await harness.settle();
  assert.deepEqual(cancelled(), [listens(harness)[0]?.id]);
  tell(harness, 'notifications/tasks', task('completed', { taskId: 'T2', result: textResult('done') }));
  assert.equal((await second).content.length, 1);
  await harness.end();
});

test('a server that once told of tasks and agrees to none of a further subscription is asked for the next all the same', async () => {
  const harness = await tasking();
  for (const agreed of [['T'], []]) {
    void harness.callTool().catch(() => undefined);
    await harness.settle();
    acknowledge(harness, agreed);
    await harness.settle();
  }
  void harness.callTool().catch(() => undefined);
  await harness.settle();
  assert.deepEqual(
    listens(harness).map(({ taskIds }) => taskIds),
    [['T'], ['T', 'T2'], ['T', 'T2', 'T3']],
  );
  await harness.end();
});

for (const [name, finish] of Object.entries({
  'with an answer': (harness: ClientHarness, id: string | number) =>
    harness.server.respond(id, { resultType: 'complete' }),
  'by taking it back': (harness: ClientHarness, id: string | number) =>
    harness.server.notify('notifications/cancelled', { requestId: id }),
  'because the connection breaks': (harness: ClientHarness, id: string | number) =>
    harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' }),
}))
  test(`when the subscription ends ${name} the task is looked at as ever, and told of again later`, async () => {
    const harness = await tasking();
    void harness.callTool().catch(() => undefined);
    await harness.settle();
    acknowledge(harness, ['T']);
    await harness.pass(1_000);
    await harness.pass(10_000);
    assert.equal(looks(harness).length, 1);
    finish(harness, listens(harness)[0]?.id as number);
    await harness.pass(0);
    assert.equal(looks(harness).length, 2, 'something may have been missed');
    await harness.pass(1_000);
    assert.equal(looks(harness).length, 3);
    await harness.pass(29_000);
    assert.equal(listens(harness).length, 2);
    await harness.end();
  });

test('a busy server is asked to tell of a task when it wants to be (T071)', async () => {
  const harness = await tasking();
  void harness.callTool().catch(() => undefined);
  await harness.settle();
  const busy = { code: 'http-error', status: 503, isPage: false, retryAfterMs: 90_000 } as const;
  harness.server.transport.peerHandlers?.onFailed(listens(harness)[0]?.id as number, busy);
  await harness.pass(89_999);
  assert.equal(listens(harness).length, 1);
  await harness.pass(1);
  assert.equal(listens(harness).length, 2);
  await harness.end();
});

test('a server that tells without end is heard twice a second, and its last word still counts', async () => {
  const harness = await tasking();
  const call = harness.callTool();
  await harness.settle();
  acknowledge(harness, ['T']);
  await harness.pass(1_000);
  const heard = harness.heard('task').length;
  for (let count = 0; count < 1_000; count++)
    tell(harness, 'notifications/tasks', task('working', { statusMessage: `${count}` }));
  await harness.pass(499);
  assert.equal(harness.heard('task').length, heard + 1);
  await harness.pass(1);
  assert.equal(looks(harness).length, 2, 'what was left out is looked at');
  tell(harness, 'notifications/tasks', task('completed', { result: textResult('done') }));
  assert.equal((await call).content.length, 1);
  await harness.end();
});

test('what is told of no task of ours, or on no subscription of ours, changes nothing', async () => {
  const harness = await tasking();
  let over = false;
  void harness.callTool().then(
    () => (over = true),
    () => undefined,
  );
  await harness.settle();
  acknowledge(harness, ['T']);
  const done = task('completed', { result: textResult('forged') });
  harness.server.notify('notifications/tasks', done);
  harness.server.notify('notifications/tasks', { ...done, _meta: { [SUBSCRIPTION]: 'other' } });
  const [lists] = harness.sent('subscriptions/listen');
  harness.server.notify('notifications/tasks', { ...done, _meta: { [SUBSCRIPTION]: idOf(lists) } });
  tell(harness, 'notifications/tasks', { ...done, taskId: 'U' });
  await harness.pass(1_000);
  assert.equal(over, false);
  await harness.pass(5_000);
  tell(harness, 'notifications/tasks', { taskId: 'T', status: 'sleeping' });
  await harness.pass(0);
  assert.equal(looks(harness).length, 2, 'what cannot be read is a reason to look');
  await harness.end();
});
