import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { startTime } from '../../../src/transport/processTable';
import { ReaperProcess } from '../../../src/transport/reaper';
import {
  readReaperReport,
  type ReaperCommand,
  type ReaperReport,
} from '../../../src/transport/reaperProtocol';
import { WatchedLaunch } from '../../../src/transport/watchedLaunch';
import { FakeClock } from '../../support/fakeClock';
import { keptAlive } from '../../support/processProbes';
import { bundle } from './build';
import { abandonable, eventually, exitOf, isGone, onLinux, soon, startMarked } from './marked';

const reaperScript = bundle('src/transport/reaperMain.ts');

function startReaper(script = reaperScript, clock = new FakeClock()): ReaperProcess {
  const reaper = new ReaperProcess({ onFailure: (detail) => assert.fail(detail), clock });
  reaper.start(process.execPath, script);
  return reaper;
}

/** A process that tells when it is asked to end, and does not. */
async function startTelling(): Promise<{
  child: ChildProcess;
  token: string;
  pid: number;
  asked: Promise<unknown>;
}> {
  const script =
    "process.on('SIGTERM', () => console.log('asked')); setInterval(() => 0, 1000); console.log('ready')";
  const marked = await startMarked(randomUUID(), ['-e', script]);
  return { ...marked, asked: once(marked.child.stdout, 'data') };
}

/**
 * A program in place of the reaper's: each run writes the commands it gets to a file of its own. The first ends when it gets
 * `lastOp`, after it reported everything in `reports`.
 */
function recordingReaper(
  lastOp: string,
  reports: readonly ReaperReport[],
): { script: string; run: (index: number) => readonly ReaperCommand[] } {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-host-reaper-'));
  const script = join(folder, 'reaper.js');
  writeFileSync(
    script,
    `const fs = require('node:fs');
     const first = !fs.existsSync(__dirname + '/0');
     const file = __dirname + (first ? '/0' : '/1');
     fs.writeFileSync(file, '');
     const reports = ${JSON.stringify(reports.map((report) => `${JSON.stringify(report)}\n`).join(''))};
     process.stdin.on('data', (data) => {
       fs.appendFileSync(file, data);
       if (first && String(data).includes(${JSON.stringify(lastOp)})) process.stdout.write(reports, () => process.exit());
     });`,
  );
  return {
    script,
    run: (index) => {
      const file = join(folder, String(index));
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
      return lines.map((line) => JSON.parse(line) as ReaperCommand);
    },
  };
}

test('a process whose pid was never heard of ends with its launch', { skip: !onLinux && 'Linux only' }, () =>
  keptAlive(async () => {
    const reaper = startReaper();
    const [ended, left] = [randomUUID(), randomUUID()];
    for (const token of [ended, left]) reaper.watch(token);
    const first = await startMarked(ended);
    const second = await startMarked(left);
    await soon(reaper.unwatch(ended));
    assert.ok(await isGone(first.pid));
    assert.equal(await isGone(second.pid), false);
    reaper.dispose();
    await soon(exitOf(second.child));
  }),
);

test(
  'a process that comes to life while its launch is being ended is ended too',
  { skip: !onLinux && 'Linux only' },
  () =>
    keptAlive(async () => {
      const clock = new FakeClock();
      const token = randomUUID();
      const ending = new WatchedLaunch(token, clock).end();
      // Nothing was found: only the last look is still to come.
      assert.ok(await eventually(() => Promise.resolve(clock.waiting === 1)));
      const late = await startMarked(token);
      const pump = setInterval(() => clock.advance(20), 5);
      await ending.finally(() => clearInterval(pump));
      assert.ok(await isGone(late.pid));
    }),
);

test('what a reaper is told while it dies, the next one does', () =>
  keptAlive(async () => {
    const reaper = startReaper();
    const { token, pid } = await startTelling();
    reaper.watch(token, pid);
    assert.ok(reaper.pid);
    process.kill(reaper.pid, 'SIGKILL');
    await soon(reaper.unwatch(token));
    assert.ok(await isGone(pid));
    reaper.dispose();
  }));

