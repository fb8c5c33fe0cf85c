// @ts-check
// Owns making VSIX files. Knows nothing of what is in the extensions.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { isRecord, readJson, repoRoot } from './paths.mjs';
import { run, runChecked } from './processes.mjs';
import { UserError } from './progress.mjs';

/**
 * @typedef {object} Package
 * @property {string} vsix absolute path of the file
 * @property {number} bytes its size
 * @property {string} listing what is in it, as `vsce` prints it
 */

/**
 * Builds this extension's bundles.
 * @param {{ production: boolean }} options
 * @returns {Promise<void>}
 */
export async function buildExtension({ production }) {
  const script = path.join(repoRoot, 'esbuild.mjs');
  if (!existsSync(script))
    throw new UserError('esbuild.mjs is missing: there is nothing to build the extension with.');
  const args = [script, ...(production ? ['--production'] : [])];
  const { code } = await run(process.execPath, args, { cwd: repoRoot, inherit: true });
  if (code !== 0) throw new UserError(`The build (node esbuild.mjs) failed with exit code ${code}.`);
}

/**
 * Builds this extension for production and packages it.
 * @param {{ outFile?: string, production?: boolean }} [options] `outFile` is an absolute path; the default is
 *   `<name>-<version>.vsix` at the root
 * @returns {Promise<Package>}
 */
export async function packageProduct({ outFile, production = true } = {}) {
  await buildExtension({ production });
  const { name, version } = identityOf(repoRoot);
  return packageFolder(repoRoot, outFile ?? path.join(repoRoot, `${name}-${version}.vsix`));
}

/**
 * Packages the extension in a folder as it is: nothing is built, and its `node_modules` stay out.
 * @param {string} folder absolute path
 * @param {string} outFile absolute path
 * @returns {Promise<Package>}
 */
export async function packageFolder(folder, outFile) {
  const vsce = path.join(repoRoot, 'node_modules', '@vscode', 'vsce', 'vsce');
  mkdirSync(path.dirname(outFile), { recursive: true });
  const flags = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--no-rewrite-relative-links',
  ];
  const output = await runChecked(
    `Packaging ${path.relative(repoRoot, folder) || 'the extension'}`,
    process.execPath,
    [vsce, 'package', ...flags, '--out', outFile],
    { cwd: folder },
  );
  return { vsix: outFile, bytes: statSync(outFile).size, listing: output };
}

/**
 * @param {string} folder
 * @returns {{ name: string, version: string }}
 */
function identityOf(folder) {
  const manifest = readJson(path.join(folder, 'package.json'));
  if (
    !isRecord(manifest) ||
    typeof manifest['name'] !== 'string' ||
    typeof manifest['version'] !== 'string'
  ) {
    throw new UserError(`${path.join(folder, 'package.json')} has no name and version.`);
  }
  return { name: manifest['name'], version: manifest['version'] };
}
