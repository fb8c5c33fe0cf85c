import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { serverNotes } from '../../../src/presentation/serverRows';
import { findExecutable } from '../../../src/transport/executables';
import { failsSaying } from '../../support/failures';
import { Probe } from '../../support/measures/probe';
import { carriersOf, childrenOf, eventually, keptAlive, lives } from '../../support/processProbes';
import { testMachine } from '../../support/testPorts';
import type { KilledHostReport } from './killedHost.entry';
import { hostile, RealHost, SERVERS } from './realHost';

/** What stopping may take, and nothing of a server is left then. */
const STOP_MS = 3_000;

for (const [how, tool, args, exit, lastWords] of [
  ['an exit code', 'exit', { code: 7 }, { code: 7, signal: null }, ['before the end', 'the last words']],
  ['exit code 0', 'exit', { code: 0 }, { code: 0, signal: null }, ['before the end', 'the last words']],
  ['a signal', 'signal', { signal: 'SIGSEGV' }, { code: null, signal: 'SIGSEGV' }, ['about to be killed']],
] as const)
  test(`a server that crashes with ${how} says so, with its last words, and its call fails`, async () => {
    await RealHost.with({ bad: hostile(), good: hostile() }, async (real) => {
      await failsSaying(real.call('bad', tool, args), /The server ended/);
      await real.until(() => real.state('bad').kind === 'failed');
      const state = real.state('bad');
      assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
      assert.deepEqual(state.cause.exit, exit);
      assert.deepEqual(state.cause.stderr, lastWords);
      assert.equal(real.state('good').kind, 'running');
    });
  });

test('a server that crashes comes back by itself, with another process, and its lost call was made once', async () => {
  await RealHost.with({ bad: hostile() }, async (real) => {
    const before = real.pid('bad');
    await failsSaying(real.call('bad', 'exit', { code: 7 }), /The server ended/);
    await real.until(() => real.state('bad').kind === 'failed');
    const state = real.state('bad');
    assert.ok(state.kind === 'failed' && state.next?.kind === 'restart');
    await real.until(() => real.state('bad').kind === 'running');
    assert.notEqual(real.pid('bad'), before);
    assert.equal((await real.call('bad', 'echo', { text: 'back' })).isError, false);
    await eventually(async () => (await real.processes()).length === 1, 5_000, 'one process');
  });
});

test('a server that dies of the probe is started again, and its second process stays', async () => {
  const probed = hostile('--dies-of-probe');
  await RealHost.with({ thread: probed, process: { ...probed, strict: true } }, async (real) => {
    // The reaper has had time to end what is left of the first processes.
    await eventually(async () => (await real.processes()).length === 2, 10_000, 'one process of each');
    for (let round = 0; round < 20; round++)
      for (const name of ['thread', 'process'])
        assert.equal((await real.call(name, 'echo', { text: `${round}` })).isError, false);
    assert.deepEqual([real.state('thread').kind, real.state('process').kind], ['running', 'running']);
  });
});

test('a server whose script does not exist fails with its own exit code and words', async () => {
  const missing = { command: 'node', args: ['no-such-script.mjs'] };
  await RealHost.with({ missing }, async (real) => {
    await real.until(() => real.state('missing').kind === 'failed');
    const state = real.state('missing');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
    assert.deepEqual(state.cause.exit, { code: 1, signal: null });
    assert.match(state.cause.stderr.join('\n'), /Cannot find module .*no-such-script/);
  });
});

test('a program that is no server of MCP shows in its row what it wrote instead', async () => {
  const web = { command: 'node', args: ['-e', 'console.log("Listening on http://localhost:3000")'] };
  await RealHost.with({ web }, async (real) => {
    await real.until(() => real.state('web').kind === 'failed');
    const server = real.host.server('user/web');
    assert.ok(server);
    assert.deepEqual(
      serverNotes(server).map(({ label }) => label),
      ['The server ended (exit code 0).', 'wrote instead of MCP: Listening on http://localhost:3000'],
    );
  });
});

test('servers that ignore everything are gone within 3 s of a stop, all at once, their children included', async () => {
  const names = ['a', 'b', 'c', 'd'];
  await RealHost.with(
    Object.fromEntries(names.map((name) => [name, hostile('--stubborn')])),
    async (real) => {
      // The server and two children of each, of which one has left the group.
      await eventually(
        async () => (await real.processes()).length === 3 * names.length,
        10_000,
        'all have come up',
      );
      const probe = new Probe();
      const start = performance.now();
      await Promise.all(names.map((name) => real.host.stop(`user/${name}`)));
      const took = performance.now() - start;
      for (const name of names) assert.equal(real.state(name).kind, 'stopped');
      await eventually(async () => (await real.processes()).length === 0, 1_000, 'nothing is left');
      const { starved } = probe.stop();
      assert.ok(took < STOP_MS + starved, `${Math.round(took)} ms`);
    },
  );
});

