// @ts-check
// Owns locks between processes of this machine. Knows nothing of what they protect.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheRoot } from './paths.mjs';

/**
 * Runs `work` while no other process runs anything under the same name. A lock whose owner died is taken over.
 * @template T
 * @param {string} name file-name safe
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  mkdirSync(cacheRoot(), { recursive: true });
  const lock = path.join(cacheRoot(), `.lock-${name}`);
  const mine = `${lock}-${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    let waiting = false;
    while (!tryTake(mine, lock)) {
      if (!waiting) console.log(`Waiting for another process that holds ${path.basename(lock)} …`);
      waiting = true;
      await delay(250);
    }
    try {
      return await work();
    } finally {
      rmSync(lock, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * @param {string} mine file with our process id
 * @param {string} lock
 * @returns {boolean} whether the lock is ours now
 */
function tryTake(mine, lock) {
  try {
    linkSync(mine, lock); // Fails when it exists, and never shows a half-written process id.
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const owner = readOwner(lock);
  if (owner !== undefined && !isAlive(owner)) {
    try {
      const stale = `${lock}-stale-${process.pid}`;
      renameSync(lock, stale); // Of several that see a dead owner, one wins.
      rmSync(stale, { force: true });
    } catch {
      // Another process took it over first: try again later.
    }
  }
  return false;
}

/**
 * @param {string} lock
 * @returns {number | undefined}
 */
function readOwner(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined; // Released meanwhile.
  }
}

/**
 * @param {number} pid
 * @returns {boolean} whether a process with this id runs on this machine
 */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
