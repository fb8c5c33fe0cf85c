/** Locks among all windows of this editor: a file that only one of them can create, kept young while it is held (T088). */

import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, stat, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';

import { systemClock, type Clock } from '../base/clock';
import { pauseFor } from '../base/pauseFor';
import type { LocksPort } from '../host/ports';
import { FailureError } from '../protocol/failure';

const TOUCH_MS = 5_000;
/** A lock that was not touched for this long belongs to nobody: its window has crashed, or its machine slept. */
const STALE_MS = 20_000;
const RETRY_MS = 100;

export function fileLocks(folder: string, clock: Clock = systemClock): LocksPort {
  return {
    acquire: async (name, signal) => {
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, `${createHash('sha256').update(name).digest('hex')}.lock`);
      while (!(await tryToCreate(file))) {
        if (signal.aborted) throw new FailureError({ code: 'cancelled' });
        if (!(await removeIfStale(file, clock))) await pauseFor(RETRY_MS, clock, signal);
      }
      return hold(file, clock);
    },
  };
}

async function tryToCreate(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw new FailureError({ code: 'refused', detail: 'A lock for signing in could not be made.' });
  }
}

/** @returns true when it is gone, whoever removed it */
async function removeIfStale(file: string, clock: Clock): Promise<boolean> {
  try {
    const seen = await stat(file);
    if (clock.wall() - seen.mtimeMs < STALE_MS) return false;
    const aside = `${file}.${randomUUID()}`;
    await rename(file, aside);
    // Another window may have been faster, and this be its new lock: then it goes back.
    if ((await stat(aside)).ino !== seen.ino) await link(aside, file).catch(() => undefined);
    await unlink(aside);
    return true;
  } catch (error) {
    return isCode(error, 'ENOENT');
  }
}

function hold(file: string, clock: Clock): () => void {
  let held = true;
  const touch = (): void => {
    const now = new Date(clock.wall());
    utimes(file, now, now).catch(() => undefined); // Gone, which the next window will find out.
    timer = clock.schedule(TOUCH_MS, touch);
  };
  let timer = clock.schedule(TOUCH_MS, touch);
  return () => {
    if (!held) return;
    held = false;
    timer.dispose();
    unlink(file).catch(() => undefined); // A lock that stays grows stale.
  };
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}
