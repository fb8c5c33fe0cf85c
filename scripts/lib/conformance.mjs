// @ts-check
// Owns running the official MCP conformance suite against our client, more strictly than it scores itself.
// Knows nothing of what the scenarios are about.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { verdictOn } from './conformanceVerdict.mjs';
import { isRecord, readJson, readJsonIfAny, repoRoot, testOutputRoot } from './paths.mjs';
import { endProcessGroup, run } from './processes.mjs';
import { UserError } from './progress.mjs';

const SUITE = path.join('node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js');
const CLIENT = 'dist/conformance-client.cjs';
const REVISIONS = ['2025-11-25', '2026-07-28'];
/** Revision → scenario → how many of its checks succeed with this client. A client that does less passes fewer, and no scenario says so. */
const CHECKS = path.join('test', 'conformance', 'checks.json');
const SCENARIO_SECONDS = 40;
/** The harness never ends when its client hangs. */
const HARNESS_SECONDS = SCENARIO_SECONDS + 20;
const AT_ONCE = 3;

/**
 * @typedef {object} Run
 * @property {string} scenario
 * @property {string} revision
 */

/**
 * Runs every client scenario for both revisions. A run passes when its client ends by itself with exit code 0 — unless the scenario is
 * one in which a client may refuse —, and the suite made as many checks as are recorded, all of which succeeded: no failure, and no
 * warning either.
 * @param {string} node binary that runs the suite and the client; the suite needs Node 22
 * @param {string | undefined} filter part of `revision scenario`
 * @returns {Promise<import('./nodeTests.mjs').Counts>}
 */
export async function runConformance(node, filter) {
  const known = await listRuns(node);
  const recorded = recordedChecks();
  // A list that shrinks must not pass for a success.
  const names = new Set(known.map(nameOf));
  const changed = [
    ...[...names].filter((name) => !recorded.has(name)),
    ...[...recorded.keys()].filter((name) => !names.has(name)),
  ];
  if (changed.length > 0) throw new UserError(`The suite and ${CHECKS} differ in: ${changed.join(', ')}.`);
  const runs = known.filter((each) => nameOf(each).includes(filter ?? ''));
  const folder = path.join(testOutputRoot, 'conformance');
  rmSync(folder, { recursive: true, force: true });
  let failed = 0;
  const perform = async (/** @type {Run} */ each) => {
    const expected = recorded.get(nameOf(each)) ?? 1;
    const { trouble, succeeded } = await runScenario(
      node,
      each,
      path.join(folder, each.revision, each.scenario),
      expected,
    );
    if (trouble !== undefined) failed += 1;
    console.log(
      trouble === undefined
        ? `  ok - ${each.revision} ${each.scenario} (${succeeded} checks)`
        : `  NOT OK - ${each.revision} ${each.scenario}: ${trouble}`,
    );
  };
  // It measures when the client comes back, so nothing else may be in its way.
  const [timed, others] = [runs.filter(isTimed), runs.filter((each) => !isTimed(each))];
  for (const each of timed) await perform(each);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let each = others.shift(); each !== undefined; each = others.shift()) await perform(each);
    }),
  );
  return { passed: runs.length - failed, failed };
}

/** @param {Run} run */
function nameOf({ revision, scenario }) {
  return `${revision} ${scenario}`;
}

/** @returns {ReadonlyMap<string, number>} by revision and scenario */
function recordedChecks() {
  const recorded = readJson(path.join(repoRoot, CHECKS));
  const revisions = isRecord(recorded) ? Object.entries(recorded) : [];
  return new Map(
    revisions.flatMap(([revision, scenarios]) =>
      Object.entries(isRecord(scenarios) ? scenarios : {}).map(([scenario, count]) => [
        nameOf({ revision, scenario }),
        Number(count),
      ]),
    ),
  );
}

/** @param {Run} run */
function isTimed({ scenario }) {
  return scenario === 'sse-retry';
}

/**
 * What applies to each revision, extensions to both; the suite has the first revision's way of signing in on the older wire only.
 * @param {string} node
 * @returns {Promise<Run[]>}
 */
async function listRuns(node) {
  const { output } = await run(node, [SUITE, 'list', '--client'], { cwd: repoRoot });
  return [...output.matchAll(/^\s*-\s+(\S+)\s+\[([^\]]*)\]/gm)].flatMap(([, scenario = '', tags = '']) => {
    const of = tags.split(',').map((tag) => tag.trim());
    const isOfFirst = of.every((tag) => tag === '2025-03-26');
    return REVISIONS.filter(
      (revision) =>
        of.includes(revision) || of.includes('extension') || (isOfFirst && revision === REVISIONS[0]),
    ).map((revision) => ({ scenario, revision }));
  });
}

/**
 * @param {string} node
 * @param {Run} run
 * @param {string} folder for what the suite writes
 * @param {number} expected checks that have to succeed
 * @returns {Promise<{ trouble?: string, succeeded: number }>}
 */
async function runScenario(node, { scenario, revision }, folder, expected) {
  mkdirSync(folder, { recursive: true });
  // Without `exec` a client that hangs outlives the shell that the harness ends.
  const args = [SUITE, 'client', '--command', `exec node ${CLIENT}`, '--scenario', scenario];
  args.push(
    '--spec-version',
    revision,
    '--force',
    '--timeout',
    String(SCENARIO_SECONDS * 1_000),
    '-o',
    folder,
  );
  const { code, output, hung } = await runHarness(node, args);
  writeFileSync(path.join(folder, 'harness.log'), output);
  return verdictOn({ code, output, hung, checks: checksBelow(folder) }, expected);
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number, output: string, hung: boolean }>}
 */
async function runHarness(node, args) {
  const child = spawn(node, args, {
    cwd: repoRoot,
    // A group of its own, so that a client that hangs is ended with the harness.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NO_COLOR: '1',
      PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH'] ?? ''}`,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => (output += String(chunk)));
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    void endProcessGroup(child);
  }, HARNESS_SECONDS * 1_000);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit) => resolve(exit ?? 1));
  });
  clearTimeout(timer);
  return { code, output, hung };
}

/**
 * @param {string} folder
 * @returns {{ id: string, status: string }[]}
 */
function checksBelow(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => path.basename(file) === 'checks.json')
    .flatMap((file) => {
      const checks = readJsonIfAny(path.join(folder, file));
      return Array.isArray(checks) ? checks.filter(isRecord) : [];
    })
    .map(({ id, status }) => ({ id: String(id), status: String(status) }));
}
