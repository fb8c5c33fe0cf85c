// @ts-check
// Owns the cache folder: each thing is installed there once, whole or not at all. Knows nothing of what is installed.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, withLock } from './locks.mjs';
import { cacheRoot, isRecord, readJsonIfAny } from './paths.mjs';
import { npm } from './processes.mjs';
import { withProgress } from './progress.mjs';

const markerName = '.installed.json';

/**
 * @typedef {object} Installation
 * @property {string} name file-name safe
 * @property {string} version with the name the key of the folder
 * @property {number} recipe raised when `build` changes, so that older folders are made again
 * @property {string} title what a person is told, for example `VS Code 1.139.1 (about 600 MB)`
 * @property {(directory: string) => Promise<void>} build fills an empty folder, which is renamed when it is done:
 *   nothing in it may hold its absolute path
 */

/**
 * Installs something into the cache unless it is there. Safe against a kill at any moment, and against others
 * that do the same at the same time.
 * @param {Installation} installation
 * @returns {Promise<string>} absolute path of the folder
 */
export async function installOnce(installation) {
  const target = path.join(cacheRoot(), `${installation.name}-${installation.version}`);
  if (isComplete(target, installation)) return target;
  await withLock(`${installation.name}-${installation.version}`, async () => {
    if (isComplete(target, installation)) return;
    removeAbandoned();
    const staging = path.join(
      cacheRoot(),
      `.staging-${process.pid}-${installation.name}-${installation.version}`,
    );
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { recursive: true });
    try {
      await withProgress(`Installing ${installation.title}`, () => installation.build(staging));
      const { version, recipe } = installation;
      writeFileSync(path.join(staging, markerName), JSON.stringify({ version, recipe }));
      rmSync(target, { recursive: true, force: true });
      await renameRetrying(staging, target);
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  });
  return target;
}

/**
 * Installs one npm package with its dependencies into a folder of its own; none of its scripts run.
 * @param {string} directory
 * @param {string} name
 * @param {string} version
 * @returns {Promise<string>} absolute path of the package
 */
export async function npmInstallInto(directory, name, version) {
  writeFileSync(path.join(directory, 'package.json'), '{ "private": true }\n');
  await npm([
    'install',
    `${name}@${version}`,
    '--prefix',
    directory,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--loglevel=error',
  ]);
  return path.join(directory, 'node_modules', ...name.split('/'));
}

/**
 * @param {string} target
 * @param {Installation} installation
 * @returns {boolean}
 */
function isComplete(target, installation) {
  const marker = readJsonIfAny(path.join(target, markerName));
  return (
    isRecord(marker) && marker['version'] === installation.version && marker['recipe'] === installation.recipe
  );
}

/** Removes what killed processes left, as far as nothing that they started still writes there. */
function removeAbandoned() {
  for (const entry of readdirSync(cacheRoot())) {
    const pid = /^\.staging-(\d+)-|^\.lock-.*-(\d+)$/.exec(entry)?.slice(1).find(Boolean);
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(path.join(cacheRoot(), entry), { recursive: true, force: true });
    } catch {
      // The next install tries again.
    }
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
async function renameRetrying(from, to) {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (attempt === 10) throw error;
      await delay(200 * attempt); // Windows refuses while a virus scanner reads the new files.
    }
  }
}
