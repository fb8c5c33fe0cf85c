/** Tasks of 2025-11-25: made by us, looked at, and their result asked for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

const RELATED = 'io.modelcontextprotocol/related-task';
const TASKS: JsonObject = { cancel: {}, requests: { tools: { call: {} } } };
const CAPABILITIES: JsonObject = { tools: {}, tasks: TASKS };
const SAMPLE = { messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }], maxTokens: 20 };

function task(status: string, more: JsonObject = {}): JsonObject {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    taskId: 'T',
    status,
    createdAt: at,
    lastUpdatedAt: at,
    ttl: 3_600_000,
    pollInterval: 2_000,
    ...more,
  };
}

/** A server whose tool makes tasks, which are at each look what `looks` says; the last look stays. */
function making(
  looks: readonly JsonValue[],
  more: Readonly<Record<string, Answer>> = {},
  { capabilities = CAPABILITIES, taskSupport = 'required', revision = '2025-11-25' } = {},
): Map<string, Answer> {
  let look = 0;
  return legacyAnswers(
    {
      'tools/list': () => ({
        tools: [{ name: 't', inputSchema: { type: 'object' }, execution: { taskSupport } }],
      }),
      'tools/call': (params) => ('task' in params ? { task: task('working') } : textResult('plain')),
      'tasks/get': () => looks[Math.min(look++, looks.length - 1)],
      'tasks/result': () => textResult('done', { _meta: { [RELATED]: { taskId: 'T' } } }),
      'tasks/cancel': () => task('cancelled'),
      ...more,
    },
    { capabilities, revision },
  );
}

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

test('a call that never becomes a task times out, and is not taken back either (CANC7)', async () => {
  const harness = await ClientHarness.connected(making([], { 'tools/call': () => undefined }));
  const call = failureOf(harness.callTool());
  await harness.pass(60_000);
  assert.equal((await call).code, 'timeout');
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});
