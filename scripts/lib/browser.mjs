// @ts-check
// Owns finding or installing a Chromium for the tests, and starting it. Knows nothing of VS Code.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installOnce, npmInstallInto } from './install.mjs';
import { run, runChecked } from './processes.mjs';
import { UserError } from './progress.mjs';
import { ensureNode } from './runtimes.mjs';
import { chromiumPackage } from './versions.mjs';

/**
 * @typedef {object} Browser
 * @property {string} executable absolute path
 * @property {NodeJS.ProcessEnv} env what it needs beside our environment
 */

/**
 * Finds a Chromium: the one `MCP_HOST_BROWSER` names, an installed one, or one from npm.
 * @returns {Promise<Browser>}
 */
export async function ensureBrowser() {
  const named = process.env['MCP_HOST_BROWSER'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new UserError(`MCP_HOST_BROWSER names ${named}, which does not exist.`);
    return { executable: named, env: {} };
  }
  const installed = installedBrowsers().find((candidate) => existsSync(candidate));
  if (installed !== undefined) return { executable: installed, env: {} };
  return ensureChromiumFromNpm();
}

/** @returns {string[]} where Chrome, Chromium or Edge usually are */
function installedBrowsers() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (process.platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map(
      (name) => process.env[name] ?? '',
    );
    return roots
      .filter((root) => root !== '')
      .flatMap((root) => [
        `${root}\\Google\\Chrome\\Application\\chrome.exe`,
        `${root}\\Microsoft\\Edge\\Application\\msedge.exe`,
      ]);
  }
  const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
  const folders = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

/** @returns {Promise<Browser>} */
async function ensureChromiumFromNpm() {
  const { name, version, platform, nodeMajor } = chromiumPackage;
  if (`${process.platform}-${process.arch}` !== platform) {
    throw new UserError('No browser was found. Install Chrome or Chromium, or name one in MCP_HOST_BROWSER.');
  }
  const node = await ensureNode(nodeMajor);
  const directory = await installOnce({
    name: 'chromium',
    version,
    recipe: 1,
    title: `Chromium ${version} (about 290 MB)`,
    build: async (staging) => {
      const packageFolder = await npmInstallInto(staging, name, version);
      await unpackChromium(node, packageFolder, staging);
    },
  });
  return startableChromium(directory);
}

/**
 * The package carries Brotli archives and unpacks them into the folder for temporary files.
 * @param {string} node
 * @param {string} packageFolder
 * @param {string} target
 */
async function unpackChromium(node, packageFolder, target) {
  const inflate = pathToFileURL(path.join(packageFolder, 'build', 'index.js')).href;
  const archives = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
  const files = archives.map((archive) => path.join(packageFolder, 'bin', archive));
  const script = `import { inflate } from ${JSON.stringify(inflate)};
    await Promise.all(${JSON.stringify(files)}.map((file) => inflate(file)));`;
  await runChecked('Unpacking Chromium', node, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: target },
  });
  const fontsConfig = path.join(target, 'fonts', 'fonts.conf');
  writeFileSync(
    fontsConfig,
    readFileSync(fontsConfig, 'utf8').replace('<dir>/tmp/fonts</dir>', '<dir prefix="relative">fonts</dir>'),
  );
}

/**
 * A machine without fonts or without the libraries that Chromium links to gets those of the package.
 * @param {string} directory
 * @returns {Promise<Browser>}
 */
async function startableChromium(directory) {
  const executable = path.join(directory, 'chromium');
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: path.join(directory, 'fonts') };
  const libraries = [path.join(directory, 'al2023', 'lib'), process.env['LD_LIBRARY_PATH'] ?? ''].filter(
    Boolean,
  );
  let output = '';
  for (const env of [fonts, { ...fonts, LD_LIBRARY_PATH: libraries.join(path.delimiter) }]) {
    const result = await run(executable, ['--version', '--no-sandbox'], { env: { ...process.env, ...env } });
    if (result.code === 0) return { executable, env };
    output = result.output;
  }
  throw new UserError(
    `Chromium from npm does not start here. Install Chrome or Chromium, or name one in MCP_HOST_BROWSER.\n${output}`,
  );
}

/**
 * Starts a headless browser that reaches this machine only.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser() {
  const { executable, env } = await ensureBrowser();
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: executable,
    // It ends with us: its pipe closes. Playwright's own handlers would keep a terminated process alive.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    env: { ...definedOnly(process.env), ...definedOnly(env) },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function definedOnly(env) {
  /** @type {Record<string, string>} */
  const result = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined) result[name] = value;
  return result;
}
