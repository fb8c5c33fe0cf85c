// @ts-check
// `npm test`: installs what is missing, builds, and runs every layer of tests. The last line is `N passed, N failed`.
import { inspect, parseArgs } from 'node:util';
import { ensureDependencies } from './lib/ensureDependencies.mjs';
import { layers } from './lib/layers.mjs';
import { buildExtension } from './lib/packageExtension.mjs';
import { runMain, secondsSince, UserError } from './lib/progress.mjs';

const help = `Usage: npm test [-- <layer>…] [-- --only <text>]

Layers, in this order; all of them when none is named:
  ${layers.map(({ name }) => name).join('\n  ')}

Options:
  --only <text>  only test files whose path contains the text, or scenarios whose name does
  --help         this text

Environment:
  MCP_HOST_CACHE     folder for the VS Code builds, Node and the browser (default: .cache)
  MCP_HOST_BROWSER   a Chrome or Chromium to use
  VSCODE_EXECUTABLE  a desktop build of VS Code for the vscode layer`;

runMain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const chosen = chooseLayers(positionals);
  const prepare = preparation();
  const total = { passed: 0, failed: 0 };
  /** @type {string[]} */
  const summary = [];
  for (const layer of chosen) {
    console.log(`\n=== ${layer.name} ===`);
    const started = performance.now();
    const { passed, failed } = await runLayer(layer, prepare, values.only);
    total.passed += passed;
    total.failed += failed;
    summary.push(
      `${layer.name.padEnd(10)}${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed  ${secondsSince(started)}`,
    );
    console.log(`\n${summary.at(-1)}`);
  }
  console.log(`\n${summary.join('\n')}`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
});

/**
 * @param {readonly string[]} names
 * @returns {import('./lib/layers.mjs').Layer[]}
 */
function chooseLayers(names) {
  const unknown = names.filter((name) => !layers.some((layer) => layer.name === name));
  if (unknown.length > 0) throw new UserError(`There is no layer ${unknown.join(', ')}.\n\n${help}`);
  return layers.filter(({ name }) => names.length === 0 || names.includes(name));
}

/** @returns {(layer: import('./lib/layers.mjs').Layer) => Promise<void>} installs and builds once, when first needed */
function preparation() {
  /** @type {Promise<void> | undefined} */
  let installed;
  /** @type {Promise<void> | undefined} */
  let built;
  return async ({ needsBuild }) => {
    await (installed ??= ensureDependencies());
    if (needsBuild) await (built ??= buildExtension({ production: false }));
  };
}

/**
 * @param {import('./lib/layers.mjs').Layer} layer
 * @param {(layer: import('./lib/layers.mjs').Layer) => Promise<void>} prepare
 * @param {string | undefined} only
 * @returns {Promise<{ passed: number, failed: number }>} a layer that cannot run, or has no tests, counts as a failure
 */
async function runLayer(layer, prepare, only) {
  try {
    await prepare(layer);
    const counts = await layer.run(only);
    if (counts.passed + counts.failed > 0 || only !== undefined) return counts;
    console.log(`The layer ${layer.name} has no tests.`);
  } catch (error) {
    const text = error instanceof UserError ? error.message : inspect(error);
    console.log(`The layer ${layer.name} could not run: ${text}`);
  }
  return { passed: 0, failed: 1 };
}
