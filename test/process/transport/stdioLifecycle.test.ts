import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { FailureError, type Failure } from '../../../src/protocol/failure';
import type { LaunchSpec } from '../../../src/transport/launchSpec';
import { startTime } from '../../../src/transport/processTable';
import { StdioTransport } from '../../../src/transport/stdioTransport';
import { timed } from '../../support/measures/timed';
import { keptAlive } from '../../support/processProbes';
import { evilLaunch, evilServer, launchOf, open, Recorder } from './harness';

const node = JSON.stringify(process.execPath);
const evil = JSON.stringify(evilServer);

const stubbornServers: readonly (readonly [string, LaunchSpec])[] = [
  ['ignores the end of stdin', evilLaunch('ignoreEnd')],
  ['ignores SIGTERM', evilLaunch('ignoreTerminate')],
  ['spins in a busy loop', evilLaunch('busy')],
  ['is stopped by SIGSTOP', evilLaunch('stopped')],
  ['leaves a grandchild when it exits', evilLaunch('grandchild')],
  ['runs below a shell', launchOf('/bin/sh', ['-c', `${node} ${evil} stubborn; true`])],
  [
    'runs in the background of a shell that waits',
    launchOf('/bin/sh', ['-c', `${node} ${evil} stubborn & wait`]),
  ],
  ['moved a child into a session of its own', evilLaunch('escape')],
];

for (const [what, launch] of stubbornServers)
  test(`close leaves no process of a server that ${what}, within 3 s`, () =>
    keptAlive(async () => {
      const { transport, recorder, processes } = await open(launch);
      await recorder.method('ready');
      assert.notEqual((await processes()).length, 0);
      const ms = await timed(() => transport.close());
      assert.deepEqual(await processes(), []);
      assert.ok(ms < 3_000, `took ${ms} ms`);
      assert.deepEqual(
        recorder.closes.map(({ kind }) => kind),
        ['closed'],
      );
    }));

test('close waits no longer than a server that ends with its stdin', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('echo'));
    await recorder.method('ready');
    const ms = await timed(() => transport.close());
    assert.ok(ms < 900, `took ${ms} ms`);
    assert.deepEqual(recorder.closes, [{ kind: 'closed', exit: { code: 0, signal: null } }]);
    await transport.close();
    assert.equal(recorder.closes.length, 1);
  }));

for (const [stream, fd] of [
  ['stdout', 1],
  ['stderr', 2],
] as const)
  test(`${stream} is read on after close, so that a server that has much to say in the end can end by itself`, () =>
    keptAlive(async () => {
      // Through `fs` the write blocks until all of it is taken, which is more than any pipe holds.
      const says = `process.stdin.resume().on('end', () => fs.writeSync(${fd}, 'x'.repeat(4_000_000)))`;
      const ready = `const fs = require('fs'); fs.writeSync(1, '{"jsonrpc":"2.0","method":"ready"}\\n');`;
      const { transport, recorder } = await open(launchOf(process.execPath, ['-e', `${ready} ${says}`]));
      await recorder.method('ready');
      await transport.close();
      assert.deepEqual(recorder.closes, [{ kind: 'closed', exit: { code: 0, signal: null } }]);
    }));

test('what survives a leader that exits by itself is ended', () =>
  keptAlive(async () => {
    const { transport, recorder, processes } = await open(evilLaunch('leaderExits'), {
      ladder: { afterEnd: 100, afterTerminate: 100, afterKill: 500 },
    });
    const close = await recorder.whenClosed;
    assert.deepEqual(close, { kind: 'ended', exit: { code: 0, signal: null } });
    await transport.close();
    assert.deepEqual(await processes(), []);
  }));

test('an exit is reported with its code', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('exit', '42'));
    assert.deepEqual(await recorder.whenClosed, { kind: 'ended', exit: { code: 42, signal: null } });
    assert.equal(recorder.messages.length, 1, 'what was written before the exit arrives');
  }));

test('a crash is reported with its signal', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('crash', 'SIGKILL'));
    assert.deepEqual(await recorder.whenClosed, { kind: 'ended', exit: { code: null, signal: 'SIGKILL' } });
  }));

test('the last lines of stderr come before the end, complete or not', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('lastWords'));
    await recorder.whenClosed;
    assert.deepEqual(recorder.stderr, ['first', 'last words without an end']);
  }));

test('a closed stdout is a lost connection within 1 s, though the process lives', () =>
  keptAlive(async () => {
    const { transport, recorder, processes } = await open(evilLaunch('closeStdout'));
    await recorder.method('ready');
    const ms = await timed(() => recorder.whenClosed);
    assert.ok(ms < 1_000, `took ${ms} ms`);
    assert.equal(recorder.closes[0]?.kind, 'ended');
    await transport.close();
    assert.deepEqual(await processes(), []);
  }));

test('a server that closed its stdin is a lost connection within 1 s of a write', () =>
  keptAlive(async () => {
    const { transport, recorder } = await open(evilLaunch('closeStdin'));
    await recorder.method('ready');
    transport.send({ jsonrpc: '2.0', id: 1, method: 'x' });
    const ms = await timed(() => recorder.whenClosed);
    assert.ok(ms < 1_000, `took ${ms} ms`);
    await transport.close();
  }));

test('a message that the end cuts off is reported by its size only', () =>
  keptAlive(async () => {
    const { recorder } = await open(evilLaunch('partial'));
    await recorder.whenClosed;
    assert.deepEqual(recorder.noise, [{ excerpt: '', bytes: 20, reason: 'the output ended within a line' }]);
  }));

