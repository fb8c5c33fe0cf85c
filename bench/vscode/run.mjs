// @ts-check
/** Repeats in the extension host of real editors, newest and oldest, what depends on that process; adds the way from a command to its result. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { outRoot, repoRoot } from '../../scripts/lib/paths.mjs';
import { makeScratch, removeScratch } from '../../scripts/lib/scratch.mjs';
import { bundleVscodeSuite } from '../../scripts/lib/bundleTests.mjs';
import { buildTestExtension, ensureTestArtifacts } from '../../scripts/lib/testArtifacts.mjs';
import { vscodeVersions } from '../../scripts/lib/versions.mjs';
import { runVscodeSuite } from '../../scripts/lib/vscodeTests.mjs';
import { GROUPS } from '../groups/groups.mjs';
import { row } from '../groups/group.mjs';
import { number, table } from '../lib/report.mjs';

/** The groups that are repeated there. */
const NAMES = ['ready', 'calls', 'results', 'isolation', 'footprint'];

/** @typedef {import('../groups/group.mjs').Figures} Figures */

/**
 * @param {object} options
 * @param {import('../lib/bundles.mjs').Bundles} options.bundles
 * @param {import('../groups/group.mjs').Setup} options.setup
 * @returns {Promise<Record<string, Figures>>} version of the editor → figures
 */
export async function measureInEditors({ bundles, setup }) {
  const artifacts = await ensureTestArtifacts();
  const suiteExtensionPath = await buildTestExtension('suite-extension');
  const testsPath = path.join(suiteExtensionPath, 'bench.js');
  await bundleVscodeSuite([path.join(repoRoot, 'test', 'vscode', 'bench', 'measure.ts')], testsPath);
  /** @type {Record<string, Figures>} */
  const found = {};
  for (const { vscode } of vscodeVersions) {
    console.error(`VS Code ${vscode}`);
    found[vscode] = await measureIn(vscode, artifacts.product);
  }
  return found;

  /** @param {string} vscodeVersion @param {string} product @returns {Promise<Figures>} */
  async function measureIn(vscodeVersion, product) {
    const scratch = makeScratch();
    const workspace = path.join(scratch, 'workspace');
    mkdirSync(workspace);
    const out = path.join(outRoot, `bench-${vscodeVersion}.jsonl`);
    rmSync(out, { force: true });
    writeFileSync(out, '');
    const engine = bundles.engines.get('ours');
    try {
      await runVscodeSuite({
        name: 'bench',
        vscodeVersion,
        vsix: [product],
        suiteExtensionPath,
        testsPath,
        workspace,
        env: {
          MCP_HOST_REPO: repoRoot,
          MCP_HOST_BENCH_OUT: out,
          MCP_HOST_BENCH_CLIENT: bundles.clientScript,
          MCP_HOST_BENCH_OPTIONS: JSON.stringify({ groups: bundles.groups, engine, setup, names: NAMES }),
        },
      });
    } finally {
      removeScratch(scratch);
    }
    const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean);
    return Object.assign({}, ...lines.map((line) => JSON.parse(line)));
  }
}

/** @param {Record<string, Figures>} found */
export function editorTable(found) {
  const rows = [
    row('commandP50', 'command → result in a tab, confirmed at once, p50, ms'),
    row('commandP90', '… p90, ms'),
    ...GROUPS.filter(({ name }) => NAMES.includes(name)).flatMap((group) => group.rows),
  ];
  const versions = Object.keys(found);
  return table([
    ['in the extension host', ...versions.map((version) => `VS Code ${version}`)],
    ...rows.map(({ name, title, digits }) => [
      title,
      ...versions.map((version) => {
        const value = found[version]?.[name];
        return typeof value === 'number' ? number(value, digits) : (value ?? '');
      }),
    ]),
  ]);
}
