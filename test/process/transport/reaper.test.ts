import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';

import { systemClock } from '../../../src/base/clock';
import { sweepMarked } from '../../../src/transport/launchMarker';
import { startTime } from '../../../src/transport/processTable';
import { ReaperProcess } from '../../../src/transport/reaper';
import { WatchedGroup } from '../../../src/transport/watchedGroup';
import { WatchedLaunch } from '../../../src/transport/watchedLaunch';
import { keptAlive } from '../../support/processProbes';
import { bundle } from './build';
import { evilServer } from './harness';
import {
  abandonable,
  carriers,
  eventually,
  exitOf,
  isGone,
  leaderlessGroup,
  onLinux,
  soon,
  startMarked,
} from './marked';

const reaperScript = bundle('src/transport/reaperMain.ts');
const fakeHost = bundle('test/process/transport/fakeHost.ts');

interface HostReport {
  readonly tokens: readonly string[];
  readonly reaper: number;
}

async function startHost(
  modes: readonly string[],
): Promise<{ readonly host: ChildProcess; readonly report: HostReport }> {
  const host = spawn(process.execPath, [fakeHost, reaperScript, evilServer, ...modes], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  assert.ok(host.stdout);
  const [line] = (await once(host.stdout, 'data')) as [Buffer];
  return { host, report: JSON.parse(line.toString('utf8')) as HostReport };
}

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  test(`no server outlives a host that dies by ${signal}, however it behaves`, () =>
    keptAlive(async () => {
      const modes = [
        'echo',
        'ignoreTerminate',
        'busy',
        'stopped',
        'grandchild',
        ...(onLinux ? ['escape'] : []),
      ];
      const { host, report } = await startHost(modes);
      for (const token of report.tokens) assert.equal((await carriers(token)) > 0, onLinux);
      assert.ok(host.pid);
      // To the whole group, as a terminal or a service manager does: the reaper must not go with it.
      process.kill(-host.pid, signal);
      const gone = await eventually(async () => {
        for (const token of report.tokens) if ((await carriers(token)) > 0) return false;
        return true;
      });
      assert.ok(gone, 'servers are left after 5 s');
      assert.ok(await eventually(() => isGone(report.reaper)), 'the reaper is left');
    }));

test('the reaper ignores the signals that end a session', () =>
  keptAlive(async () => {
    const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail) });
    const { child, token, pid } = await startMarked();
    reaper.start(process.execPath, reaperScript);
    reaper.watch(token, pid);
    const reaperPid = reaper.pid;
    assert.ok(reaperPid);
    await stillReaps(reaper);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.kill(reaperPid, signal);
    await stillReaps(reaper);
    assert.equal(reaper.pid, reaperPid);
    reaper.dispose();
    await exitOf(child);
    assert.ok(await eventually(() => isGone(reaperPid)));
  }));

test('unwatch ends what is left of a group', () =>
  keptAlive(async () => {
    const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail) });
    reaper.start(process.execPath, reaperScript);
    const { child, token, pid } = await startMarked();
    reaper.watch(token, pid);
    await soon(reaper.unwatch(token));
    assert.ok(await isGone(pid));
    await exitOf(child);
    reaper.dispose();
  }));

test('unwatch ends what is left of a group whose leader is gone', () =>
  keptAlive(async () => {
    const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail) });
    reaper.start(process.execPath, reaperScript);
    const token = randomUUID();
    await leaderlessGroup(token, (leader) => reaper.watch(token, leader));
    if (onLinux) assert.equal(await carriers(token), 1);
    await soon(reaper.unwatch(token));
    if (onLinux) assert.equal(await carriers(token), 0);
    reaper.dispose();
  }));

test('a process that took over the pid of a watched one is left alone', () =>
  keptAlive(async () => {
    const innocent = await startMarked();
    await new WatchedGroup(innocent.pid, randomUUID(), systemClock, Promise.resolve('another time')).end();
    await new WatchedGroup(innocent.pid, randomUUID(), systemClock, Promise.resolve(undefined)).end();
    const launch = new WatchedLaunch(randomUUID(), systemClock);
    await launch.add({ pid: innocent.pid, started: 'another time' });
    await launch.end();
    assert.notEqual(await startTime(innocent.pid), undefined);
    innocent.child.kill('SIGKILL');
    await exitOf(innocent.child);
  }));

