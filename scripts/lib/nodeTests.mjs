// @ts-check
// Owns running bundled tests with `node --test` and counting them. Knows nothing of what they test.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { isRecord, readJsonIfAny, repoRoot, testOutputRoot } from './paths.mjs';
import { run } from './processes.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 */

/**
 * Runs test files; they see the repository as their working directory.
 * @param {object} options
 * @param {string} options.layer names the file with the counts
 * @param {string} options.node binary
 * @param {readonly string[]} options.files absolute paths
 * @param {number} options.atOnce how many files run at a time
 * @param {number} [options.timeoutSeconds] for one test (one file on older Node): a test that hangs ends as a failure
 * @param {NodeJS.ProcessEnv} [options.env] additions to the environment
 * @returns {Promise<Counts>} a run that breaks off counts as one failure
 */
export async function runNodeTests({ layer, node, files, atOnce, timeoutSeconds = 180, env = {} }) {
  if (files.length === 0) return { passed: 0, failed: 0 };
  mkdirSync(testOutputRoot, { recursive: true });
  const countsFile = path.join(testOutputRoot, `counts-${layer}.json`);
  rmSync(countsFile, { force: true });
  const reporter = path.join(path.dirname(fileURLToPath(import.meta.url)), 'testReporter.mjs');
  const args = [
    '--enable-source-maps',
    '--test',
    `--test-timeout=${timeoutSeconds * 1000}`,
    `--test-concurrency=${atOnce}`,
    `--test-reporter=${pathToFileURL(reporter).href}`,
    '--test-reporter-destination=stdout',
    ...files,
  ];
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...inherited } = process.env;
  const { code } = await run(node, args, {
    cwd: repoRoot,
    inherit: true,
    env: { ...inherited, ...env, MCP_HOST_TEST_COUNTS: countsFile },
  });
  const counts = existsSync(countsFile) ? readJsonIfAny(countsFile) : undefined;
  if (!isRecord(counts)) {
    console.log(`The ${layer} tests ended with exit code ${code} and without a result.`);
    return { passed: 0, failed: 1 };
  }
  const passed = Number(counts['passed']);
  const failed = Number(counts['failed']);
  if (code !== 0 && failed === 0) {
    console.log(`The ${layer} tests ended with exit code ${code} though none of them failed.`);
    return { passed, failed: 1 };
  }
  return { passed, failed };
}
