/** Tasks of 2025-11-25: made by us, looked at, and their result asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { ClientHarness, failureOf, idOf, paramsOf, textResult } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { making, RELATED, task } from './coreTasking';

const SAMPLE = { messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }], maxTokens: 20 };

test('a tool that needs a task is called as one, looked at as often as its server wants, and gives one result', async () => {
  const harness = await ClientHarness.connected(
    making([task('working', { statusMessage: 'half' }), task('completed')]),
  );
  const call = harness.callTool({ a: 1 });
  await harness.settle();
  const { _meta, ...params } = paramsOf(harness.sent('tools/call')[0]);
  assert.deepEqual(params, { name: 't', arguments: { a: 1 }, task: {} });
  assert.ok(_meta);
  await harness.pass(1_999);
  assert.equal(harness.sent('tasks/get').length, 0, 'not before the interval is over');
  await harness.pass(1);
  assert.deepEqual(paramsOf(harness.sent('tasks/get')[0]), { taskId: 'T' }, 'and names no related task');
  await harness.pass(2_000);
  const { content } = await call;
  assert.equal(content[0]?.type, 'text');
  assert.deepEqual(harness.sent('tasks/result').map(paramsOf), [{ taskId: 'T' }]);
  assert.deepEqual(
    harness.heard('task').map(({ callId, task: { id, status, message } }) => [callId, id, status, message]),
    [
      [1, 'T', 'working', undefined],
      [1, 'T', 'working', 'half'],
      [1, 'T', 'completed', undefined],
    ],
  );
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

for (const [name, options] of Object.entries({
  'that may be a task': { taskSupport: 'optional' },
  'that must not be a task': { taskSupport: 'forbidden' },
  'of a server that declares no tasks for calls': { capabilities: { tools: {}, tasks: { cancel: {} } } },
  'of a server that declares no tasks': { capabilities: { tools: {} } },
  'of an older revision': { revision: '2025-06-18' },
}))
  test(`a tool ${name} is called plainly (TASKL2)`, async () => {
    const harness = await ClientHarness.connected(making([], {}, options));
    await harness.callTool();
    assert.equal('task' in paramsOf(harness.sent('tools/call')[0]), false);
    assert.equal(harness.sent('tasks/get').length, 0);
    await harness.end();
  });

test('a server that answers at once although a task was wanted has answered', async () => {
  const harness = await ClientHarness.connected(making([], { 'tools/call': () => textResult('at once') }));
  assert.equal((await harness.callTool()).content.length, 1);
  await harness.end();
});

test('what a call that must be a task needs opened first is opened, and the call made again (URL8)', async () => {
  const needed = { mode: 'url', message: 'm', url: 'https://a.example/', elicitationId: 'e' };
  let calls = 0;
  const harness = new ClientHarness(
    making([task('completed')], {
      'tools/call': () => {
        if (calls++ === 0) throw new ScriptedError(-32_042, 'open first', { elicitations: [needed] });
        return { task: task('working') };
      },
    }),
  );
  const asked: unknown[] = [];
  harness.serve.elicit = ({ request, origin }) => {
    asked.push([request.mode, origin]);
    return Promise.resolve({ kind: 'answer', answer: { action: 'accept' } });
  };
  harness.serve.awaitElicitation = () => Promise.resolve({ kind: 'continue' });
  await harness.connect({ offers: { elicitation: { form: true, url: true }, roots: true, sampling: true } });
  const call = harness.callTool();
  await harness.pass(2_000);
  assert.equal((await call).content.length, 1);
  assert.deepEqual(asked, [['url', { kind: 'call', callId: 1 }]]);
  assert.deepEqual(
    harness.sent('tools/call').map((frame) => 'task' in paramsOf(frame)),
    [true, true],
  );
  await harness.end();
});

test('what the server asks for on the way belongs to the call, and the answer names the task', async () => {
  const harness = await ClientHarness.connected(
    making([task('input_required'), task('working'), task('completed')], { 'tasks/result': () => undefined }),
  );
  const origins: unknown[] = [];
  harness.serve.sample = ({ origin }) => {
    origins.push(origin);
    return Promise.resolve({ kind: 'answer', answer: { role: 'assistant', text: 'a', model: 'm' } });
  };
  const call = harness.host.request('callTool', { callId: 40, name: 't', arguments: {} });
  await harness.pass(2_000);
  const [asked] = harness.sent('tasks/result');
  assert.ok(asked, 'the result is asked for while input is required (TASKL4)');
  const related = { [RELATED]: { taskId: 'T' } };
  const answer = await harness.server.request('sampling/createMessage', { ...SAMPLE, _meta: related });
  assert.ok('result' in answer);
  assert.deepEqual((answer.result as JsonObject)['_meta'], related);
  const foreign = await harness.server.request('sampling/createMessage', {
    ...SAMPLE,
    _meta: { [RELATED]: { taskId: 'other' } },
  });
  assert.ok('result' in foreign && (foreign.result as JsonObject)['_meta'] === undefined);
  assert.deepEqual(origins, [{ kind: 'call', callId: 40 }, { kind: 'unattributed' }]);
  await harness.pass(2_000);
  assert.equal(harness.sent('tasks/get').length, 2, 'it goes on being looked at');
  harness.server.respond(idOf(asked), textResult('done'));
  assert.equal((await call).isError, false);
  assert.equal(harness.sent('tasks/result').length, 1, 'the result is asked for once');
  await harness.end();
});

test('a failed task is a failed call, with the error or with the result that tells of it', async () => {
  const failing = async (answer: Answer): Promise<ClientHarness> =>
    await ClientHarness.connected(making([task('failed')], { 'tasks/result': answer }));
  const told = await failing(() => textResult('went wrong'));
  const result = told.callTool();
  await told.pass(2_000);
  assert.equal((await result).isError, true);
  await told.end();
  const thrown = await failing(() => {
    throw new ScriptedError(-32_000, 'broken');
  });
  const error = failureOf(thrown.callTool());
  await thrown.pass(2_000);
  assert.deepEqual(await error, { code: 'server-error', rpcCode: -32_000, message: 'broken' });
  await thrown.end();
});

test('the error that a task has in the place of a result while it waits for input is that of the call, and ends the task (TASKL4)', async () => {
  for (const [rpcCode, failure] of [
    [-32_603, { code: 'server-error', rpcCode: -32_603, message: 'burnt' }],
    [-32_602, { code: 'task-ended', reason: 'expired' }],
  ] as const) {
    const burnt = (): never => {
      throw new ScriptedError(rpcCode, 'burnt');
    };
    const harness = await ClientHarness.connected(
      making([task('input_required')], { 'tasks/result': burnt }),
    );
    const call = failureOf(harness.callTool());
    await harness.pass(2_000);
    assert.deepEqual(await call, failure);
    assert.equal(harness.heard('task').at(-1)?.task.status, 'failed');
    await harness.end();
  }
});

test('a task that the server cancels or no longer knows has no result', async () => {
  const cancelled = await ClientHarness.connected(making([task('cancelled')]));
  const first = failureOf(cancelled.callTool());
  await cancelled.pass(2_000);
  assert.deepEqual(await first, { code: 'task-ended', reason: 'cancelled' });
  assert.equal(cancelled.sent('tasks/result').length, 0);
  await cancelled.end();
  const expired = await ClientHarness.connected(
    making([], {
      'tasks/get': () => {
        throw new ScriptedError(-32_602, 'unknown task');
      },
    }),
  );
  const second = failureOf(expired.callTool());
  await expired.pass(2_000);
  assert.deepEqual(await second, { code: 'task-ended', reason: 'expired' });
  assert.equal(expired.sent('tasks/cancel').length, 0);
  await expired.end();
});

test('the progress token stays valid until the task is over (PROG4)', async () => {
  const harness = await ClientHarness.connected(making([task('working'), task('completed')]));
  const call = harness.callTool();
  await harness.settle();
  const meta = paramsOf(harness.sent('tools/call')[0])['_meta'] as JsonObject;
  const report = (progress: number): void =>
    harness.server.notify('notifications/progress', {
      progressToken: meta['progressToken'] ?? null,
      progress,
    });
  report(1);
  await harness.pass(2_000);
  report(2);
  await harness.pass(2_000);
  await call;
  report(3);
  await harness.settle();
  assert.deepEqual(
    harness.heard('progress').map(({ progress }) => progress),
    [1, 2],
  );
  await harness.end();
});

test('a task of an earlier client is waited for by its id, looked at first', async () => {
  const harness = await ClientHarness.connected(making([task('working'), task('completed')]));
  const resumed = harness.host.request('resumeTask', { callId: 9, taskId: 'T' });
  const twice = await failureOf(harness.host.request('resumeTask', { callId: 10, taskId: 'T' }));
  assert.equal(twice.code, 'refused');
  await harness.settle();
  assert.equal(harness.sent('tasks/get').length, 1);
  await harness.pass(2_000);
  assert.equal((await resumed).content.length, 1);
  assert.equal(harness.sent('tools/call').length, 0);
  await harness.host.request('cancelTask', { taskId: 'U' });
  assert.deepEqual(harness.sent('tasks/cancel').map(paramsOf), [{ taskId: 'U' }]);
  await harness.end();
});
