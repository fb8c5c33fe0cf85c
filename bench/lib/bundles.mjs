// @ts-check
/** Builds what is measured: the product as shipped, and each engine as one minified file, so that none pays for a folder of modules. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { builtParts } from '../../scripts/lib/extensionParts.mjs';
import { repoRoot } from '../../scripts/lib/paths.mjs';
import { runOnce } from './processes.mjs';
import { median } from './stats.mjs';

const ENGINES = ['raw', 'sdk1', 'sdk2', 'sdk2Worker', 'ours'];
const LOADS = 5;

/** @typedef {{ engines: ReadonlyMap<string, string>, task: string, groups: string,
 *   clientScript: string }} Bundles paths */

/** @param {string} outdir @returns {Promise<Bundles>} */
export async function buildAll(outdir) {
  // Its list of files would be in the way of what this prints.
  await runOnce(process.execPath, [path.join(repoRoot, 'esbuild.mjs'), '--production']);
  const sources = [
    ...ENGINES.map((name) => `engines/${name}`),
    'engines/sdk2WorkerEntry',
    'groups/groups',
    'task',
  ];
  await build({
    entryPoints: sources.map((name) => path.join(repoRoot, 'bench', `${name}.mjs`)),
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    logLevel: 'error',
  });
  const file = (/** @type {string} */ name) => path.join(outdir, `${name}.cjs`);
  return {
    engines: new Map(ENGINES.map((name) => [name, file(name)])),
    task: file('task'),
    groups: file('groups'),
    clientScript: path.join(repoRoot, 'dist', 'client-worker.js'),
  };
}

const LOADER = `const start = performance.now(); require(process.argv[1]); console.log(performance.now() - start);
process.exit(0)`;
const WORKER_LOADER = `const { Worker } = require('node:worker_threads');
const start = performance.now();
const source = 'const { workerData } = require("node:worker_threads"); const start = performance.now();'
  + 'require(workerData); require("node:worker_threads").parentPort.postMessage(performance.now() - start);';
new Worker(source, { eval: true, workerData: process.argv[1] })
  .on('message', (ms) => { if (typeof ms === 'number') { console.log(ms); process.exit(0); } });`;

/**
 * Sizes and load times of what is loaded first. A worker's bundle is loaded in a worker.
 * @param {Bundles} bundles
 * @param {string} node
 */
export async function measureBundles({ engines, clientScript }, node) {
  /** @type {{ id: string, title: string, file: string, worker: boolean }[]} */
  const parts = [
    ...['raw', 'sdk1', 'sdk2'].map((id) => ({ id, title: id, file: engines.get(id) ?? '', worker: false })),
    { id: 'oursHost', title: 'ours, in front of the link', file: engines.get('ours') ?? '', worker: false },
    { id: 'oursClient', title: 'ours, the client', file: clientScript, worker: true },
  ];
  const found = parts.map((part) => ({ ...part, times: /** @type {number[]} */ ([]) }));
  for (let i = 0; i < LOADS; i++)
    for (const { file, worker, times } of found)
      times.push(Number(await runOnce(node, ['-e', worker ? WORKER_LOADER : LOADER, file])));
  const client = builtParts('client-worker').filter(({ isFirst }) => isFirst);
  return found.map(({ id, title, file, times }) => {
    const files = file === clientScript ? client.map((part) => path.join(repoRoot, part.file)) : [file];
    const bytes = Buffer.concat(files.map((each) => readFileSync(each)));
    const gzipKb = gzipSync(bytes).length / 1024;
    return { id, title, kb: bytes.length / 1024, gzipKb, loadMs: median(times) };
  });
}