test('what a reaper died over, the next one finishes', () =>
  keptAlive(async () => {
    const reaper = startReaper();
    const { token, pid, asked } = await startTelling();
    reaper.watch(token, pid);
    const over = reaper.unwatch(token);
    await soon(asked);
    assert.ok(reaper.pid);
    process.kill(reaper.pid, 'SIGKILL');
    await soon(over);
    assert.ok(await isGone(pid));
    reaper.dispose();
  }));

test('what is being ended when the host dies is ended all the same', () =>
  keptAlive(async () => {
    const reaper = startReaper();
    const { token, pid, asked } = await startTelling();
    reaper.watch(token, pid);
    void reaper.unwatch(token);
    await soon(asked);
    reaper.dispose();
    assert.ok(await eventually(() => isGone(pid)));
  }));

test('a reaper reports when a leader started, and when nothing is left', () =>
  keptAlive(async () => {
    const { token, pid } = await startMarked();
    const started = await startTime(pid);
    const child = spawn(process.execPath, [reaperScript], { stdio: ['pipe', 'pipe', 'inherit'] });
    abandonable(child);
    const next = async (): Promise<ReaperReport | undefined> => {
      const [text] = (await soon(once(child.stdout, 'data'))) as [Buffer];
      return readReaperReport(text.toString('utf8').trim());
    };
    child.stdin.write(`${JSON.stringify({ op: 'watch', token, leader: { pid } })}\n`);
    assert.deepEqual(await next(), { op: 'started', token, leader: { pid, started } });
    child.stdin.write(`${JSON.stringify({ op: 'unwatch', token })}\n`);
    assert.deepEqual(await next(), { op: 'over', token });
    assert.ok(await isGone(pid));
    child.stdin.end();
    await soon(exitOf(child));
  }));

test('a reaper that takes over knows when the leaders started, and what is over but not done', () =>
  keptAlive(async () => {
    const leader = { pid: 4_194_303, started: 'then' };
    const { script, run } = recordingReaper('unwatch', [
      { op: 'started', token: 'a', leader },
      { op: 'over', token: 'done' },
    ]);
    const reaper = startReaper(script);
    reaper.watch('a', leader.pid);
    reaper.watch('b');
    reaper.watch('done', 4_194_302);
    const done = reaper.unwatch('done');
    void reaper.unwatch('b');
    await soon(done);
    assert.ok(await eventually(() => Promise.resolve(run(1).some(({ op }) => op === 'unwatch'))));
    assert.deepEqual(run(1), [
      { op: 'watch', token: 'a' },
      { op: 'watch', token: 'a', leader },
      { op: 'watch', token: 'b' },
      { op: 'unwatch', token: 'b' },
    ]);
    reaper.dispose();
  }));

test('a launch of which no reaper says that it is over counts as over after 5 s', () =>
  keptAlive(async () => {
    const clock = new FakeClock();
    const { script, run } = recordingReaper('end of the first', []);
    const reaper = startReaper(script, clock);
    reaper.watch('a');
    let over = false;
    const unwatched = reaper.unwatch('a').then(() => (over = true));
    clock.advance(4_999);
    assert.ok(await eventually(() => Promise.resolve(run(0).length === 2)));
    assert.equal(over, false);
    clock.advance(1);
    await soon(unwatched);
    reaper.watch('end of the first');
    assert.ok(await eventually(() => Promise.resolve(run(1).length > 0)));
    assert.deepEqual(run(1), [{ op: 'watch', token: 'end of the first' }]);
    reaper.dispose();
  }));

test('nobody waits for a reaper that there is not', () =>
  keptAlive(async () => {
    const failed = new Deferred<string>();
    const broken = new ReaperProcess({
      onFailure: (detail) => failed.resolve(detail),
      clock: new FakeClock(),
    });
    broken.start('/no/such/node', reaperScript);
    const before = broken.unwatch('a');
    await soon(failed.promise);
    await soon(Promise.all([before, broken.unwatch('b')]));
    const never = new ReaperProcess({ onFailure: (detail) => assert.fail(detail), clock: new FakeClock() });
    await soon(never.unwatch('a'));
    const disposed = startReaper();
    const pending = disposed.unwatch('a');
    disposed.dispose();
    await soon(pending);
  }));