test(
  'a group without its leader is left alone unless it carries the token',
  { skip: !onLinux && 'Linux only' },
  () =>
    keptAlive(async () => {
      const token = randomUUID();
      const pid = await leaderlessGroup(token);
      await new WatchedGroup(pid, randomUUID(), systemClock, Promise.resolve('before')).end();
      assert.equal(await carriers(token), 1);
      await new WatchedGroup(pid, token, systemClock, Promise.resolve('before')).end();
      // The last signal is sent by then; its process takes a moment to end.
      assert.ok(await eventually(async () => (await carriers(token)) === 0));
    }),
);

test('a reaper that has nothing left to do does not go through the shutdown of Node, which can wait for itself', () =>
  keptAlive(async () => {
    const reaper = spawn(process.execPath, [reaperScript], { stdio: ['pipe', 'pipe', 'ignore'] });
    abandonable(reaper);
    const { child, token, pid } = await startMarked();
    reaper.stdin.end(`${JSON.stringify({ op: 'watch', token, leader: { pid } })}\n`);
    assert.deepEqual(await soon(exitOf(reaper)), [null, 'SIGKILL']);
    assert.deepEqual(await soon(exitOf(child)), [null, 'SIGKILL'], 'it was still at work');
  }));

test('a reaper that dies is replaced and knows what to watch', () =>
  keptAlive(async () => {
    const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail) });
    reaper.start(process.execPath, reaperScript);
    const { child, token, pid } = await startMarked();
    reaper.watch(token, pid);
    const first = reaper.pid;
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    assert.ok(await eventually(() => Promise.resolve(reaper.pid !== undefined && reaper.pid !== first)));
    assert.notEqual(await startTime(pid), undefined);
    reaper.dispose();
    await exitOf(child);
  }));

test('a reaper that ends again and again is given up, once', () =>
  keptAlive(async () => {
    const reports: string[] = [];
    await new Promise<void>((resolve) => {
      const reaper = new ReaperProcess({
        onFailure: (detail) => {
          reports.push(detail);
          resolve();
        },
      });
      reaper.start(process.execPath, '/no/such/script.js');
      reaper.watch(randomUUID(), 4_194_303);
    });
    assert.deepEqual(reports, ['the reaper process ends again and again']);
  }));

test('a reaper that cannot start is reported and the host goes on', () =>
  keptAlive(async () => {
    const detail = await new Promise<string>((resolve) => {
      const reaper = new ReaperProcess({ onFailure: resolve });
      reaper.start('/no/such/node', reaperScript);
      reaper.watch(randomUUID(), 4_194_303);
      void reaper.unwatch(randomUUID());
    });
    assert.equal(detail, 'the reaper process cannot be started (ENOENT)');
  }));

test('a reaper does not keep its host alive', async () => {
  const host = spawn(process.execPath, [fakeHost, reaperScript, evilServer], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.deepEqual(await exitOf(host), [0, null]);
});

test('a sweep ends only processes that carry exactly its token', { skip: !onLinux && 'Linux only' }, () =>
  keptAlive(async () => {
    const token = randomUUID();
    const [exact, longer, other] = [
      await startMarked(token),
      await startMarked(`${token}x`),
      await startMarked(),
    ];
    assert.equal(await sweepMarked(token), 1);
    await exitOf(exact.child);
    assert.equal(await carriers(`${token}x`), 1);
    assert.equal(await carriers(other.token), 1);
    assert.equal(await sweepMarked(''), 0);
    for (const { child } of [longer, other]) child.kill('SIGKILL');
  }),
);

/** Proves that the reaper works: a process given to it ends. */
async function stillReaps(reaper: ReaperProcess): Promise<void> {
  const { child, token, pid } = await startMarked();
  reaper.watch(token, pid);
  void reaper.unwatch(token);
  await exitOf(child);
}
