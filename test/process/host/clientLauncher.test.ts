/** How threads are started: few at once, and one ahead, which is used by the next server and never outlives the rest. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { ClientLauncher } from '../../../src/rpc/clientLauncher';
import type { LinkPort } from '../../../src/rpc/linkPort';
import { FakeClock } from '../../support/fakeClock';
import { eventually, keptAlive } from '../../support/processProbes';

/** A client that leaves a file when it starts, and tells its own number. */
const SCRIPT = `const { parentPort, threadId } = require('node:worker_threads');
require('node:fs').writeFileSync(require('node:path').join(__dirname, 'started-' + threadId), '');
parentPort.on('message', () => parentPort.postMessage([threadId]));`;

async function withLauncher(
  body: (launcher: ClientLauncher, clock: FakeClock, started: () => Promise<number>) => Promise<void>,
): Promise<void> {
  await keptAlive(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mcp-host-launcher-'));
    const script = path.join(folder, 'client.js');
    await writeFile(script, SCRIPT);
    const clock = new FakeClock();
    const launcher = new ClientLauncher(script, clock);
    const started = async (): Promise<number> =>
      (await readdir(folder)).filter((name) => name.startsWith('started-')).length;
    try {
      await body(launcher, clock, started);
    } finally {
      launcher.dispose();
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The number of the thread behind a port. */
function threadOf(port: LinkPort): Promise<unknown> {
  return new Promise((resolve) => {
    port.listen({ onBatch: (batch) => resolve((batch as readonly unknown[])[0]), onClose: () => undefined });
    port.post(['who'], []);
  });
}

const closed = (port: LinkPort): Promise<void> =>
  new Promise((resolve) => {
    port.listen({ onBatch: () => undefined, onClose: () => resolve() });
    port.close();
  });

test('a second after the last start one thread is made ready, and the next server gets it', async () => {
  await withLauncher(async (launcher, clock, started) => {
    const first = launcher.launch('thread');
    await threadOf(first);
    clock.advance(999);
    const second = launcher.launch('thread');
    const secondThread = Number(await threadOf(second));
    assert.equal(await started(), 2, 'starting is not the time to start more');
    clock.advance(1_000);
    await eventually(async () => (await started()) === 3, 5_000, 'one is made ready');
    const third = launcher.launch('thread');
    assert.ok(Number(await threadOf(third)) > secondThread);
    assert.equal(await started(), 3, 'the next server needs no start');
    await Promise.all([first, second, third].map(closed));
  });
});

test('when the last client has ended nothing is kept ready any more', async () => {
  await withLauncher(async (launcher, clock, started) => {
    const only = launcher.launch('thread');
    await threadOf(only);
    clock.advance(1_000);
    await eventually(async () => (await started()) === 2, 5_000, 'one is made ready');
    await closed(only);
    await eventually(() => Promise.resolve(clock.waiting === 0), 5_000, 'no start is planned');
    const next = launcher.launch('thread');
    await threadOf(next);
    assert.equal(await started(), 3, 'it had to be started');
    await closed(next);
  });
});

test('of many clients few are started at once, all in their turn, and not those that are given up before', async () => {
  await withLauncher(async (launcher, _, started) => {
    const ports = Array.from({ length: 7 }, () => launcher.launch('thread'));
    const threads = ports.map(threadOf);
    const [givenUp] = ports.slice(-2, -1);
    assert.ok(givenUp);
    await closed(givenUp);
    const others = [...threads.slice(0, -2), ...threads.slice(-1)];
    const numbers = (await Promise.all(others)).map(Number);
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
      'in their turn',
    );
    assert.equal(await started(), ports.length - 1, 'the one that was given up was never started');
    await Promise.all(ports.filter((port) => port !== givenUp).map(closed));
  });
});
