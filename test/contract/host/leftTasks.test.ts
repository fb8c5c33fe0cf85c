/** Tasks that nobody waits for any more: which are shown, and when one may be waited for again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { failureOf, idOf } from '../../support/clientHarness';
import { HostHarness } from '../../support/hostHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { memoryState } from '../../support/testPorts';
import { call, COMPLETED, ID, kept, only, opened, slow, task } from './tasking';

/** Ends the server of a call that has become a task. @returns the key of the task */
async function leave(harness: HostHarness): Promise<number> {
  void failureOf(call(harness));
  await harness.settle();
  harness.start('slow').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  assert.equal(only(harness).state.kind, 'left');
  return only(harness).key;
}

test('a task is waited for once at a time, and only while its server runs', async () => {
  const look = { now: task('working') };
  const harness = await opened(slow(look));
  const key = await leave(harness);
  const early = await failureOf(harness.host.tasks.resume(key, {}));
  assert.deepEqual(early, {
    code: 'refused',
    detail: 'The server of this task is not running. Start it first.',
  });
  await harness.host.start(ID);
  await harness.settle();
  const result = harness.host.tasks.resume(key, {});
  await harness.settle();
  assert.equal(only(harness).state.kind, 'running');
  const again = await failureOf(harness.host.tasks.resume(key, {}));
  assert.ok(again.code === 'refused' && /waited for already/.test(again.detail), JSON.stringify(again));
  look.now = COMPLETED;
  await harness.pass(1_000);
  assert.equal((await result).isError, false);
  const { state, key: after } = only(harness);
  assert.deepEqual([after, state.kind], [key, 'done']);
  await harness.end();
});

test('waiting again is a call like any other, which says that the tool failed', async () => {
  const look = { now: task('working') };
  const harness = await opened(slow(look));
  const key = await leave(harness);
  await harness.host.start(ID);
  await harness.settle();
  const resumed = harness.host.tasks.resume(key, {});
  await harness.settle();
  look.now = task('completed', { result: { content: [], isError: true } });
  await harness.pass(1_000);
  assert.equal((await resumed).isError, true);
  const { state } = only(harness);
  assert.ok(state.kind === 'done' && state.isError);
  const last = harness.host.calls.get(2);
  assert.ok(last?.state.kind === 'done' && last.state.isError, JSON.stringify(last));
  await harness.end();
});

test('a task of a tool that the rules of its server leave out is not waited for', async () => {
  const memory = memoryState();
  const entry = { command: 'slow', tools: { deny: ['wipe'] } };
  const before = await opened(slow({ now: task('working') }), memory, entry);
  void failureOf(call(before));
  await before.settle();
  await before.end();
  const [stored] = kept(memory) as readonly JsonObject[];
  await memory.set('tasks', [{ ...stored, tool: 'wipe' }]);
  const after = await opened(slow({ now: COMPLETED }), memory, entry);
  const failure = await failureOf(after.host.tasks.resume(only(after).key, {}));
  assert.ok(
    failure.code === 'refused' && /rules of this server/.test(failure.detail),
    JSON.stringify(failure),
  );
  assert.equal(only(after).state.kind, 'left');
  await after.end();
});

test('another definition of a server hides what was left of the one before, and not what came of it', async () => {
  const look = { now: COMPLETED };
  const harness = await opened(slow(look));
  const done = call(harness);
  await harness.settle();
  await harness.pass(1_000);
  await done;
  const ended = only(harness).key;
  look.now = task('working');
  void failureOf(call(harness));
  await harness.settle();
  harness.start('slow').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  const left = harness.host.tasks.of(ID).find(({ state }) => state.kind === 'left') ?? assert.fail();
  await harness.edit({ slow: { command: 'slow', args: ['other'] } });
  assert.deepEqual(
    harness.host.tasks.of(ID).map(({ key }) => key),
    [ended],
  );
  assert.equal(harness.host.tasks.get(left.key), undefined);
  assert.equal(harness.host.tasks.get(ended)?.state.kind, 'done');
  await harness.end();
});

test('what a server made a task of while its entry had changed already is left to nobody: it cannot be told whose it is', async () => {
  const scope = { kind: 'workspace' } as const;
  const id = 'workspace/slow';
  const harness = await HostHarness.open({ slow: { command: 'slow' } }, scope);
  harness.answers.set('slow', slow({ now: task('working') }, { 'tasks/get': () => undefined }));
  await harness.approve();
  await harness.edit({ slow: { command: 'slow', args: ['other'] } }, scope);
  assert.equal(harness.server('slow', scope).runsOldDefinition, true);
  const states = (): readonly string[] => harness.host.tasks.of(id).map(({ state }) => state.kind);
  const unseen = failureOf(harness.host.callTool(id, 'work', {}, {}));
  await harness.settle();
  assert.deepEqual(states(), ['running']);
  for (let minutes = 0; minutes < 15; minutes++) await harness.pass(60_000);
  assert.equal((await unseen).code, 'timeout', 'it could not be looked at for too long');
  assert.deepEqual(states(), [], 'though the same process still runs');
  const cut = failureOf(harness.host.callTool(id, 'work', {}, {}));
  await harness.settle();
  assert.deepEqual(states(), ['running']);
  harness.start('slow').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  assert.equal((await cut).code, 'connection-closed');
  assert.deepEqual(states(), [], 'what is started next is another one');
  await harness.end();
});

test('a task is left, and not over, when only a look at it failed (TASKX7)', async () => {
  const look = { now: task('working') };
  let refusal: ScriptedError | undefined;
  const harness = await opened(
    slow(look, {
      'tasks/get': ({ taskId }) => {
        if (refusal) throw refusal;
        return { ...look.now, taskId: taskId ?? null };
      },
    }),
  );
  const called = failureOf(call(harness));
  await harness.settle();
  refusal = new ScriptedError(-32_603, 'the database is away');
  await harness.pass(1_000);
  assert.equal((await called).code, 'server-error');
  const { key, state } = only(harness);
  assert.equal(state.kind, 'left');
  refusal = undefined;
  const ended = failureOf(harness.host.tasks.resume(key, {}));
  await harness.settle();
  look.now = task('failed', { error: { code: -32_603, message: 'burnt' } });
  await harness.pass(1_000);
  assert.equal((await ended).code, 'server-error');
  assert.equal(only(harness).state.kind, 'failed', 'its own error is its end');
  await harness.end();
});

test('a task is left, and not over, when looking at it wants a sign-in or leads elsewhere (TASKX7)', async () => {
  for (const failure of [
    { code: 'authorization', problem: 'token-not-accepted' },
    { code: 'redirected', reason: 'too-many' },
  ] as const) {
    const harness = await opened(slow({ now: task('working') }, { 'tasks/get': () => undefined }));
    const called = failureOf(call(harness));
    await harness.settle();
    await harness.pass(1_000);
    const { server } = harness.start('slow');
    const look = server.received.filter((one) => 'method' in one && one.method === 'tasks/get').at(-1);
    server.transport.peerHandlers?.onFailed(idOf(look), failure);
    assert.equal((await called).code, failure.code);
    assert.equal(only(harness).state.kind, 'left', failure.code);
    await harness.end();
  }
});
