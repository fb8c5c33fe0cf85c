// @ts-check
// Owns what the suites install into VS Code: our own VSIX, built as for users, and the fixture that provides a model.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundleTestExtension } from './bundleTests.mjs';
import { forgetInstalled } from './installedExtensions.mjs';
import { outRoot, repoRoot } from './paths.mjs';
import { packageFolder, packageProduct } from './packageExtension.mjs';

/** Environment variables that hand the files from the process that made them to those that install them. */
const productVariable = 'MCP_HOST_TEST_VSIX';
const modelVariable = 'MCP_HOST_TEST_MODEL_VSIX';

/**
 * @typedef {object} TestArtifacts
 * @property {string} product absolute path of our VSIX
 * @property {string} modelProvider absolute path of the fixture's VSIX
 */

/**
 * Makes the VSIX files, unless a process above this one did.
 * @returns {Promise<TestArtifacts>}
 */
export async function ensureTestArtifacts() {
  const product = process.env[productVariable] ?? '';
  const modelProvider = process.env[modelVariable] ?? '';
  if (existsSync(product) && existsSync(modelProvider)) return { product, modelProvider };
  const folder = path.join(outRoot, 'vsix');
  const made = {
    product: (await packageProduct({ outFile: path.join(folder, 'mcp-host.vsix') })).vsix,
    modelProvider: await packageTestExtension(
      'fixtures/model-provider',
      path.join(folder, 'model-provider.vsix'),
    ),
  };
  forgetInstalled();
  process.env[productVariable] = made.product;
  process.env[modelVariable] = made.modelProvider;
  return made;
}

/**
 * Bundles an extension below `test/vscode` into a folder of its own, ready to be used under development.
 * @param {string} name folder below `test/vscode`, with `package.json` and `extension.ts`
 * @returns {Promise<string>} absolute path of the folder
 */
export async function buildTestExtension(name) {
  const source = path.join(repoRoot, 'test', 'vscode', ...name.split('/'));
  const target = path.join(outRoot, 'extensions', path.basename(name));
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(path.join(source, 'package.json'), path.join(target, 'package.json'));
  await bundleTestExtension(path.join(source, 'extension.ts'), path.join(target, 'extension.js'));
  return target;
}

/**
 * @param {string} name folder below `test/vscode`
 * @param {string} outFile absolute path
 * @returns {Promise<string>} absolute path of the VSIX
 */
async function packageTestExtension(name, outFile) {
  const folder = await buildTestExtension(name);
  return (await packageFolder(folder, outFile)).vsix;
}
