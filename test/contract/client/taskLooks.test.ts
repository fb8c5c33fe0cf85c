/** How often a task of the stateless era is looked at while looks fail, and when it is left. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Failure } from '../../../src/protocol/failure';
import { ClientHarness, failureOf, idOf, modernAnswers } from '../../support/clientHarness';
import { becoming, task } from './extensionTasking';

test('looks without an answer are repeated for minutes, then the task is left to be waited for again', async () => {
  const harness = await ClientHarness.connected(becoming([], { 'tasks/get': () => undefined }));
  const call = failureOf(harness.callTool());
  let over = false;
  void call.then(() => (over = true));
  for (let second = 0; second < 360; second++) await harness.pass(1_000);
  assert.equal(over, false, 'five minutes after the first look was lost');
  for (let second = 0; second < 120; second++) await harness.pass(1_000);
  assert.deepEqual(await call, { code: 'timeout', ms: 60_000, limit: 'idle' });
  await harness.settle();
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

/** Lets every look be lost as `failure` says, and tells after how many seconds each of the first ones came. */
async function looksWhile(failure: Failure, seconds: number): Promise<{ at: number[]; over: boolean }> {
  const at: number[] = [];
  const harness = await ClientHarness.connected(
    becoming([], {
      'tasks/get': (_params, { id }) => {
        at.push(harness.clock.monotonic() / 1_000);
        harness.server.transport.peerHandlers?.onFailed(id, failure);
        return undefined;
      },
    }),
  );
  let over = false;
  void harness.callTool().catch(() => (over = true));
  await harness.settle();
  const start = harness.clock.monotonic() / 1_000;
  for (let second = 0; second < seconds; second++) await harness.pass(1_000);
  const outcome = { at: at.map((time) => time - start), over };
  await harness.end();
  return outcome;
}

test('while there is no network a task is looked at ever more seldom, and survives minutes of it', async () => {
  const failure: Failure = { code: 'network', problem: 'refused', host: 'h' };
  const { at, over } = await looksWhile(failure, 290);
  assert.deepEqual(at, [1, 2, 4, 8, 16, 32, 64, 124, 184, 244]);
  assert.equal(over, false);
  assert.equal((await looksWhile(failure, 400)).over, true);
});

for (const code of ['http-error', 'server-error'] as const)
  test(`a busy server is asked again when it wants to be, and not given up for that (${code})`, async () => {
    const busy = { retryAfterMs: 200_000 };
    const failure: Failure =
      code === 'http-error'
        ? { code, status: 429, isPage: false, ...busy }
        : { code, rpcCode: -32_000, message: 'busy', httpStatus: 503, ...busy };
    const { at, over } = await looksWhile(failure, 1_000);
    assert.deepEqual([at, over], [[1, 201, 401, 601, 801], false]);
  });

test('a busy server that tells of a task is not looked at before it wants to be', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': () => ({ resultType: 'task', ...task('working') }),
        'tasks/get': (_params, { id }) => {
          const busy = { code: 'http-error', status: 429, isPage: false, retryAfterMs: 20_000 } as const;
          harness.server.transport.peerHandlers?.onFailed(id, busy);
          return undefined;
        },
      },
      { capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ),
  );
  void harness.callTool().catch(() => undefined);
  await harness.pass(1_000);
  harness.server.notify('notifications/tasks', {
    taskId: 'T',
    status: 'sleeping',
    _meta: { 'io.modelcontextprotocol/subscriptionId': idOf(harness.sent('subscriptions/listen')[0]) },
  });
  await harness.pass(19_999);
  assert.equal(harness.sent('tasks/get').length, 1);
  await harness.pass(1);
  assert.equal(harness.sent('tasks/get').length, 2);
  await harness.end();
});

test('a server that wants to be left alone for longer than ten minutes is told to the person', async () => {
  const failure: Failure = { code: 'http-error', status: 429, isPage: false, retryAfterMs: 3_600_000 };
  assert.deepEqual(await looksWhile(failure, 5), { at: [1], over: true });
});
