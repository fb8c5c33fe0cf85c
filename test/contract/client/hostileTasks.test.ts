/** Tasks of servers that lie: about time, about status, about identity, and about what they wait for. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import {
  ClientHarness,
  failureOf,
  idOf,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const DAY = 86_400_000;

function task(status: string, more: JsonObject = {}): JsonObject {
  return { taskId: 'T', status, createdAt: 'yesterday', ttlMs: 3_600_000, pollIntervalMs: 1_000, ...more };
}

/** Connected to a server that makes a task of every call, and lets time pass until its first look. */
async function tasking(
  created: JsonObject,
  look: () => JsonValue | undefined,
  more: Readonly<Record<string, Answer>> = {},
): Promise<ClientHarness> {
  return await ClientHarness.connected(
    modernAnswers({
      'tools/call': () => ({ resultType: 'task', ...created }),
      'tasks/get': look,
      'tasks/cancel': () => ({ resultType: 'complete' }),
      ...more,
    }),
  );
}

for (const [wanted, wait] of [
  [0, 500],
  [-5, 1_000],
  [90_000, 90_000],
  [1e12, 600_000],
  ['soon', 1_000],
  [null, 1_000],
] as const)
  test(`an interval of ${JSON.stringify(wanted)} is taken as ${wait} ms`, async () => {
    const given = task('working', { pollIntervalMs: wanted });
    const harness = await tasking(given, () => given);
    void failureOf(harness.callTool());
    for (let looks = 0; looks < 3; looks++) {
      await harness.pass(wait - 1);
      assert.equal(harness.sent('tasks/get').length, looks);
      await harness.pass(1);
      assert.equal(harness.sent('tasks/get').length, looks + 1);
    }
    await harness.end();
  });

for (const [ttlMs, bound] of [
  [null, DAY],
  [1e12, DAY],
  [7_200_000, 7_200_000],
  [0, 600_000],
] as const)
  test(`a task that never ends is given up: a ttl of ${JSON.stringify(ttlMs)} means ${bound / 1_000} s`, async () => {
    const given = task('working', { ttlMs, pollIntervalMs: 60_000 });
    const harness = await tasking(given, () => given);
    const call = failureOf(harness.callTool());
    await harness.settle();
    let over = false;
    void call.then(() => (over = true));
    // The looks in between are not the point.
    for (let left = bound - 1; left > 0; left -= 60_000) await harness.pass(Math.min(left, 60_000));
    assert.equal(over, false);
    await harness.pass(1);
    assert.deepEqual(await call, { code: 'task-ended', reason: 'too-long' });
    await harness.settle();
    assert.equal(harness.sent('tasks/cancel').length, 1, 'the server is asked to end it');
    await harness.end();
  });

test('a task that is not known to be over is asked to end at its bound, also while looks at it get lost', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/call': () => ({ resultType: 'task', ...task('working', { ttlMs: 60_000 }) }),
      'tasks/get': () => undefined,
      'tasks/cancel': () => ({ resultType: 'complete' }),
    }),
    { timeouts: { connect: 30_000, request: 60_000, total: 60_000 } },
  );
  const call = failureOf(harness.callTool());
  for (let second = 0; second < 62; second++) {
    await harness.pass(1_000);
    for (const frame of harness.sent('tasks/get'))
      harness.server.transport.peerHandlers?.onFailed(idOf(frame), { code: 'answer-lost' });
  }
  assert.deepEqual(await call, { code: 'task-ended', reason: 'too-long' });
  assert.ok(harness.sent('tasks/get').length > 1, 'it is looked at again');
  assert.equal(harness.sent('tasks/cancel').length, 1);
  await harness.end();
});

const BAD: Readonly<Record<string, JsonObject>> = {
  'an unknown status': task('sleeping'),
  'no status': { taskId: 'T' },
  'an id of a megabyte': task('working', { taskId: 'x'.repeat(1_048_576) }),
  'an empty id': task('working', { taskId: '' }),
  'an id that is no text': task('working', { taskId: 7 }),
};

