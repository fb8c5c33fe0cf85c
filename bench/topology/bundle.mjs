// @ts-check
/** Bundles the workers as the product does (CommonJS, minified) and measures size and load time of each bundle. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const folder = path.dirname(fileURLToPath(import.meta.url));
export const WORKERS = /** @type {const} */ (['workerJ', 'workerL', 'workerM', 'workerMNode']);

/** @param {string} outdir @returns {Promise<Record<string, string>>} path of the bundle of each worker, and the server */
export async function bundleAll(outdir) {
  await build({
    entryPoints: [...WORKERS, 'server'].map((name) => path.join(folder, `${name}.mjs`)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
  });
  return Object.fromEntries([...WORKERS, 'server'].map((name) => [name, path.join(outdir, `${name}.cjs`)]));
}

/** @param {string} file */
export function sizes(file) {
  const bytes = readFileSync(file);
  return { kb: bytes.length / 1024, gzipKb: gzipSync(bytes).length / 1024 };
}

const LOADER = `const { parentPort, workerData } = require('node:worker_threads');
const start = performance.now();
require(workerData.bundle);
parentPort.postMessage({ loadMs: performance.now() - start });`;

/**
 * Loads a bundle in a new worker.
 * @param {string} file
 * @returns {Promise<{ loadMs: number, workerMs: number }>} running the bundle, and the whole start of the worker
 */
export async function load(file) {
  const start = performance.now();
  const worker = new Worker(LOADER, {
    eval: true,
    workerData: { bundle: file, flush: 'tick', inlineLimit: 0, server: [], notifications: 'queue' },
  });
  const loadMs = await new Promise((resolve, reject) => {
    worker.on('message', (message) => message.loadMs !== undefined && resolve(message.loadMs));
    worker.on('error', reject);
  });
  const workerMs = performance.now() - start;
  await worker.terminate();
  return { loadMs, workerMs };
}
