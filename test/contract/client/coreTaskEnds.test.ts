/** Calls that end before their task of 2025-11-25 does: what is cancelled is the task, and never the request. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, failureOf, idOf, paramsOf } from '../../support/clientHarness';
import { making, task } from './coreTasking';

test('cancelling ends the task, never the request (CANC7)', async () => {
  const harness = await ClientHarness.connected(
    making([task('input_required')], { 'tasks/result': () => undefined }),
  );
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.pass(2_000);
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await harness.settle();
  assert.deepEqual(harness.sent('tasks/cancel').map(paramsOf), [{ taskId: 'T' }]);
  await harness.pass(60_000);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  assert.equal(harness.sent('tasks/get').length, 1, 'and it is not looked at any more');
  await harness.end();
});

test('a call that is cancelled before its task has an id ends the task as soon as it has one', async () => {
  const harness = await ClientHarness.connected(making([], { 'tools/call': () => undefined }));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await harness.settle();
  assert.equal(harness.sent('tasks/cancel').length, 0);
  harness.server.respond(idOf(harness.sent('tools/call')[0]), { task: task('working') });
  await harness.settle();
  assert.deepEqual(harness.sent('tasks/cancel').map(paramsOf), [{ taskId: 'T' }]);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

test('a server that cannot cancel tasks is not asked to (TASKL7)', async () => {
  const capabilities = { tools: {}, tasks: { requests: { tools: { call: {} } } } };
  const harness = await ClientHarness.connected(making([task('working')], {}, { capabilities }));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.pass(2_000);
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await harness.settle();
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

test('a call that never becomes a task times out, and is not taken back either (CANC7)', async () => {
  const harness = await ClientHarness.connected(making([], { 'tools/call': () => undefined }));
  const call = failureOf(harness.callTool());
  await harness.pass(60_000);
  assert.equal((await call).code, 'timeout');
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

test('a task that comes after its call has timed out is ended, as the person was told', async () => {
  const harness = await ClientHarness.connected(making([], { 'tools/call': () => undefined }));
  const call = failureOf(harness.callTool());
  await harness.pass(60_000);
  assert.equal((await call).code, 'timeout');
  await harness.pass(3_000_000);
  assert.deepEqual(harness.sent('tasks/cancel'), []);
  harness.server.respond(idOf(harness.sent('tools/call')[0]), { task: task('working') });
  await harness.settle();
  assert.deepEqual(harness.sent('tasks/cancel').map(paramsOf), [{ taskId: 'T' }]);
  await harness.end();
});

test('a lost connection settles the call at once', async () => {
  const harness = await ClientHarness.connected(making([task('working', { pollInterval: 60_000 })]));
  const call = failureOf(harness.callTool());
  await harness.pass(2_000);
  harness.server.transport.exit({ code: 1, signal: null });
  assert.equal((await call).code, 'connection-closed');
  await harness.end();
});

test('a host that goes away leaves the task running', async () => {
  const harness = await ClientHarness.connected(making([task('working')]));
  const call = failureOf(harness.callTool());
  await harness.pass(2_000);
  await harness.end();
  assert.equal((await call).code, 'connection-closed');
  assert.equal(harness.sent('tasks/cancel').length, 0);
});
