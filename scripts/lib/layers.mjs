// @ts-check
// Owns the list of test layers and how each is run. Knows nothing of what the tests are about.
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { bundleLayer, bundleVscodeSuite, filesBelow } from './bundleTests.mjs';
import { runConformance } from './conformance.mjs';
import { runNodeTests } from './nodeTests.mjs';
import { isRecord, readJsonIfAny, repoRoot } from './paths.mjs';
import { UserError } from './progress.mjs';
import { ensureNode } from './runtimes.mjs';
import { makeScratch, removeScratch } from './scratch.mjs';
import { buildTestExtension, ensureTestArtifacts } from './testArtifacts.mjs';
import { newestVscode, vscodeVersions } from './versions.mjs';
import { runVscodeSuite } from './vscodeTests.mjs';

/** @typedef {import('./nodeTests.mjs').Counts} Counts */

/**
 * @typedef {object} Layer
 * @property {string} name folder below `test`
 * @property {boolean} needsBuild whether its tests use the built bundles
 * @property {(filter: string | undefined) => Promise<Counts>} run runs the files whose path contains the filter
 */

const suitesFolder = path.join(repoRoot, 'test', 'vscode', 'suites');

/** In the order in which `npm test` runs them: the fast ones first. @type {readonly Layer[]} */
export const layers = [
  {
    name: 'unit',
    needsBuild: false,
    run: (filter) => runNodeLayer('unit', filter, process.execPath),
  },
  {
    name: 'contract',
    needsBuild: false,
    run: (filter) => runNodeLayer('contract', filter, process.execPath),
  },
  {
    name: 'process',
    needsBuild: true,
    // The Node of VS Code's extension host: threads, processes and limits behave as they will there.
    run: async (filter) => runNodeLayer('process', filter, await ensureNode(newestVscode.nodeMajor)),
  },
  {
    name: 'conformance',
    needsBuild: true,
    // The official suite needs Node 22; its client runs on the Node of the newest extension host.
    run: async (filter) => runConformance(await ensureNode(newestVscode.nodeMajor), filter),
  },
  { name: 'vscode', needsBuild: true, run: runVscodeLayer },
  { name: 'e2e', needsBuild: true, run: runEndToEndLayer },
];

/**
 * Files that measure run one after the other, all others as many at once as there are cores.
 * @param {string} layer
 * @param {string | undefined} filter
 * @param {string} node
 * @returns {Promise<Counts>}
 */
async function runNodeLayer(layer, filter, node) {
  const tests = await bundleLayer(layer);
  const filesOf = (/** @type {boolean} */ measure) =>
    matching(
      tests.filter(({ measures }) => measures === measure).map(({ file }) => file),
      filter,
    );
  const together = await runNodeTests({ layer, node, files: filesOf(false), atOnce: availableParallelism() });
  const alone = await runNodeTests({ layer, node, files: filesOf(true), atOnce: 1 });
  return { passed: together.passed + alone.passed, failed: together.failed + alone.failed };
}

/**
 * @param {string | undefined} filter
 * @returns {Promise<Counts>}
 */
async function runEndToEndLayer(filter) {
  const tests = await bundleLayer('e2e', { format: 'esm' });
  const files = matching(
    tests.map(({ file }) => file),
    filter,
  );
  if (files.length > 0) await ensureTestArtifacts();
  return runNodeTests({ layer: 'e2e', node: process.execPath, files, atOnce: 1, timeoutSeconds: 600 });
}

/**
 * Each folder below `suites` is one start of VS Code, with what its `launch.json` says; the files beside these folders
 * share one start. Every suite runs on every version of the table, side by side, or on the desktop build that is named.
 * @param {string | undefined} filter
 * @returns {Promise<Counts>}
 */
