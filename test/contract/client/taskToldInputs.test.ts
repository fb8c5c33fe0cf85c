/** Input that a task needs of which the server tells by itself, in the stateless era (TASKX5, TASKX8). */

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { textResult } from '../../support/clientHarness';
import { acknowledge, looks, ROOTS, task, tasking, tell } from './tellingOfTasks';

// Every pause is as short as it can be.
mock.method(Math, 'random', () => 0);

test('input that a server tells of is served once, whether it is told or looked at', async () => {
  const inputRequests = { a: ROOTS };
  const harness = await tasking({ 'tasks/get': () => task('input_required', { inputRequests }) });
  const call = harness.callTool();
  await harness.settle();
  acknowledge(harness, ['T']);
  for (let count = 0; count < 3; count++)
    tell(harness, 'notifications/tasks', task('input_required', { inputRequests }));
  await harness.pass(1_000);
  assert.equal(harness.sent('tasks/update').length, 1);
  tell(harness, 'notifications/tasks', task('completed', { result: textResult('done') }));
  await call;
  await harness.end();
});

test('answers that get lost on the way are sent again soon, also where the server tells of the task', async () => {
  const at: number[] = [];
  const harness = await tasking({
    'tasks/get': () => task('input_required', { inputRequests: { a: ROOTS } }),
    'tasks/update': (_params, { id }) => {
      at.push(harness.clock.monotonic());
      if (at.length > 3) return { resultType: 'complete' };
      harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' });
      return undefined;
    },
  });
  const call = harness.callTool();
  await harness.settle();
  acknowledge(harness, ['T']);
  for (let second = 0; second < 10; second++) await harness.pass(1_000);
  assert.deepEqual(
    at.slice(1).map((time, index) => time - (at[index] ?? 0)),
    [1_000, 2_000, 4_000],
  );
  const before = looks(harness).length;
  await harness.pass(50_000);
  assert.equal(looks(harness).length, before, 'then it is looked at as seldom as before');
  tell(harness, 'notifications/tasks', task('completed', { result: textResult('done') }));
  await call;
  await harness.end();
});