test('the host closes all its servers at once, within 3 s', async () => {
  const servers = { a: hostile('--stubborn'), b: { ...hostile('--stubborn'), strict: true }, c: hostile() };
  await RealHost.with(servers, async (real) => {
    const probe = new Probe();
    const start = performance.now();
    await real.host.close();
    const took = performance.now() - start;
    const { starved } = probe.stop();
    assert.ok(took < STOP_MS + starved, `${Math.round(took)} ms`);
    await eventually(async () => (await real.processes()).length === 0, 1_000, 'nothing is left');
  });
});

test('a host that is disposed without a close leaves nothing either', async () => {
  await RealHost.with({ a: hostile('--stubborn'), b: { ...hostile(), strict: true } }, async (real) => {
    real.host.dispose();
    await eventually(async () => (await real.processes()).length === 0, 5_000, 'the reaper ends them');
  });
});

test('of a host that is killed nothing is left within 5 s: no server, no client, no reaper', async () => {
  await keptAlive(async () => {
    const script = path.join(__dirname, 'killedHost.entry.js');
    const host = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      assert.ok(host.stdout && host.pid !== undefined);
      const [line] = (await once(host.stdout, 'data')) as [Buffer];
      const { tokens, states } = JSON.parse(line.toString('utf8')) as KilledHostReport;
      assert.deepEqual(states, ['running', 'running', 'running']);
      await eventually(async () => (await carriersOf(tokens)).length === 7, 10_000, 'all have come up');
      const children = await childrenOf(host.pid);
      assert.ok(children.length >= 3, 'the reaper, the strict client and servers');
      host.kill('SIGKILL');
      await once(host, 'exit');
      const gone = async (): Promise<boolean> =>
        (await carriersOf(tokens)).length === 0 && !(await Promise.all(children.map(lives))).includes(true);
      await eventually(gone, 5_000, 'nothing is left');
    } finally {
      // One that is still there would be waited for.
      host.kill('SIGKILL');
    }
  });
});

test('a client process that is killed fails only its own server, and its server is ended', async () => {
  await RealHost.with({ strict: { ...hostile(), strict: true }, good: hostile() }, async (real) => {
    const server = real.pid('strict');
    const call = failsSaying(real.call('strict', 'silent'), /closed/);
    const clients = await childrenOf(process.pid);
    const [client] = await Promise.all(
      clients.map(async (pid) => ((await childrenOf(pid)).includes(server) ? pid : undefined)),
    ).then((found) => found.filter((pid) => pid !== undefined));
    assert.ok(client, 'the server is a child of its client');
    process.kill(client, 'SIGKILL');
    await call;
    await real.until(() => real.state('strict').kind === 'failed');
    const state = real.state('strict');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'client-lost');
    assert.match(state.cause.detail, /SIGKILL/);
    assert.equal((await real.call('good', 'echo', { text: 'still here' })).isError, false);
    await eventually(async () => !(await lives(server)), 5_000, 'its server is gone');
    await real.host.start('user/strict');
    assert.equal(real.state('strict').kind, 'running');
  });
});

test('a command that is not found says where it was looked for, and a file that is no program says so', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-host-path-'));
  const plain = path.join(folder, 'plain');
  writeFileSync(plain, 'not a program');
  chmodSync(plain, 0o644);
  const real = new RealHost({});
  const machine = testMachine({
    processEnv: { ...process.env, PATH: `${folder}:/nowhere` },
    findProgram: async (command, { cwd, path: pathVar, forbiddenRoots }) =>
      await findExecutable(command, { cwd, pathVar, forbiddenRoots, platform: process.platform }),
  });
  await keptAlive(async () => {
    const { Host } = await import('../../../src/host/host');
    const host = new Host(real.world.ports({ machine }));
    real.world.setServers({
      none: { command: 'no-such-command' },
      plain: { command: plain },
      folder: { command: process.execPath, cwd: plain },
    });
    host.open();
    await Promise.all(['none', 'plain', 'folder'].map((name) => host.start(`user/${name}`)));
    const failure = (name: string): string => {
      const state = host.server(`user/${name}`)?.state;
      assert.ok(state?.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
      return describeFailure(state.cause.failure);
    };
    assert.equal(
      failure('none'),
      `Command "no-such-command" was not found. Looked in: ${folder}/no-such-command, /nowhere/no-such-command.`,
    );
    assert.match(failure('plain'), /is not an executable file/);
    assert.match(failure('folder'), /working folder .* does not exist, or is not a folder\./);
    await host.close();
    host.dispose();
    real.dispose();
  });
});

test('twenty servers are started and stopped without leaving a process or a handle', async () => {
  await RealHost.with({ good: SERVERS.trailNotes }, async (real) => {
    const handles = (): number =>
      process.getActiveResourcesInfo().filter((name) => !/Timeout|Immediate/.test(name)).length;
    await real.host.restart('user/good');
    const before = handles();
    for (let round = 0; round < 5; round++) await real.host.restart('user/good');
    assert.ok(handles() <= before + 2, `${handles()} handles, ${before} before`);
    await eventually(async () => (await real.processes()).length === 1, 5_000, 'only the last one lives');
  });
});
