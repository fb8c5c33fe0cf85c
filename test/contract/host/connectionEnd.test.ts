import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureOf } from '../../support/clientHarness';
import { Ending, ENDED, TOKEN, turns } from './ending';

/** Tells whether a promise is settled. */
function watched(promise: Promise<unknown>): { settled: boolean } {
  const seen = { settled: false };
  void promise.then(() => (seen.settled = true));
  return seen;
}

test('a launch is watched before its client is asked for anything', () => {
  const ending = new Ending();
  assert.deepEqual(ending.reaped, [`watch ${TOKEN}`]);
  assert.equal(ending.port.posts.length, 0);
});

test('a lost connection is reported, and its client ends the server before it is ended itself', async () => {
  const ending = await Ending.lost();
  assert.deepEqual(ending.losses, [{ kind: 'ended', end: ENDED }]);
  assert.equal(ending.asked.length, 1);
  assert.equal(ending.isReleased, false);
  ending.clock.advance(2_500);
  await turns();
  assert.equal(ending.isReleased, false, 'it has the time for all its steps');
  ending.asked[0]?.resolve(undefined);
  await turns();
  assert.equal(ending.isReleased, true);
  assert.equal(ending.clock.waiting, 0);
  ending.client.emit('ended', ENDED);
  await turns();
  assert.equal(ending.losses.length, 1);
});

test('a client that does not finish is ended after its time, and all is over within 3 s', async () => {
  const ending = await Ending.lost();
  const closed = watched(ending.connection.close());
  ending.clock.advance(2_699);
  await turns();
  assert.equal(ending.isReleased, false);
  ending.clock.advance(1);
  await turns();
  assert.equal(ending.isReleased, true);
  assert.equal(closed.settled, false, 'its server is still being ended');
  ending.clock.advance(300);
  await turns();
  assert.equal(closed.settled, true);
  assert.equal(ending.clock.waiting, 0);
});

test('a client that dies while it ends a lost server leaves the rest to the reaper', async () => {
  const ending = await Ending.lost();
  ending.port.break('it ran out of memory');
  await turns();
  assert.equal(ending.isReleased, true);
  assert.equal(ending.losses.length, 1);
});

test('closing a lost connection waits for its end and asks for nothing twice', async () => {
  const ending = await Ending.lost();
  const closes = [ending.connection.close(), ending.connection.close()].map(watched);
  await turns();
  assert.deepEqual(closes, [{ settled: false }, { settled: false }]);
  ending.asked[0]?.resolve(undefined);
  await turns();
  assert.deepEqual(closes, [{ settled: true }, { settled: true }]);
  assert.equal(ending.asked.length, 1);
  assert.equal(ending.reaped.filter((line) => line.startsWith('unwatch')).length, 1);
});

test('killing a lost connection ends client and server at once', async () => {
  const ending = await Ending.lost();
  ending.connection.kill();
  assert.equal(ending.isReleased, true);
  await turns();
  assert.equal(ending.reaped.filter((line) => line.startsWith('unwatch')).length, 1);
  ending.gone.resolve();
  await ending.connection.close();
  assert.equal(ending.clock.waiting, 0);
});

test('a loss withdraws what the server has asked for, and nothing is asked of its client any more', async () => {
  const ending = new Ending();
  void ending.client
    .request('sample', { request: {} as never, origin: { kind: 'unattributed' } })
    .catch(() => undefined);
  await turns();
  assert.equal(ending.questions[0]?.aborted, false);
  ending.client.emit('ended', ENDED);
  await turns();
  assert.equal(ending.questions[0]?.aborted, true);
  assert.deepEqual(await failureOf(ending.connection.request('list', { kind: 'tools' })), {
    code: 'connection-closed',
  });
  assert.equal(ending.calls.length, 0);
  ending.connection.kill();
});

test('of what is under way when the client goes without a word only a call may have acted (T127)', async () => {
  const ending = new Ending();
  const call = { callId: 1, name: 't', arguments: {} };
  const asked = [
    failureOf(ending.connection.request('callTool', call)),
    failureOf(ending.connection.request('list', { kind: 'tools' })),
  ];
  await turns();
  ending.connection.kill();
  asked.push(failureOf(ending.connection.request('callTool', call)));
  const closed = { code: 'connection-closed' };
  assert.deepEqual(await Promise.all(asked), [{ ...closed, mayHaveActed: true }, closed, closed]);
});

test('a listener that fails over a loss does not keep the server alive', async (t) => {
  const ending = new Ending();
  const rethrown: unknown[] = [];
  t.mock.method(globalThis, 'queueMicrotask', (task: unknown) => rethrown.push(task));
  ending.listenerFails = true;
  ending.client.emit('ended', ENDED);
  await turns();
  assert.equal(rethrown.length, 1);
  assert.equal(ending.asked.length, 1);
  ending.connection.kill();
});

test('the server of a client that was lost is over when the reaper says so, or after 3 s', async () => {
  for (const how of ['the reaper', 'time'] as const) {
    const ending = new Ending();
    ending.port.break('it ran out of memory');
    await turns();
    assert.deepEqual(ending.losses, [{ kind: 'client-lost', detail: 'it ran out of memory' }]);
    assert.equal(ending.isReleased, true);
    const closed = watched(ending.connection.close());
    ending.clock.advance(2_999);
    await turns();
    assert.equal(closed.settled, false);
    if (how === 'time') ending.clock.advance(1);
    else ending.gone.resolve();
    await turns();
    assert.equal(closed.settled, true);
    assert.equal(ending.clock.waiting, 0);
  }
});

test('a client that closes in time is not waited for again', async () => {
  const ending = new Ending();
  const closed = watched(ending.connection.close());
  await turns();
  ending.asked[0]?.resolve(undefined);
  await turns();
  assert.equal(closed.settled, true);
  assert.equal(ending.isReleased, true);
});

/** The client of a remote server: there is no process to watch. */
function ofRemote(): Ending {
  return new Ending(undefined, 'none');
}

test('the client of a remote server is ended once no tokens are on their way any more, or after 11 s (T088)', async () => {
  for (const how of ['it has settled', 'time'] as const) {
    const ending = ofRemote();
    const closed = watched(ending.connection.close());
    await turns();
    ending.asked[0]?.resolve(undefined);
    await turns();
    ending.clock.advance(10_999);
    await turns();
    assert.deepEqual([closed.settled, ending.port.isClosed, ending.releases], [false, false, 0]);
    if (how === 'time') ending.clock.advance(1);
    else ending.settling[0]?.resolve(undefined);
    await turns();
    assert.deepEqual([closed.settled, ending.port.isClosed, ending.releases], [true, true, 1]);
    assert.equal(ending.clock.waiting, 0);
  }
});

test('the client of a remote server that no longer says anything is ended in the usual time', async () => {
  const ending = ofRemote();
  void ending.connection.close();
  await turns();
  ending.clock.advance(2_700);
  await turns();
  assert.deepEqual([ending.port.isClosed, ending.settling.length], [true, 0]);
});

test('a process that is heard of only after a kill is ended by its pid too', () => {
  let onBatch: (batch: unknown) => void = () => undefined;
  const ending = new Ending({
    post: () => undefined,
    listen: (handlers) => (onBatch = handlers.onBatch),
    close: () => undefined,
  });
  ending.connection.kill();
  onBatch([{ t: 'event', name: 'spawned', payload: { pid: 4_242 } }]);
  assert.deepEqual(ending.reaped, [
    `watch ${TOKEN}`,
    `unwatch ${TOKEN}`,
    `watch ${TOKEN} 4242`,
    `unwatch ${TOKEN}`,
  ]);
});
