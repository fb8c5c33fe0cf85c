// @ts-check
// Owns where things are in this repository. Depends on nothing else.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Bundled tests, fixtures and the VSIX files that the suites install. Git-ignored, rebuilt by every run. */
export const outRoot = path.join(repoRoot, 'out');

/** What a test run leaves for a person to look at: logs and screenshots. Git-ignored. */
export const testOutputRoot = path.join(repoRoot, '.test-output');

/**
 * Folder of the things that are installed once and kept: VS Code builds, Node binaries, a browser.
 * The environment variable `MCP_HOST_CACHE` moves it, so that several clones can share one.
 * @returns {string} absolute path
 */
export function cacheRoot() {
  const override = process.env['MCP_HOST_CACHE'];
  return override ? path.resolve(override) : path.join(repoRoot, '.cache');
}

/**
 * Reads a JSON file that this repository owns.
 * @param {string} file absolute path
 * @returns {unknown} the parsed value
 */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * @param {string} file absolute path
 * @returns {unknown} the parsed value, or undefined when the file is absent or is not JSON
 */
export function readJsonIfAny(file) {
  if (!existsSync(file)) return undefined;
  try {
    return readJson(file);
  } catch {
    return undefined; // Cut short by a killed process: the same as absent.
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
