/** Locks in files, as windows of one editor see them. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { keptAlive } from '../../support/processProbes';
import { fileLocks } from '../../../src/platform/fileLocks';

const SIGNAL = new AbortController().signal;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mcph-locks-'));
  try {
    // The product's timers keep no process alive.
    await keptAlive(() => use(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('of all who want a lock one has it at a time, and all get their turn', async () => {
  await inFolder(async (folder) => {
    let holders = 0;
    let turns = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const release = await fileLocks(folder).acquire('name', SIGNAL);
        holders++;
        assert.equal(holders, 1);
        await new Promise((resolve) => setImmediate(resolve));
        holders--;
        turns++;
        release();
      }),
    );
    assert.equal(turns, 8);
  });
});

test('locks of different names do not wait for each other, whatever the names hold', async () => {
  await inFolder(async (folder) => {
    const locks = fileLocks(folder);
    const first = await locks.acquire('../../a', SIGNAL);
    const second = await locks.acquire('b', SIGNAL);
    assert.equal((await readdir(folder)).length, 2);
    first();
    second();
  });
});

test('waiting for a lock ends with its signal', async () => {
  await inFolder(async (folder) => {
    const locks = fileLocks(folder);
    const release = await locks.acquire('name', SIGNAL);
    const abort = new AbortController();
    const waiting = locks.acquire('name', abort.signal);
    abort.abort();
    await assert.rejects(waiting);
    release();
  });
});

test('a lock that its window has left behind is taken over', async () => {
  await inFolder(async (folder) => {
    const locks = fileLocks(folder);
    await locks.acquire('name', SIGNAL);
    const [file] = await readdir(folder);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path.join(folder, String(file)), longAgo, longAgo);
    const release = await locks.acquire('name', SIGNAL);
    release();
  });
});
