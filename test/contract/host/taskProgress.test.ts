/** How far a task is shows as soon as its server says so, and not only with the next look at it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { failureOf, legacyAnswers, paramsOf, textResult } from '../../support/clientHarness';
import { HostHarness } from '../../support/hostHarness';

const ID = 'user/slow';
const TASK = { taskId: 'T', status: 'working', ttl: 3_600_000, pollInterval: 600_000 };

/** A server of 2025-11-25 of whose two tools one runs as a task that is looked at every ten minutes. */
async function opened(): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.answers.set(
    'slow',
    legacyAnswers(
      {
        'tools/list': () => ({
          tools: [
            { name: 'bake', inputSchema: {}, execution: { taskSupport: 'required' } },
            { name: 'plain', inputSchema: {} },
          ],
        }),
        'tools/call': ({ name }) => (name === 'bake' ? { task: TASK } : undefined),
        'tasks/get': () => TASK,
        'tasks/result': () => textResult('bread'),
        'tasks/cancel': () => ({ ...TASK, status: 'cancelled' }),
      },
      { capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } } },
    ),
  );
  harness.world.setServers({ slow: { command: 'slow' } });
  harness.host.open();
  await harness.settle();
  return harness;
}

/** Says of the newest call how far it is. @returns what the host tells of it */
async function report(harness: HostHarness, progress: number): Promise<readonly string[]> {
  const { server } = harness.start('slow');
  const call = server.received.findLast((frame) => 'method' in frame && frame.method === 'tools/call');
  const { progressToken } = paramsOf(call)['_meta'] as JsonObject;
  const before = harness.changes.length;
  server.notify('notifications/progress', { progressToken: progressToken ?? null, progress, total: 4 });
  await harness.settle();
  return harness.changes.slice(before).map(({ kind }) => kind);
}

test('progress of a task is told of when it comes, and stands in its call', async () => {
  const harness = await opened();
  const { host } = harness;
  const call = failureOf(host.callTool(ID, 'bake', {}, {}));
  await harness.settle();
  assert.deepEqual(await report(harness, 1), ['tasks']);
  await harness.pass(100);
  assert.deepEqual(await report(harness, 2), ['tasks']);
  const [entry] = host.tasks.of(ID);
  assert.ok(entry?.state.kind === 'running');
  const running = host.calls.get(entry.state.callId)?.state;
  assert.deepEqual(running?.kind === 'running' && running.progress, { progress: 2, total: 4 });
  const told = harness.changes.length;
  host.tasks.progressed('user/other', entry.state.callId);
  assert.equal(harness.changes.length, told, 'another server tells nothing of it');
  await host.tasks.cancel(entry.key);
  assert.equal((await call).code, 'cancelled');
  await harness.end();
});

test('progress of a call that is no task changes no task', async () => {
  const harness = await opened();
  const call = failureOf(harness.host.callTool(ID, 'plain', {}, {}));
  await harness.settle();
  assert.deepEqual(await report(harness, 1), []);
  const [running] = harness.host.calls.runningOf(ID);
  assert.ok(running);
  harness.host.calls.cancel(running.id);
  assert.equal((await call).code, 'cancelled');
  await harness.end();
});
