// @ts-check
// A reporter for `node --test`: prints one line per test, and writes how many passed and failed to the file that
// MCP_HOST_TEST_COUNTS names. It counts leaves: a test with subtests, or a `describe`, counts only for what its own
// code got wrong. A skipped test, a "todo" and a file without tests are failures: each stands for something unproven.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';

/**
 * @typedef {object} TestEvent
 * @property {string} type
 * @property {{ name: string, nesting: number, file?: string, skip?: unknown, todo?: unknown, message?: string,
 *   details?: { duration_ms?: number, type?: string, error?: unknown } }} data
 */

/**
 * @param {AsyncIterable<TestEvent>} source
 * @returns {AsyncGenerator<string, void>}
 */
export default async function* report(source) {
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  /** Per file, whether something ended one level deeper since the last end at this level. @type {Map<string, Set<number>>} */
  const ended = new Map();
  let currentFile = '';
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') yield String(data.message);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const file = data.file ?? '';
    if (file !== currentFile) {
      currentFile = file;
      yield `\n${shortName(file)}\n`;
    }
    const levels = ended.get(file) ?? new Set();
    ended.set(file, levels);
    const hasChildren = levels.delete(data.nesting + 1);
    levels.add(data.nesting);
    const problem = problemOf(type, data);
    const indent = '  '.repeat(data.nesting + 1);
    if (problem === undefined) {
      if (hasChildren || data.details?.type === 'suite') continue;
      passed++;
      yield `${indent}ok - ${data.name} (${Math.round(data.details?.duration_ms ?? 0)} ms)\n`;
    } else if (!(hasChildren && failsForItsChildren(data.details?.error))) {
      failures.push(`${shortName(file)}: ${data.name}\n${problem}`);
      yield `${indent}NOT OK - ${data.name}\n${problem}\n`;
    }
  }
  if (failures.length > 0) yield `\nFailed:\n${failures.map((failure) => `- ${failure}\n`).join('')}`;
  const counts = process.env['MCP_HOST_TEST_COUNTS'];
  if (counts !== undefined) writeFileSync(counts, JSON.stringify({ passed, failed: failures.length }));
}

/**
 * @param {string} file absolute path
 * @returns {string} relative to the repository, without its extension
 */
const shortName = (file) => path.relative(process.cwd(), file).replace(/\.test\.m?js$/, '');

/**
 * @param {string} type
 * @param {TestEvent['data']} data
 * @returns {string | undefined} why this is not a pass
 */
function problemOf(type, data) {
  if (type === 'test:fail') return describe(data.details?.error);
  if (data.skip !== undefined) return '    skipped';
  if (data.todo !== undefined) return '    marked as to do';
  const isFile = data.nesting === 0 && data.file !== undefined && path.resolve(data.name) === data.file;
  return isFile ? '    this file has no tests' : undefined;
}

/**
 * @param {unknown} error
 * @returns {boolean}
 */
function failsForItsChildren(error) {
  return (
    typeof error === 'object' &&
    error !== null &&
    'failureType' in error &&
    error.failureType === 'subtestsFailed'
  );
}

/**
 * @param {unknown} error what `node:test` wraps the thrown value in
 * @returns {string} indented text
 */
function describe(error) {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  // What is no error may have no text either, as an object without a prototype.
  const text =
    cause instanceof Error
      ? (cause.stack ?? cause.message)
      : typeof cause === 'string'
        ? cause
        : inspect(cause);
  return text
    .split('\n')
    .filter((line) => !/\(?node:internal/.test(line))
    .map((line) => `    ${line}`)
    .join('\n');
}