async function runVscodeLayer(filter) {
  const total = { passed: 0, failed: 0 };
  const groups = vscodeGroups(filter);
  if (groups.length === 0) return total;
  const artifacts = await ensureTestArtifacts();
  const suiteExtensionPath = await buildTestExtension('suite-extension');
  const versions = process.env['VSCODE_EXECUTABLE']
    ? ['desktop']
    : vscodeVersions.map(({ vscode }) => vscode);
  for (const group of groups) {
    if (group.restricted && versions.includes('desktop')) {
      console.log(
        `\n${group.name}: not in a desktop build, where the test runner switches workspace trust off`,
      );
      continue;
    }
    const testsPath = path.join(suiteExtensionPath, `${group.name}.js`);
    await bundleVscodeSuite(group.files, testsPath);
    console.log(`\n${group.name} in VS Code ${versions.join(' and ')}`);
    const run = { group, testsPath, suiteExtensionPath, artifacts };
    for (const counts of await Promise.all(versions.map((version) => runGroup(run, version)))) {
      total.passed += counts.passed;
      total.failed += counts.failed;
    }
  }
  return total;
}

/**
 * @param {object} run
 * @param {Group} run.group
 * @param {string} run.testsPath
 * @param {string} run.suiteExtensionPath
 * @param {import('./testArtifacts.mjs').TestArtifacts} run.artifacts
 * @param {string} vscodeVersion
 * @returns {Promise<Counts>}
 */
async function runGroup({ group, testsPath, suiteExtensionPath, artifacts }, vscodeVersion) {
  const scratch = makeScratch();
  try {
    return await runVscodeSuite({
      name: group.name,
      vscodeVersion,
      vsix: group.modelProvider ? [artifacts.product, artifacts.modelProvider] : [artifacts.product],
      suiteExtensionPath,
      restricted: group.restricted,
      testsPath,
      workspace: copyWorkspace(group.workspace, scratch),
      userSettings: group.settings,
      env: { MCP_HOST_REPO: repoRoot, MCP_HOST_TEST_VSCODE: vscodeVersion },
    });
  } finally {
    removeScratch(scratch);
  }
}

/**
 * @typedef {object} Group
 * @property {string} name
 * @property {string[]} files
 * @property {boolean} restricted whether the workspace is not trusted
 * @property {boolean} modelProvider whether the fixture model is installed
 * @property {string | undefined} workspace absolute path of a folder to copy, or of a `.code-workspace` file in one
 * @property {Record<string, unknown>} settings
 */

/**
 * @param {string | undefined} filter
 * @returns {Group[]}
 */
function vscodeGroups(filter) {
  const entries = existsSync(suitesFolder) ? readdirSync(suitesFolder, { withFileTypes: true }) : [];
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const shared = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map(({ name }) => name);
  /** @type {Group[]} */
  const groups = [
    {
      name: 'default',
      files: shared.sort().map((name) => path.join(suitesFolder, name)),
      restricted: false,
      modelProvider: true,
      workspace: undefined,
      settings: {},
    },
    ...folders.sort().map(groupOfFolder),
  ];
  return groups
    .map((group) => ({ ...group, files: matching(group.files, filter) }))
    .filter(({ files }) => files.length > 0);
}

/**
 * @param {string} name
 * @returns {Group}
 */
function groupOfFolder(name) {
  const folder = path.join(suitesFolder, name);
  const launch = readJsonIfAny(path.join(folder, 'launch.json'));
  const { modelProvider, restricted, workspace, settings } = isRecord(launch) ? launch : {};
  return {
    name,
    files: filesBelow(folder, '.test.ts'),
    restricted: restricted === true,
    modelProvider: modelProvider !== false,
    workspace: typeof workspace === 'string' ? path.join(folder, workspace) : undefined,
    settings: isRecord(settings) ? settings : {},
  };
}

/**
 * @param {string | undefined} source
 * @param {string} scratch
 * @returns {string} the copy to open, which tests may change
 */
function copyWorkspace(source, scratch) {
  const target = path.join(scratch, 'workspace');
  mkdirSync(target);
  if (source === undefined) return target;
  if (!existsSync(source)) throw new UserError(`The workspace ${source} does not exist.`);
  const isFile = source.endsWith('.code-workspace');
  cpSync(isFile ? path.dirname(source) : source, target, { recursive: true });
  return isFile ? path.join(target, path.basename(source)) : target;
}

/**
 * @param {readonly string[]} files
 * @param {string | undefined} filter
 * @returns {string[]}
 */
function matching(files, filter) {
  return files.filter((file) => filter === undefined || path.relative(repoRoot, file).includes(filter));
}
