// @ts-check
/** Builds the bundles in `dist/`. `--watch` rebuilds on change, `--production` minifies. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { context } from 'esbuild';
import { inParts } from './scripts/lib/extensionParts.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};

/** @type {import('esbuild').BuildOptions} */
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node22' };

/** @type {import('esbuild').BuildOptions} */
const browser = { ...shared, platform: 'browser', format: 'iife', target: 'chrome128' };

/** The bundles: output name → options. @type {Record<string, import('esbuild').BuildOptions>} */
const bundles = {
  'reaper.js': { ...node, entryPoints: ['src/transport/reaperMain.ts'] },
  'schema-worker.js': { ...node, entryPoints: ['src/validation/schemaWorker.ts'] },
  // The host and the client without the editor: this bundle fails to build as soon as either needs `vscode`.
  'host-node.js': { ...node, entryPoints: ['src/hostNode.ts'] },
  // What the official conformance suite drives; it is no part of the extension.
  'conformance-client.cjs': { ...node, entryPoints: ['test/conformance/client.ts'] },
  'webview/launchReview.js': { ...browser, entryPoints: ['src/webview/launchReview.ts'] },
  'webview/launchReview.css': { ...shared, entryPoints: ['src/webview/launchReview.css'] },
  'webview/input.js': { ...browser, entryPoints: ['src/webview/input.ts'] },
  'webview/input.css': { ...shared, entryPoints: ['src/webview/input.css'] },
  'webview/samplingReview.js': { ...browser, entryPoints: ['src/webview/samplingReview.ts'] },
  'webview/samplingReview.css': { ...shared, entryPoints: ['src/webview/samplingReview.css'] },
  'webview/usage.js': { ...browser, entryPoints: ['src/webview/usage.ts'] },
  'webview/usage.css': { ...shared, entryPoints: ['src/webview/usage.css'] },
};

const inPartsOfTheirOwn = [
  inParts(
    {
      name: 'extension',
      entry: 'src/extension.ts',
      // The first statement of what is loaded at activation, so that the time to load it counts.
      banner: 'const bundleStartedAt = performance.now();',
    },
    { ...node, external: ['vscode'] },
  ),
  // Every server has a thread with this code, so what most servers never use costs memory many times.
  inParts({ name: 'client-worker', entry: 'src/client/worker.ts' }, node),
];

if (!watch) rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
// Node reads the nearest package.json of what it runs, in every thread: the extension's own would take 0.2 MB for each server.
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
const contexts = await Promise.all([
  ...inPartsOfTheirOwn.map((options) => context(options)),
  ...Object.entries(bundles).map(([name, options]) => context({ ...options, outfile: `dist/${name}` })),
]);
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
  console.log('Watching for changes. Ctrl-C ends.');
} else {
  const results = await Promise.all(contexts.map((each) => each.rebuild()));
  for (const { metafile } of results)
    for (const [file, { bytes }] of Object.entries(metafile?.outputs ?? {}))
      if (!file.endsWith('.map')) console.log(`${file}  ${(bytes / 1024).toFixed(1)} KB`);
  await Promise.all(contexts.map((each) => each.dispose()));
}
