// @ts-check
/**
 * `npm run bench`: measures our client as shipped beside the official SDKs and the raw limit, and prints a table, or JSON.
 *
 *   npm run bench -- [--quick] [--json] [--rounds <n>] [--only <group>]…
 *   npm run bench -- --vscode [--quick] [--json]    the same in the extension hosts of real editors
 *
 * What reads the JSON uses `npm run --silent bench -- --json`: npm itself writes a heading otherwise.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureDependencies } from '../scripts/lib/ensureDependencies.mjs';
import { runMain, UserError } from '../scripts/lib/progress.mjs';
import { ensureNode } from '../scripts/lib/runtimes.mjs';
import { newestVscode } from '../scripts/lib/versions.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true },
    vscode: { type: 'boolean', default: false },
  },
});

/** @param {string} text */
const progress = (text) => void process.stderr.write(`${text}\n`);

// Standard output is for the result alone; what the scripts say of their progress goes where progress goes.
console.log = console.error;

runMain(async () => {
  await ensureDependencies();
  // Behind the installation, which brings what these need.
  const { buildAll, measureBundles } = await import('./lib/bundles.mjs');
  const { GROUPS } = await import('./groups/groups.mjs');
  const { judge } = await import('./lib/goals.mjs');
  const { runOnce } = await import('./lib/processes.mjs');
  const { toMarkdown } = await import('./lib/report.mjs');
  const { runRounds } = await import('./lib/rounds.mjs');
  const { Summary } = await import('./lib/summary.mjs');

  const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new UserError('--rounds takes a whole number above 0');
  const known = [...GROUPS.map(({ name }) => name), 'bundles'];
  const unknown = values.only?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new UserError(`There is no group ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  const groups = values.only ?? known;
  // The Node of VS Code's extension host: threads, heaps and pipes behave as they will there.
  const node = await ensureNode(newestVscode.nodeMajor);
  const startedAt = Date.now();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mcp-host-bench-'));
  try {
    const bundles = await buildAll(folder);
    const server = (/** @type {string} */ name) =>
      fileURLToPath(new URL(`./servers/${name}.mjs`, import.meta.url));
    const setup = { server: server('stdio'), httpServer: server('http'), quick: values.quick };
    if (values.vscode) {
      const { editorTable, measureInEditors } = await import('./vscode/run.mjs');
      const editors = await measureInEditors({ bundles, setup });
      process.stdout.write(`${values.json ? JSON.stringify({ editors }, null, 2) : editorTable(editors)}\n`);
      return 0;
    }
    const samples = await runRounds({ bundles, node, rounds, groups, setup, progress });
    const summary = new Summary(samples);
    const report = {
      node: (await runOnce(node, ['--version'])).trim(),
      cpus: os.availableParallelism(),
      rounds,
      groups,
      bundles: groups.includes('bundles') ? await measureBundles(bundles, node) : [],
      goals: judge(summary, groups),
      seconds: Math.round((Date.now() - startedAt) / 1000),
    };
    const text = values.json
      ? JSON.stringify({ ...report, engines: Object.fromEntries(samples) }, null, 2)
      : toMarkdown({ ...report, summary });
    process.stdout.write(`${text}\n`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
