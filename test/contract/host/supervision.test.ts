import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ServerState } from '../../../src/host/serverState';
import { failsSaying } from '../../support/failures';
import { everyday, HostHarness } from '../../support/hostHarness';

const ID = 'user/one';

function open(): Promise<HostHarness> {
  return HostHarness.open({ one: { command: 'one' } });
}

/** What the server went through since the host opened. */
function states(harness: HostHarness): string[] {
  const seen: string[] = [];
  harness.host.onDidChange((change) => {
    if (change.kind === 'state') seen.push(harness.state('one').kind);
  });
  return seen;
}

test('a server goes through starting and running to stopping and stopped', async () => {
  const harness = new HostHarness();
  harness.world.setServers({ one: { command: 'one' } });
  const seen = states(harness);
  harness.host.open();
  await harness.settle();
  const state = harness.state('one');
  assert.ok(state.kind === 'running');
  assert.equal(state.pid, harness.start('one').pid);
  assert.equal(state.server.info.name, 'old');
  await harness.host.stop(ID);
  assert.deepEqual(seen, ['starting', 'running', 'stopping', 'stopped']);
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  await harness.end();
});

test('a restart that is followed by a stop ends stopped: the last word counts', async () => {
  const harness = await open();
  const restarted = harness.host.restart(ID);
  await harness.host.stop(ID);
  await restarted;
  await harness.settle();
  assert.equal(harness.state('one').kind, 'stopped');
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});

test('start, stop, start at once ends running, with one process', async () => {
  const harness = await open();
  await harness.host.stop(ID);
  await Promise.all([harness.host.start(ID), harness.host.stop(ID), harness.host.start(ID)]);
  assert.equal(harness.state('one').kind, 'running');
  assert.equal(harness.alive('one'), 1);
  assert.equal(harness.peak.get('one'), 1);
  await harness.end();
});

test('twenty restarts at once give one new process, never two at a time', async () => {
  const harness = await open();
  await Promise.all(Array.from({ length: 20 }, () => harness.host.restart(ID)));
  assert.equal(harness.alive('one'), 1);
  assert.equal(harness.peak.get('one'), 1);
  assert.equal(harness.startsOf('one').length, 2);
  await harness.end();
});

test('a start while it is starting joins that attempt instead of making another one', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ initialize: () => undefined, 'server/discover': () => undefined }));
  harness.world.setServers({ one: { command: 'one', timeouts: { connect: 10 } } });
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('one').kind, 'starting');
  const started = harness.host.start(ID);
  await harness.pass(11_000);
  await harness.pass(5_000);
  await started;
  assert.equal(harness.state('one').kind, 'failed');
  assert.equal(harness.startsOf('one').length, 1);
  await harness.end();
});

test('a stop while it is starting ends the process and is no failure', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'server/discover': () => undefined }));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('one').kind, 'starting');
  await harness.host.stop(ID);
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});

test('a change of the entry while it is starting ends that attempt and starts the new one', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'server/discover': () => undefined }));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  await harness.edit({ one: { command: 'two' } });
  assert.equal(harness.alive('one'), 0);
  assert.equal(harness.alive('two'), 1);
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('a process that ends by itself fails with its exit and its last words', async () => {
  const harness = await open();
  const { transport } = harness.start('one').server;
  transport.peerHandlers?.onStderr(['first', 'last words'], 3);
  transport.exit({ code: 7, signal: null });
  await harness.settle();
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
  assert.deepEqual(state.cause.exit, { code: 7, signal: null });
  assert.deepEqual(state.cause.failure, { code: 'connection-closed', exit: { code: 7, signal: null } });
  assert.deepEqual(state.cause.stderr, ['first', 'last words', '(3 more lines were left out)']);
  assert.equal(harness.server('one').catalog, undefined);
  await harness.host.start(ID);
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('a process that ends while it is starting fails with its exit and its last words', async () => {
  const harness = new HostHarness();
  harness.answers.set(
    'one',
    everyday({
      'server/discover': () => undefined,
      initialize: () => {
        const { transport } = harness.start('one').server;
        transport.peerHandlers?.onStderr(['no such module'], 0);
        transport.exit({ code: 1, signal: null });
        return undefined;
      },
    }),
  );
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  await harness.pass(6_000);
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
  assert.deepEqual(state.cause.exit, { code: 1, signal: null });
  assert.deepEqual(state.cause.stderr, ['no such module']);
  await harness.end();
});

test('a client that is lost fails its own server only, and every call of it', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  harness.start('one').server.answers.set('tools/call', () => undefined);
  const call = failsSaying(harness.host.callTool(ID, 'echo', {}, {}), /closed/);
  await harness.settle();
  harness.start('one').clientPort.break('it ran out of memory');
  await call;
  await harness.settle();
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'client-lost');
  assert.equal(state.cause.detail, 'it ran out of memory');
  assert.equal(harness.alive('one'), 0, 'its server is ended with it');
  assert.equal(harness.state('two').kind, 'running');
  assert.equal((await harness.host.callTool('user/two', 'echo', {}, {})).isError, false);
  await harness.end();
});

