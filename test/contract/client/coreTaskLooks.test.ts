/** How often tasks of 2025-11-25 are looked at, and how long their result is waited for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, failureOf, idOf, textResult } from '../../support/clientHarness';
import { making, task } from './coreTasking';

test('a status notification is a reason to look sooner, though never too soon, and nothing else (TASKL5)', async () => {
  const working = task('working', { pollInterval: 60_000 });
  const harness = await ClientHarness.connected(making([working, working, task('completed')]));
  const call = harness.callTool();
  await harness.pass(2_000);
  const tell = (status: string, taskId = 'T'): void =>
    harness.server.notify('notifications/tasks/status', task(status, { taskId }));
  for (let count = 0; count < 1_000; count++) tell('completed');
  await harness.pass(499);
  assert.equal(harness.sent('tasks/get').length, 1, 'not more often than twice a second');
  await harness.pass(1);
  assert.equal(harness.sent('tasks/get').length, 2, 'what came too soon is put off, not forgotten');
  await harness.pass(600);
  tell('completed', 'other');
  await harness.settle();
  assert.equal(harness.sent('tasks/get').length, 2);
  tell('cancelled');
  await harness.pass(0);
  assert.equal(harness.sent('tasks/get').length, 3);
  assert.equal((await call).isError, false, 'what counts is what the look shows');
  await harness.end();
});

test('a notification that comes while a look is under way leads to one more', async () => {
  const harness = await ClientHarness.connected(making([], { 'tasks/get': () => undefined }));
  const call = harness.callTool();
  await harness.pass(2_000);
  harness.server.notify('notifications/tasks/status', task('completed'));
  await harness.settle();
  harness.server.respond(idOf(harness.sent('tasks/get')[0]), task('working', { pollInterval: 60_000 }));
  await harness.pass(500);
  const second = harness.sent('tasks/get')[1];
  assert.ok(second, 'what the first look showed may be older than the notification');
  harness.server.respond(idOf(second), task('completed'));
  assert.equal((await call).content.length, 1);
  await harness.end();
});

test('the result may take longer than any deadline, as long as the task works', async () => {
  let ends = false;
  const harness = await ClientHarness.connected(
    making([], {
      'tasks/get': () => task(ends ? 'completed' : 'input_required', { ttl: null }),
      'tasks/result': () => undefined,
    }),
  );
  const call = harness.callTool();
  for (let minute = 0; minute < 30; minute++) for (let at = 0; at < 30; at++) await harness.pass(2_000);
  ends = true;
  await harness.pass(2_000);
  harness.server.respond(idOf(harness.sent('tasks/result')[0]), textResult('late'));
  assert.equal((await call).content.length, 1);
  await harness.end();
});

test('a request for the result that gets lost is made again, and the task goes on', async () => {
  let status = 'input_required';
  const harness = await ClientHarness.connected(
    making([], { 'tasks/get': () => task(status), 'tasks/result': () => undefined }),
  );
  const call = harness.callTool();
  const lose = (): void => {
    const id = idOf(harness.sent('tasks/result').at(-1));
    harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' });
  };
  await harness.pass(2_000);
  lose();
  await harness.pass(2_000);
  assert.equal(harness.sent('tasks/result').length, 2);
  status = 'completed';
  await harness.pass(2_000);
  lose();
  await harness.pass(2_000);
  assert.equal(harness.sent('tasks/result').length, 3);
  harness.server.respond(idOf(harness.sent('tasks/result').at(-1)), textResult('done'));
  assert.equal((await call).content.length, 1);
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

test('a task that is over, whose result the server fails to give until it forgets it, ends with that failure', async () => {
  const harness = await ClientHarness.connected(
    making([task('completed', { ttl: 60_000 })], {
      'tools/call': () => ({ task: task('working', { ttl: 60_000 }) }),
      'tasks/result': () => undefined,
    }),
    { timeouts: { connect: 30_000, request: 60_000, total: 60_000 } },
  );
  const failure = { code: 'http-error', status: 500, isPage: false } as const;
  const call = failureOf(harness.callTool());
  for (let second = 0; second < 62; second++) {
    await harness.pass(1_000);
    for (const frame of harness.sent('tasks/result'))
      harness.server.transport.peerHandlers?.onFailed(idOf(frame), failure);
  }
  assert.deepEqual(await call, { ...failure, mayHaveActed: true });
  assert.ok(harness.sent('tasks/result').length > 1, 'it is asked for again');
  assert.equal(harness.sent('tasks/cancel').length, 0, 'there is nothing to be cancelled');
  await harness.end();
});

for (const [name, before] of Object.entries({ 'is over': 'working', waits: 'input_required' }))
  test(`the result of a task that is over must come in the usual time, also when it was asked for while it ${name} (T040)`, async () => {
    let status = before;
    const harness = await ClientHarness.connected(
      making([], { 'tasks/get': () => task(status, { ttl: null }), 'tasks/result': () => undefined }),
    );
    const call = failureOf(harness.callTool());
    await harness.pass(2_000);
    status = 'completed';
    await harness.pass(2_000);
    assert.equal(harness.sent('tasks/result').length, 1);
    await harness.pass(60_000);
    await harness.pass(2_000);
    assert.equal(harness.sent('tasks/result').length, 2, 'it is asked for again');
    for (let second = 0; second < 480; second++) await harness.pass(1_000);
    assert.deepEqual(await call, { code: 'timeout', ms: 60_000, limit: 'idle' });
    await harness.settle();
    assert.equal(harness.sent('tasks/cancel').length, 0, 'it can be waited for again');
    await harness.end();
  });
