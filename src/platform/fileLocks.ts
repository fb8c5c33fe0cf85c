/** Locks among all windows of this editor: a file that only one of them can create, kept young while it is held (T088). */

import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

import { systemClock, type Clock } from '../base/clock';
import { pauseFor } from '../base/pauseFor';
import type { LocksPort } from '../host/ports';
import { FailureError, refused } from '../protocol/failure';

const TOUCH_MS = 5_000;
const RETRY_MS = 100;
/**
 * A lock that was seen so many times in a row without a touch between belongs to nobody: its window has crashed. Looks are counted,
 * not time: a clock may be set, and a machine may sleep, but whoever looks is awake, and so is a window that holds a lock.
 */
const STALE_LOOKS = 200;

/** A lock of our own. */
interface Held {
  /** Tells it from every other lock of the same name; it is what the file holds. */
  readonly id: string;
  readonly handle: FileHandle;
}

/** Locks whose files are in `folder`, which is made when it is missing. */
export function fileLocks(folder: string, clock: Clock = systemClock): LocksPort {
  return {
    acquire: async (name, signal) => {
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, `${createHash('sha256').update(name).digest('hex')}.lock`);
      const others = new OthersLock(file);
      for (;;) {
        const held = await tryToCreate(file);
        const release = held && hold(file, held, clock);
        if (signal.aborted) {
          release?.();
          throw new FailureError({ code: 'cancelled' });
        }
        if (release) return release;
        if (!(await others.isGone())) await pauseFor(RETRY_MS, clock, signal);
      }
    },
  };
}

async function tryToCreate(file: string): Promise<Held | undefined> {
  const id = randomUUID();
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'wx');
    await handle.writeFile(id);
    return { id, handle };
  } catch (error) {
    if (isCode(error, 'EEXIST')) return undefined;
    await handle?.close();
    throw refused('A lock for signing in could not be made.');
  }
}

/** The lock of another window, as it is seen from here. */
class OthersLock {
  private seen: { readonly id: string; readonly touchedAt: number } | undefined;
  private looks = 0;

  constructor(private readonly file: string) {}

  /** Looks at it once, and removes it when nobody holds it any more. @returns true when it is gone, whoever removed it */
  async isGone(): Promise<boolean> {
    try {
      const now = { id: await readFile(this.file, 'utf8'), touchedAt: (await stat(this.file)).mtimeMs };
      const isSame = this.seen?.id === now.id && this.seen.touchedAt === now.touchedAt;
      this.looks = isSame ? this.looks + 1 : 1;
      this.seen = now;
      if (this.looks < STALE_LOOKS) return false;
      await this.remove(now.id);
      return true;
    } catch (error) {
      return isCode(error, 'ENOENT');
    }
  }

  private async remove(id: string): Promise<void> {
    const aside = `${this.file}.${randomUUID()}`;
    await rename(this.file, aside);
    // Another window may have been faster, and this be its new lock: then it goes back.
    if ((await readFile(aside, 'utf8')) !== id) await link(aside, this.file).catch(() => undefined);
    await unlink(aside);
  }
}

function hold(file: string, { id, handle }: Held, clock: Clock): () => void {
  let held = true;
  const touch = (): void => {
    const now = new Date(clock.wall());
    // By its handle: the file of this name may be another window's by now.
    handle.utimes(now, now).catch(() => undefined); // A lock that is not kept young is lost, which is no worse than waiting for ever.
    timer = clock.schedule(TOUCH_MS, touch);
  };
  let timer = clock.schedule(TOUCH_MS, touch);
  return () => {
    if (!held) return;
    held = false;
    timer.dispose();
    void letGo(file, id, handle);
  };
}

/** Removes the file if it is still this lock's: while this machine slept another window may have taken its place. */
async function letGo(file: string, id: string, handle: FileHandle): Promise<void> {
  try {
    await handle.close();
    if ((await readFile(file, 'utf8')) === id) await unlink(file);
  } catch {
    // A lock that stays grows stale.
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === code;
}
