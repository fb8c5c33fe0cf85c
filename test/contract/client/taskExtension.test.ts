/** The tasks extension of the stateless era: any tool call may become a task, which is looked at, served and ended by its id. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  ClientHarness,
  failureOf,
  idOf,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { becoming, bodyOf, task } from './extensionTasking';

test('a call that becomes a task ends with the result that a look brings', async () => {
  const harness = await ClientHarness.connected(
    becoming([
      task('working', { statusMessage: 'half', pollIntervalMs: 3_000 }),
      task('completed', { result: textResult('done', { isError: true }) }),
    ]),
  );
  const call = harness.callTool();
  await harness.pass(1_000);
  assert.deepEqual(bodyOf(harness.sent('tasks/get')[0]), { taskId: 'T' });
  await harness.pass(2_999);
  assert.equal(harness.sent('tasks/get').length, 1, 'the interval may change with every look');
  await harness.pass(1);
  const result = await call;
  assert.deepEqual([result.isError, result.content.length], [true, 1]);
  assert.deepEqual(
    harness.heard('task').map(({ task: { status, message, ttl } }) => [status, message, ttl]),
    [
      ['working', undefined, 3_600_000],
      ['working', 'half', 3_600_000],
      ['completed', undefined, 3_600_000],
    ],
  );
  for (const method of ['tasks/result', 'tasks/list', 'tasks/cancel'])
    assert.equal(harness.sent(method).length, 0, method);
  await harness.end();
});

test('a task whose connection ends right behind it is told of, so that it can be waited for in the next one', async () => {
  const harness = await ClientHarness.connected(becoming([], { 'tools/call': () => undefined }));
  const failure = failureOf(harness.callTool());
  const id = idOf(await harness.server.waitFor('tools/call'));
  harness.server.respond(id, { resultType: 'task', ...task('working') });
  harness.server.transport.exit({ code: 1, signal: null });
  assert.equal((await failure).code, 'connection-closed');
  assert.deepEqual(
    harness.heard('task').map((told) => told.task.id),
    ['T'],
  );
  await harness.end();
});

test('no legacy task is made of a call, whatever the server declares (TASKX9)', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/list': () => ({
          tools: [{ name: 't', inputSchema: {}, execution: { taskSupport: 'required' } }],
        }),
        'tools/call': () => textResult('plain'),
      },
      { capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } } } } },
    ),
  );
  await harness.callTool();
  assert.equal('task' in paramsOf(harness.sent('tools/call')[0]), false);
  await harness.end();
});

test('a failed task carries its error', async () => {
  const error = { code: -32_050, message: 'no luck', data: { why: 1 } };
  const harness = await ClientHarness.connected(becoming([task('failed', { error })]));
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.deepEqual(await call, {
    code: 'server-error',
    rpcCode: -32_050,
    message: 'no luck',
    data: '{"why":1}',
  });
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

test('cancelling asks the server to end the task, and takes no request back', async () => {
  const harness = await ClientHarness.connected(becoming([task('working')]));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.pass(1_000);
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await harness.settle();
  assert.deepEqual(harness.sent('tasks/cancel').map(bodyOf), [{ taskId: 'T' }]);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

test('a task that the server does not know has expired', async () => {
  const harness = await ClientHarness.connected(
    becoming([], {
      'tasks/get': () => {
        throw new ScriptedError(-32_602, 'unknown');
      },
    }),
  );
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.deepEqual(await call, { code: 'task-ended', reason: 'expired' });
  await harness.end();
});

test('a task that cannot be looked at for its headers is no reason to call the tool again (HDR6, T127)', async () => {
  const refuse = (): never => {
    throw new ScriptedError(-32_020, 'Header mismatch');
  };
  const harness = await ClientHarness.connected(
    becoming([], { 'tasks/get': refuse, 'tools/list': () => ({ tools: [{ name: 't', inputSchema: {} }] }) }),
  );
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.equal((await call).code, 'server-error');
  assert.equal(harness.sent('tools/call').length, 1);
  await harness.end();
});
