// @ts-check
/** `npm run check`: everything that can be known without running the product. Stops at the end, not at the first finding. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { text } from 'node:stream/consumers';
import { ensureDependencies } from './lib/ensureDependencies.mjs';

/** Bytes, minified: of what is loaded first, and of each file that is loaded later. */
const PROGRAMS = [
  { program: 'extension', title: 'main bundle (loaded at activation)', limit: 300 * 1024 },
  // Every server has a thread with this code.
  { program: 'client-worker', title: 'client bundle (loaded for each server)', limit: 150 * 1024 },
];
const LATE_PART_LIMIT = 300 * 1024;

await ensureDependencies();

/** @typedef {readonly [name: string, command: string, ...args: string[]]} Step */
/** The longest first. None needs another. @type {readonly Step[]} */
const steps = [
  ['lint', 'eslint', '--max-warnings', '0', '.'],
  [
    'import directions',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'err',
    'src',
    'test',
  ],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['types of scripts', 'tsc', '-p', 'tsconfig.scripts.json'],
  ['unused code', 'knip', '--no-progress'],
  ['types of webviews', 'tsc', '-p', 'src/webview/tsconfig.json'],
];

let failed = 0;
const waiting = [...steps];
// Each of them keeps one core busy.
await Promise.all(Array.from({ length: os.availableParallelism() }, runWaiting));
failed += await run('package.json, ids and texts', ['scripts/test.mjs', 'unit', '--only', 'manifest']);
failed += await checkTexts();
failed += await run('bundles', ['esbuild.mjs', '--production']);
failed += await checkBundleSize();
console.log(failed === 0 ? 'check: all passed' : `check: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runWaiting() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const [name, command, ...args] = step;
    const failures = await run(name, [bin(command), ...args]);
    // Not in one expression: others have counted meanwhile.
    failed += failures;
  }
}

/** What it says is told when it is over: others run beside it. @param {string} name @param {readonly string[]} args */
async function run(name, args) {
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise((resolve) => child.on('close', resolve).on('error', resolve));
  const said = (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
  const ok = (await code) === 0;
  process.stdout.write(said);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return ok ? 0 : 1;
}

/** The script behind a tool's name, so that no shell is needed. @param {string} tool */
function bin(tool) {
  const scripts = {
    prettier: 'prettier/bin/prettier.cjs',
    tsc: 'typescript/bin/tsc',
    eslint: 'eslint/bin/eslint.js',
    depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
    knip: 'knip/bin/knip.js',
  };
  return `node_modules/${scripts[/** @type {keyof typeof scripts} */ (tool)]}`;
}

/** Imported late: it needs what `ensureDependencies` installs. */
async function checkTexts() {
  const { bundleFile, l10nBundle } = await import('./lib/l10nTexts.mjs');
  const ok = existsSync(bundleFile) && readFileSync(bundleFile, 'utf8') === l10nBundle();
  console.log(ok ? 'ok     texts to translate' : 'FAILED texts to translate: run `npm run l10n`');
  return ok ? 0 : 1;
}

/** Imported late: it needs what `ensureDependencies` installs. */
async function checkBundleSize() {
  const { builtParts } = await import('./lib/extensionParts.mjs');
  let failures = 0;
  for (const { program, title, limit } of PROGRAMS) {
    const parts = builtParts(program);
    const first = parts.filter((part) => part.isFirst).reduce((sum, { bytes }) => sum + bytes, 0);
    failures += tellSize(title, first, limit);
    for (const { file, bytes, entry } of parts.filter((part) => !part.isFirst))
      failures += tellSize(`${file} (${entry ?? 'shared by such parts'})`, bytes, LATE_PART_LIMIT);
  }
  return failures;
}

/** @param {string} name @param {number} bytes @param {number} limit */
function tellSize(name, bytes, limit) {
  const ok = bytes <= limit;
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name}: ${(bytes / 1024).toFixed(1)} KB of ${(limit / 1024).toFixed(0)} KB`,
  );
  return ok ? 0 : 1;
}
