// @ts-check
// Owns the question whether `node_modules` is what `package-lock.json` says, and repairs it. Imports no dependency.
import path from 'node:path';
import { withLock } from './locks.mjs';
import { isRecord, readJson, readJsonIfAny, repoRoot } from './paths.mjs';
import { npm } from './processes.mjs';
import { UserError, withProgress } from './progress.mjs';

/**
 * Installs the development dependencies (`npm ci`) unless they are installed already.
 * @returns {Promise<void>}
 * @throws {UserError} when Node is too old or npm fails
 */
export async function ensureDependencies() {
  requireNode(20);
  if (missingDependencies().length === 0) return;
  await withLock('npm-ci', async () => {
    if (missingDependencies().length === 0) return;
    await withProgress('Installing dependencies (npm ci, about 300 MB)', () =>
      npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: repoRoot }),
    );
    const missing = missingDependencies();
    if (missing.length > 0) throw new UserError(`npm ci left these out: ${missing.slice(0, 5).join(', ')}`);
  });
}

/**
 * Compares the lock file with the copy npm leaves in `node_modules` as the last step of an install, so an install
 * that was killed half-way is noticed.
 * @returns {string[]} paths of packages that are absent or of another version
 */
function missingDependencies() {
  const wanted = packagesOf(readJson(path.join(repoRoot, 'package-lock.json')));
  const installed = packagesOf(readJsonIfAny(path.join(repoRoot, 'node_modules', '.package-lock.json')));
  return [...wanted]
    .filter(([name, entry]) => name !== '' && entry['optional'] !== true && entry['devOptional'] !== true)
    .filter(([name, entry]) => installed.get(name)?.['version'] !== entry['version'])
    .map(([name]) => name);
}

/**
 * @param {unknown} lockFile
 * @returns {Map<string, Record<string, unknown>>} by path below the project
 */
function packagesOf(lockFile) {
  const packages = isRecord(lockFile) ? lockFile['packages'] : undefined;
  /** @type {Map<string, Record<string, unknown>>} */
  const result = new Map();
  for (const [name, entry] of Object.entries(isRecord(packages) ? packages : {})) {
    if (isRecord(entry)) result.set(name, entry);
  }
  return result;
}

/** @param {number} lowest major version */
function requireNode(lowest) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < lowest) {
    throw new UserError(
      `Node ${lowest} or newer is needed; this is ${process.version}. See https://nodejs.org.`,
    );
  }
}
