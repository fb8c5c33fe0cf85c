// @ts-check
// Owns the folders that a run needs and nobody keeps. Knows nothing of what is in them.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from './locks.mjs';

/**
 * Makes a folder for this process, and removes those of processes that were killed before they could.
 * @returns {string} absolute path; short, since sockets are made below it
 */
export function makeScratch() {
  for (const entry of readdirSync(os.tmpdir())) {
    const pid = /^mcph-(\d+)-/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) removeScratch(path.join(os.tmpdir(), entry));
  }
  return mkdtempSync(path.join(os.tmpdir(), `mcph-${process.pid}-`));
}

/** @param {string} folder from {@link makeScratch} */
export function removeScratch(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Another person's, or still written to: a later run tries again.
  }
}
