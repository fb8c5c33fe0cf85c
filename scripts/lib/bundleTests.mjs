// @ts-check
// Owns turning the TypeScript of the tests into JavaScript that Node and VS Code run. Knows nothing of running it.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { outRoot, repoRoot } from './paths.mjs';
import { UserError } from './progress.mjs';

const testRoot = path.join(repoRoot, 'test');

/** What tests measure times and memory with, which others beside them would spoil. */
const measuresRoot = path.join(testRoot, 'support', 'measures');

/**
 * @typedef {object} BundledTest
 * @property {string} file absolute path
 * @property {boolean} measures whether it bundles something of `test/support/measures`, so that nothing may run beside it
 */

/** Where `test/x/y.test.ts` lands: `out/test/x/y.test.js` (`.mjs` for the browser's end-to-end tests). */
export const bundledTestRoot = path.join(outRoot, 'test');

/**
 * Bundles one layer's tests, and the programs that tests start (`*.entry.ts`, of this layer and of `test/support`).
 * A layer of CommonJS tests sees `test/support/vscode.ts` as the module `vscode` where that file exists.
 * @param {string} layer folder below `test`
 * @param {{ format?: 'cjs' | 'esm' }} [options] `esm` keeps packages, and our scripts, outside of the bundle
 * @returns {Promise<BundledTest[]>} sorted by file
 */
export async function bundleLayer(layer, { format = 'cjs' } = {}) {
  const tests = filesBelow(path.join(testRoot, layer), '.test.ts');
  const entries = [
    ...filesBelow(path.join(testRoot, layer), '.entry.ts'),
    ...filesBelow(path.join(testRoot, 'support'), '.entry.ts'),
  ];
  rmSync(path.join(bundledTestRoot, layer), { recursive: true, force: true });
  const measuring =
    tests.length > 0
      ? await bundle(tests, { format, outdir: bundledTestRoot, outbase: testRoot })
      : new Set();
  if (entries.length > 0)
    await bundle(entries, { format: 'cjs', outdir: bundledTestRoot, outbase: testRoot });
  const extension = format === 'esm' ? '.mjs' : '.js';
  return tests.map((test) => {
    const file = path.join(bundledTestRoot, path.relative(testRoot, test).replace(/\.ts$/, extension));
    return { file, measures: measuring.has(file) };
  });
}

/**
 * Bundles the tests that run inside VS Code into one module that exports `run`.
 * @param {readonly string[]} tests absolute paths of the TypeScript files
 * @param {string} outfile absolute path
 * @returns {Promise<void>}
 */
export async function bundleVscodeSuite(tests, outfile) {
  const runner = path.join(testRoot, 'vscode', 'support', 'runner');
  const imports = tests.map(
    (file) =>
      `beginFile(${JSON.stringify(path.basename(file, '.test.ts'))});\nrequire(${JSON.stringify(file)});`,
  );
  const contents = [
    `const { beginFile, run } = require(${JSON.stringify(runner)});`,
    ...imports,
    'module.exports = { run };',
  ].join('\n');
  await esbuild({
    ...common('cjs'),
    stdin: { contents, resolveDir: testRoot, sourcefile: 'suite.js', loader: 'js' },
    external: ['vscode'],
    outfile,
  });
}

/**
 * Bundles an extension that is part of the tests.
 * @param {string} entry absolute path of its TypeScript
 * @param {string} outfile absolute path
 * @returns {Promise<void>}
 */
export async function bundleTestExtension(entry, outfile) {
  await esbuild({ ...common('cjs'), entryPoints: [entry], external: ['vscode'], outfile });
}

/**
 * @param {string} folder
 * @param {string} suffix
 * @returns {string[]} sorted absolute paths
 */
export function filesBelow(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/**
 * @param {readonly string[]} entryPoints
 * @param {{ format: 'cjs' | 'esm', outdir: string, outbase: string }} target
 * @returns {Promise<Set<string>>} absolute paths of the bundles that measure
 */
async function bundle(entryPoints, { format, outdir, outbase }) {
  const stub = path.join(testRoot, 'support', 'vscode.ts');
  const { outputs } = await esbuild({
    ...common(format),
    entryPoints: [...entryPoints],
    outdir,
    outbase,
    outExtension: { '.js': format === 'esm' ? '.mjs' : '.js' },
    ...(format === 'esm'
      ? { packages: 'external', plugins: [scriptsStayOutside] }
      : { external: ['vscode', 'esbuild', 'playwright-core', 'fast-check', 'typescript'] }),
    ...(existsSync(stub) ? { alias: { vscode: stub } } : {}),
  });
  const measuring = Object.entries(outputs).filter(([, { inputs }]) =>
    Object.keys(inputs).some((input) => path.resolve(repoRoot, input).startsWith(measuresRoot + path.sep)),
  );
  return new Set(measuring.map(([output]) => path.resolve(repoRoot, output)));
}

/**
 * @param {'cjs' | 'esm'} format
 * @returns {import('esbuild').BuildOptions}
 */
function common(format) {
  return {
    absWorkingDir: repoRoot,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    sourcemap: 'linked',
    logLevel: 'warning',
    // The stand-in for `vscode` has what the tests use, and no more.
    logOverride: { 'import-is-undefined': 'silent' },
    loader: { '.css': 'text', '.html': 'text', '.svg': 'text', '.md': 'text' },
    ...(format === 'cjs'
      ? {
          define: { 'import.meta.url': 'bundleUrl' },
          banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
        }
      : {}),
  };
}

/**
 * Our own scripts find their files relative to themselves, so a bundle imports them from where they are.
 * @type {import('esbuild').Plugin}
 */
const scriptsStayOutside = {
  name: 'scripts stay outside',
  setup(build) {
    build.onResolve({ filter: /[\\/]scripts[\\/].*\.mjs$/ }, (args) => ({
      path: pathToFileURL(path.resolve(args.resolveDir, args.path)).href,
      external: true,
    }));
  },
};

/**
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<import('esbuild').Metafile>}
 */
async function esbuild(options) {
  const { build } = await import('esbuild');
  try {
    return (await build({ ...options, metafile: true })).metafile;
  } catch (error) {
    // esbuild has printed what is wrong, with the place.
    throw new UserError(
      `The tests could not be bundled: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
