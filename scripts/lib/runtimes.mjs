// @ts-check
// Owns what is needed to run a real VS Code from npm alone: its server and the Node it wants.
// Knows nothing of browsers, of tests or of this extension.
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce, npmInstallInto } from './install.mjs';
import { isRecord, readJson } from './paths.mjs';
import { npm, runChecked } from './processes.mjs';
import { UserError } from './progress.mjs';
import { nodePackages, vscodeVersions } from './versions.mjs';

/**
 * @typedef {object} VscodeServer
 * @property {string} version of VS Code, for example `1.139.1`
 * @property {string} root the folder with `out/server-main.js`
 * @property {string} node the Node binary that runs it
 */

/**
 * Installs the server of one VS Code version, and its Node.
 * @param {string} version one of the table in versions.mjs
 * @returns {Promise<VscodeServer>}
 */
export async function ensureVscodeServer(version) {
  const entry = vscodeVersions.find(({ vscode }) => vscode === version);
  if (entry === undefined) {
    throw new UserError(
      `VS Code ${version} is not in scripts/lib/versions.mjs; there are ${vscodeVersions.map((v) => v.vscode).join(', ')}.`,
    );
  }
  const node = await ensureNode(entry.nodeMajor);
  const directory = await installOnce({
    name: 'code-server',
    version: entry.codeServer,
    recipe: 1,
    title: `VS Code ${entry.vscode} (about 600 MB)`,
    build: async (staging) => {
      const root = vscodeRoot(await npmInstallInto(staging, 'code-server', entry.codeServer));
      replaceDependencies(root, entry.replace);
      await npm(
        ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
        {
          cwd: root,
        },
      );
      replaceNativeModules(root);
    },
  });
  return { version, root: vscodeRoot(path.join(directory, 'node_modules', 'code-server')), node };
}

/**
 * @param {string} codeServer folder of the npm package
 * @returns {string}
 */
const vscodeRoot = (codeServer) => path.join(codeServer, 'lib', 'vscode');

/**
 * Rewrites dependencies on a Git host in the installed manifest and its shrinkwrap, so that the registry is enough.
 * @param {string} root
 * @param {Readonly<Record<string, string>>} replacements
 */
function replaceDependencies(root, replacements) {
  for (const file of ['package.json', 'npm-shrinkwrap.json'].map((name) => path.join(root, name))) {
    const content = readJson(file);
    if (!isRecord(content)) continue;
    const packages = isRecord(content['packages']) ? content['packages'] : undefined;
    const manifest = packages === undefined ? content : packages[''];
    const dependencies = isRecord(manifest) ? manifest['dependencies'] : undefined;
    for (const [name, version] of Object.entries(replacements)) {
      if (isRecord(dependencies)) dependencies[name] = version;
      delete packages?.[`node_modules/${name}`];
    }
    writeFileSync(file, JSON.stringify(content, undefined, 2));
  }
}

/**
 * Puts plain JavaScript in the place of the two native modules without which VS Code misbehaves: the writer of its
 * log files (every output channel of an extension is one) and the watchdog of the extension host. They are built by
 * a compiler at install time, which cannot be expected here.
 * @param {string} root
 */
function replaceNativeModules(root) {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const modules = path.join(root, 'node_modules');
  for (const [standIn, names] of /** @type {const} */ ([
    ['spdlog.cjs', ['@vscode/spdlog']],
    ['nativeWatchdog.cjs', ['native-watchdog', '@vscode/native-watchdog']],
  ])) {
    for (const name of names) {
      const target = path.join(modules, name, 'index.js');
      if (existsSync(target)) copyFileSync(path.join(here, 'standIns', standIn), target);
    }
  }
}

/**
 * Finds or installs a Node of a major version.
 * @param {number} major
 * @returns {Promise<string>} absolute path of the binary
 */
export async function ensureNode(major) {
  if (process.versions.node.split('.')[0] === String(major)) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const entry = nodePackages[platform];
  const version = entry?.versions[major];
  if (entry === undefined || version === undefined) {
    throw new UserError(
      `There is no npm package with Node ${major} for ${platform}. Run this with Node ${major} itself instead.`,
    );
  }
  const directory = await installOnce({
    name: entry.name,
    version,
    recipe: 1,
    title: `Node ${version} (about 120 MB)`,
    build: async (staging) => {
      const binary = nodeBinary(staging, entry.name);
      await npmInstallInto(staging, entry.name, version);
      if (!existsSync(binary))
        throw new UserError(`The npm package ${entry.name}@${version} has no Node binary.`);
      chmodSync(binary, 0o755);
      await runChecked(`Node ${version} for ${platform}`, binary, ['--version']);
    },
  });
  return nodeBinary(directory, entry.name);
}

/**
 * @param {string} directory
 * @param {string} packageName
 * @returns {string}
 */
function nodeBinary(directory, packageName) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(directory, 'node_modules', packageName, 'bin', file);
}