test('what an earlier process still says changes nothing', async () => {
  const harness = await open();
  const old = harness.start('one');
  await harness.host.restart(ID);
  await harness.settle();
  const before = harness.state('one');
  const { length } = harness.changes;
  for (const [name, payload] of [
    ['listChanged', { kind: 'tools' }],
    ['resourceUpdated', { uri: 'test://one' }],
    ['stderr', { lines: ['late'], dropped: 0 }],
    ['progress', { callId: 1, progress: 1 }],
    ['ended', { failure: { code: 'connection-closed' }, exit: { code: 1, signal: null } }],
    ['spawned', { pid: 1 }],
  ] as const)
    old.hostPort.deliver([{ t: 'event', name, payload }]);
  old.hostPort.break('late');
  await harness.settle();
  assert.equal(harness.state('one'), before);
  assert.equal(harness.changes.length, length);
  await harness.end();
});

test('what a process says while it is being stopped changes nothing either', async () => {
  const harness = await open();
  const { hostPort } = harness.start('one');
  const stopped = harness.host.stop(ID);
  hostPort.deliver([
    { t: 'event', name: 'ended', payload: { failure: { code: 'connection-closed' } } },
    { t: 'event', name: 'listChanged', payload: { kind: 'tools' } },
  ]);
  await stopped;
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  await harness.end();
});

test('a client that does not answer the request to close is ended after its time', async () => {
  const harness = await open();
  const { clientPort, hostPort } = harness.start('one');
  clientPort.listen({ onBatch: () => undefined, onClose: () => undefined });
  const seen: ServerState[] = [];
  const stopped = harness.host.stop(ID).then(() => seen.push(harness.state('one')));
  await harness.pass(2_600);
  assert.equal(seen.length, 0, 'not before its time is over');
  await harness.pass(200);
  assert.equal(hostPort.isClosed, true);
  await stopped;
  assert.equal(seen[0]?.kind, 'stopped');
  // The server is left to the reaper, which has no part in this test.
  harness.start('one').server.transport.exit({ code: null, signal: 'SIGKILL' });
  await harness.end();
});

test('the reaper watches every launch before there is a process, and only while there may be one', async () => {
  const log: string[] = [];
  const harness = new HostHarness({
    reaper: {
      watch: (token, pid) => void log.push(`watch ${token}${pid === undefined ? '' : ` ${pid}`}`),
      unwatch: (token) => {
        log.push(`unwatch ${token}`);
        return Promise.resolve();
      },
    },
  });
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  await harness.host.restart(ID);
  harness.start('one').server.transport.exit({ code: 0, signal: null });
  await harness.settle();
  const tokens = harness.starts.map(({ spec }) => spec.env['MCP_HOST_LAUNCH']);
  assert.deepEqual(
    log,
    [0, 1].flatMap((index) => [
      `watch ${tokens[index]}`,
      `watch ${tokens[index]} ${1_000 + index}`,
      `unwatch ${tokens[index]}`,
    ]),
  );
  await harness.end();
});

test("a client that cannot be launched is that server's failure", async () => {
  const harness = new HostHarness({
    clients: {
      launch: () => {
        throw new Error('no such file');
      },
    },
  });
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
  assert.equal(state.cause.failure.code, 'internal');
  await harness.end();
});

test('closing ends all servers, those included that are just leaving', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  harness.world.setServers({ two: { command: 'two' } });
  await harness.host.close();
  assert.equal(harness.alive('one') + harness.alive('two'), 0);
  await harness.end();
});

test('disposing ends every client at once, without an orderly close', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  harness.world.setServers({ two: { command: 'two' } });
  harness.host.dispose();
  for (const { hostPort } of harness.starts) assert.ok(hostPort.isClosed);
  await harness.settle();
  assert.equal(harness.alive('one') + harness.alive('two'), 0);
  await harness.end();
});

test('disposing while a server is being prepared starts nothing', async () => {
  const harness = new HostHarness();
  harness.world.setServers({ one: { command: 'one' } });
  harness.machine.beforeLook = (what) => {
    if (what === 'findProgram') harness.host.dispose();
  };
  harness.host.open();
  await harness.settle();
  assert.equal(harness.launches, 0);
  await harness.end();
});