test('writes to a server that does not read are congested, and its death settles the connection', () =>
  keptAlive(async () => {
    const { transport, recorder, pid } = await open(evilLaunch('neverReads'));
    await recorder.method('ready');
    transport.send({ jsonrpc: '2.0', id: 1, method: 'x', params: { text: 'x'.repeat(5_000_000) } });
    assert.equal(transport.isCongested, true);
    process.kill(pid, 'SIGKILL');
    const ms = await timed(() => recorder.whenClosed);
    assert.ok(ms < 1_000, `took ${ms} ms`);
    transport.send({ jsonrpc: '2.0', id: 2, method: 'x' });
    assert.deepEqual(recorder.closes, [{ kind: 'ended', exit: { code: null, signal: 'SIGKILL' } }]);
  }));

test('the environment, arguments and folder are exactly those of the launch', () =>
  keptAlive(async () => {
    const args = [
      '',
      ' ',
      'a b',
      '"',
      "'",
      '\\',
      'C:\\x\\',
      '--',
      '$HOME',
      '`id`',
      '😀',
      'e\u0301',
      'a\nb',
      '*',
      '%PATH%',
    ];
    const launch = { ...evilLaunch('environment', ...args), cwd: tmpdir() };
    const { recorder } = await open(launch);
    const seen = await recorder.method('environment');
    assert.deepEqual('params' in seen ? seen.params : undefined, {
      env: launch.env,
      argv: args,
      cwd: tmpdir(),
    });
  }));

test('the pid that is reported leads a group of its own', () =>
  keptAlive(async () => {
    const { transport, recorder, pid } = await open(evilLaunch('echo'));
    const ready = await recorder.method('ready');
    assert.deepEqual('params' in ready ? ready.params : undefined, { pid });
    assert.doesNotThrow(() => process.kill(-pid, 0));
    await transport.close();
  }));

test('closing before or during the start starts nothing and calls nothing', () =>
  keptAlive(async () => {
    let spawned = 0;
    const transport = new StdioTransport({ launch: evilLaunch('echo'), onSpawned: () => (spawned += 1) });
    const recorder = new Recorder();
    const starting = transport.start(recorder);
    await transport.close();
    await assert.rejects(starting, (error) => failureOf(error).code === 'cancelled');
    assert.equal(spawned, 0);
    assert.deepEqual(recorder.closes, []);
  }));

test('each reason why a program cannot start is told apart', () =>
  keptAlive(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcp-host-'));
    try {
      const plain = join(folder, 'plain');
      await writeFile(plain, 'text');
      await mkdir(join(folder, 'folder'));
      const base = evilLaunch('echo');
      const reasonOf = async (change: Partial<LaunchSpec>): Promise<string> => {
        const transport = new StdioTransport({
          launch: { ...base, ...change },
          onSpawned: () => assert.fail('spawned'),
        });
        const failure = await transport.start(new Recorder()).then(() => assert.fail('started'), failureOf);
        assert.equal(failure.code, 'spawn-failed');
        return failure.code === 'spawn-failed' ? failure.spawn.reason : '';
      };
      assert.equal(await reasonOf({ command: join(folder, 'missing') }), 'not-found');
      assert.equal(await reasonOf({ command: join(plain, 'below') }), 'not-found');
      assert.equal(await reasonOf({ command: plain }), 'not-executable');
      assert.equal(await reasonOf({ command: join(folder, 'folder') }), 'not-executable');
      assert.equal(await reasonOf({ cwd: join(folder, 'missing') }), 'no-folder');
      assert.equal(await reasonOf({ cwd: plain }), 'no-folder');
      assert.equal(await reasonOf({ cwd: '' }), 'no-folder');
      assert.equal(await reasonOf({ command: 'node' }), 'bad-argument');
      assert.equal(await reasonOf({ args: ['a\0b'] }), 'bad-argument');
      assert.equal(await reasonOf({ args: ['\ud800'] }), 'bad-argument');
      assert.equal(await reasonOf({ args: ['x'.repeat(200_000)] }), 'bad-argument');
      assert.equal(
        await reasonOf({ args: Array.from({ length: 40 }, () => 'x'.repeat(100_000)) }),
        'bad-argument',
      );
      assert.equal(await reasonOf({ env: { A: '\0' } }), 'bad-argument');
      assert.equal(await reasonOf({ env: { 'A=B': '1' } }), 'bad-argument');
      // The system's own refusal: an interpreter that does not exist.
      const script = join(folder, 'script');
      await writeFile(script, '#!/no/such/interpreter\n');
      await chmod(script, 0o755);
      assert.equal(await reasonOf({ command: script }), 'not-found');
    } finally {
      await rm(folder, { recursive: true });
    }
  }));

test('a hundred starts and stops leave no process, handle or listener behind', () =>
  keptAlive(async () => {
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((name) => name.endsWith('Wrap')).length;
    const before = handles();
    for (let round = 0; round < 10; round += 1)
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const { transport, recorder, pid } = await open(launchOf('/bin/cat', []));
          transport.send({ jsonrpc: '2.0', id: 1, method: 'x' });
          await recorder.method('x');
          await transport.close();
          assert.equal(await startTime(pid), undefined);
        }),
      );
    assert.ok(handles() <= before + 1, `${handles()} handles after ${before}`);
  }));

function failureOf(error: unknown): Failure {
  assert.ok(error instanceof FailureError);
  return error.failure;
}