for (const [name, bad] of Object.entries(BAD)) {
  test(`a call that becomes a task with ${name} fails`, async () => {
    const harness = await tasking(bad, () => bad);
    assert.equal((await failureOf(harness.callTool())).code, 'invalid-result');
    assert.equal(harness.sent('tasks/get').length, 0);
    assert.equal(harness.heard('task').length, 0, 'nothing of it crosses the link');
    await harness.end();
  });

  test(`a look at a task that shows ${name} fails the call and ends the task`, async () => {
    const harness = await tasking(task('working'), () => bad);
    const call = failureOf(harness.callTool());
    await harness.pass(1_000);
    assert.equal((await call).code, 'invalid-result');
    await harness.settle();
    assert.deepEqual(
      harness.sent('tasks/cancel').map((frame) => paramsOf(frame)['taskId']),
      ['T'],
    );
    await harness.end();
  });
}

test('the result of another task is not taken', async () => {
  const harness = await tasking(task('working'), () =>
    task('completed', { taskId: 'U', result: textResult('stolen') }),
  );
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  const detail = 'it is about another task';
  assert.deepEqual(await call, { code: 'invalid-result', detail, mayHaveActed: true });
  await harness.end();
});

test('two calls that are given the same task do not share it', async () => {
  const harness = await tasking(task('working'), () => task('completed', { result: textResult('one') }));
  const first = harness.callTool();
  assert.equal((await failureOf(harness.callTool())).code, 'refused');
  await harness.pass(1_000);
  assert.equal((await first).content.length, 1);
  await harness.end();
});

test('a task as the answer to anything but a tool call is invalid (TASKX2)', async () => {
  // What it would be without its type.
  const others = { contents: [{ uri: 'a:b', text: 'x' }], messages: [], tools: [] };
  const answer: Answer = () => ({ resultType: 'task', ...task('working'), ...others });
  const harness = await ClientHarness.connected(
    modernAnswers({ 'resources/read': answer, 'prompts/get': answer, 'tools/list': answer }),
  );
  const asked = [
    harness.host.request('readResource', { callId: 1, uri: 'a:b' }),
    harness.host.request('getPrompt', { callId: 2, name: 'p', arguments: {} }),
    harness.host.request('list', { kind: 'tools' }),
  ];
  for (const request of asked) assert.equal((await failureOf(request)).code, 'invalid-result');
  assert.equal(harness.sent('tasks/get').length, 0);
  await harness.end();
});

test('a look whose answer is refused for its size fails the call and ends the task', async () => {
  const harness = await tasking(task('working'), () => undefined);
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  const subject = { kind: 'answer', id: idOf(harness.sent('tasks/get')[0]) } as const;
  harness.server.transport.peerHandlers?.onRefused({ subject, bytes: 9_000_000, detail: 'too dense' });
  assert.equal((await call).code, 'message-refused');
  await harness.settle();
  assert.equal(harness.sent('tasks/cancel').length, 1);
  await harness.end();
});

test('a completed task without a result is invalid, and so is one whose result is none', async () => {
  for (const result of [
    undefined,
    { resultType: 'input_required', inputRequests: {} },
    { resultType: 'task' },
  ]) {
    const harness = await tasking(task('working'), () => task('completed', result ? { result } : {}));
    const call = failureOf(harness.callTool());
    await harness.pass(1_000);
    assert.equal((await call).code, 'invalid-result');
    await harness.end();
  }
});

test('more tasks than can be followed are given up one by one', async () => {
  let count = 0;
  const ids = (): JsonObject => task('working', { taskId: `T${count++}` });
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/call': () => ({ resultType: 'task', ...ids() }),
      'tasks/get': ({ taskId }) => task('working', { taskId: taskId ?? null }),
      'tasks/cancel': () => ({}),
    }),
  );
  for (let call = 0; call < 100; call++) void failureOf(harness.callTool());
  await harness.settle();
  assert.equal((await failureOf(harness.callTool())).code, 'refused');
  await harness.settle();
  assert.deepEqual(
    harness.sent('tasks/cancel').map((frame) => paramsOf(frame)['taskId']),
    ['T100'],
  );
  await harness.end();
});
