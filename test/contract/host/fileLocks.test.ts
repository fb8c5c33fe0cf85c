/** Locks in files, as windows of one editor see them. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { FakeClock } from '../../support/fakeClock';
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

/** Lets time pass for one window, in steps as short as its looks, until `work` is done or has looked so often. */
async function passing<T>(clock: FakeClock, work: Promise<T>, looks = 1_000): Promise<T | 'waits'> {
  // Those of locks that are held already; one more means that `work` has looked and waits.
  const others = clock.waiting;
  let done: { readonly value: T } | undefined;
  void work.then((value) => (done = { value }));
  for (let look = 0; look < looks && !done; look++) {
    while (!done && clock.waiting <= others) await new Promise((resolve) => setImmediate(resolve));
    if (!done) clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done ? done.value : 'waits';
}

/** A window that sleeps or has crashed: its clock stands still, so that it keeps nothing young. */
async function asleep(folder: string): Promise<() => void> {
  return await fileLocks(folder, new FakeClock()).acquire('name', SIGNAL);
}

test('a lock that its window has left behind is taken over', async () => {
  await inFolder(async (folder) => {
    const left = await asleep(folder);
    const clock = new FakeClock();
    const release = await passing(clock, fileLocks(folder, clock).acquire('name', SIGNAL));
    assert.ok(release !== 'waits');
    left();
    release();
    assert.equal(clock.waiting, 0);
  });
});

for (const [name, offset] of [
  ['back', 3_600_000],
  ['ahead', -3_600_000],
] as const)
  test(`a clock that is set ${name} takes no lock from the window that holds it, and keeps none for ever`, async () => {
    await inFolder(async (folder) => {
      const clock = new FakeClock();
      const locks = fileLocks(folder, clock);
      const release = await locks.acquire('name', SIGNAL);
      const [file = ''] = await readdir(folder);
      const touched = new Date(clock.wall() + offset);
      await utimes(path.join(folder, file), touched, touched);
      const abort = new AbortController();
      const waiting = locks.acquire('name', abort.signal);
      // The clock is that of the holder too, which keeps its lock young meanwhile.
      assert.equal(
        await passing(
          clock,
          waiting.catch(() => 'gave up' as const),
          500,
        ),
        'waits',
      );
      abort.abort();
      await assert.rejects(waiting);
      release();

      const folder2 = await mkdtemp(path.join(folder, 'left-'));
      const left = await asleep(folder2);
      const [leftFile = ''] = await readdir(folder2);
      await utimes(path.join(folder2, leftFile), touched, touched);
      const taken = await passing(clock, fileLocks(folder2, clock).acquire('name', SIGNAL));
      assert.ok(taken !== 'waits');
      left();
      taken();
    });
  });

test('a window that wakes up gives back what is its own, not the lock that another window has by now', async () => {
  await inFolder(async (folder) => {
    const sleeper = await asleep(folder);
    const clock = new FakeClock();
    const locks = fileLocks(folder, clock);
    const release = await passing(clock, locks.acquire('name', SIGNAL));
    assert.ok(release !== 'waits');
    const before = await readdir(folder);
    sleeper();
    const abort = new AbortController();
    const third = locks.acquire('name', abort.signal);
    assert.equal(
      await passing(
        clock,
        third.catch(() => 'gave up' as const),
        300,
      ),
      'waits',
    );
    assert.deepEqual(await readdir(folder), before);
    abort.abort();
    await assert.rejects(third);
    release();
  });
});

test('a lock that comes when nobody waits for it any more is given back at once', async () => {
  await inFolder(async (folder) => {
    const locks = fileLocks(folder);
    await assert.rejects(locks.acquire('name', AbortSignal.abort()));
    const release = await locks.acquire('name', SIGNAL);
    release();
  });
});
