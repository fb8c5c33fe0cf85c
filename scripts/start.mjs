// @ts-check
// `npm start`: from a fresh clone to an editor that shows the demo workspace with this extension and its demo model.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findDesktopEditor, hasDisplay, openDesktopEditor, openInBrowser } from './lib/desktop.mjs';
import { ensureDependencies } from './lib/ensureDependencies.mjs';
import { buildExtension, packageFolder } from './lib/packageExtension.mjs';
import { cacheRoot, isRecord, readJson, repoRoot } from './lib/paths.mjs';
import { runMain, UserError, withProgress } from './lib/progress.mjs';
import { ensureVscodeServer } from './lib/runtimes.mjs';
import { makeScratch, removeScratch } from './lib/scratch.mjs';
import { installVsix, portProblem, startServer } from './lib/server.mjs';
import { newestVscode } from './lib/versions.mjs';

const preferredPort = 4870;
const demoModel = path.join(repoRoot, 'examples', 'demo-model');
const demoWorkspace = path.join(repoRoot, 'examples', 'demo-workspace');

const help = `Usage: npm start [-- <options>] [<folder>]

Opens an editor on the demo workspace (or on <folder>) with this extension and a demo model in it: the desktop's
VS Code or VSCodium where there is one, else VS Code ${newestVscode.vscode} in a browser, served by this machine to itself.

Options:
  --web       serve it, even where a desktop editor is installed
  --port <n>  port to serve on (default: ${preferredPort}, or any free one)
  --no-open   print the address, do not open a browser
  --help      this text

Environment:
  MCP_HOST_CACHE  folder for VS Code, Node and the settings of the served editor (default: .cache)`;

runMain(async () => {
  const options = readOptions();
  if (options === undefined) {
    console.log(help);
    return 0;
  }
  await ensureDependencies();
  const desktop = options.web ? undefined : await findDesktopEditor(lowestVscode());
  await withProgress('Building the extension', () => buildExtension({ production: false }));
  if (desktop !== undefined) {
    console.log(`Opening ${options.folder} in ${desktop.command} ${desktop.version}.`);
    return openDesktopEditor(desktop, [
      '--new-window',
      `--extensionDevelopmentPath=${repoRoot}`,
      `--extensionDevelopmentPath=${demoModel}`,
      options.folder,
    ]);
  }
  return serve(options);
});

/**
 * @typedef {object} Options
 * @property {boolean} web
 * @property {number | undefined} port
 * @property {boolean} open
 * @property {string} folder
 */

/** @returns {Options | undefined} undefined when help is wanted */
function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        web: { type: 'boolean' },
        port: { type: 'string' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    if (values.help) return undefined;
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      throw new UserError(`--port takes a number from 1 to 65535, not "${values.port}".`);
    }
    const folder = path.resolve(positionals[0] ?? demoWorkspace);
    if (!existsSync(folder)) throw new UserError(`${folder} does not exist.`);
    return { web: values.web === true || port !== undefined, port, open: values['no-open'] !== true, folder };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
  }
}

/** @returns {string} the lowest version that our manifest accepts */
function lowestVscode() {
  const manifest = readJson(path.join(repoRoot, 'package.json'));
  const engines = isRecord(manifest) ? manifest['engines'] : undefined;
  return isRecord(engines) ? String(engines['vscode']).replace(/^\D+/, '') : '0.0.0';
}

/**
 * Serves VS Code until Ctrl-C.
 * @param {Options} options
 * @returns {Promise<number>}
 */
async function serve(options) {
  const port = await choosePort(options.port);
  const vscode = await ensureVscodeServer(newestVscode.vscode);
  // With a port of its own an editor keeps its settings, trust and secrets: the browser ties them to the port too.
  const scratch = port === 0 ? makeScratch() : undefined;
  const root = scratch ?? path.join(cacheRoot(), 'start', String(port));
  const [dataDir, userDataDir, extensionsDir] = ['server', 'user', 'extensions'].map((name) =>
    path.join(root, name),
  );
  const folders = {
    dataDir: String(dataDir),
    userDataDir: String(userDataDir),
    extensionsDir: String(extensionsDir),
  };
  mkdirSync(root, { recursive: true, mode: 0o700 });
  try {
    await withProgress('Installing the extension and the demo model', async () => {
      rmSync(folders.extensionsDir, { recursive: true, force: true });
      const packages = await Promise.all([
        packageFolder(repoRoot, path.join(root, 'mcp-host.vsix')),
        packageFolder(demoModel, path.join(root, 'demo-model.vsix')),
      ]);
      for (const { vsix } of packages) await installVsix({ vscode, ...folders }, vsix);
    });
    writeFirstSettings(path.join(folders.userDataDir, 'User', 'settings.json'));
    const server = await startServer({
      vscode,
      ...folders,
      port,
      withToken: true,
      logFile: path.join(root, 'server.log'),
    });
    const url = server.url(options.folder);
    console.log(
      `\nVS Code ${vscode.version} with MCP Host, for this machine only:\n\n${url}\n\nCtrl-C ends it.`,
    );
    if (options.open && hasDisplay()) await openInBrowser(url);
    const ended = await Promise.race([server.ended.then(() => 'server'), interruption()]);
    await server.stop();
    if (ended === 'server')
      throw new UserError(`The VS Code server ended. Its output is in ${path.join(root, 'server.log')}.`);
    console.log('\nEnded.');
    return 0;
  } finally {
    if (scratch !== undefined) removeScratch(scratch);
  }
}

/**
 * @param {number | undefined} wanted
 * @returns {Promise<number>} 0 for any
 */
async function choosePort(wanted) {
  const problem = await portProblem(wanted ?? preferredPort);
  if (problem === undefined) return wanted ?? preferredPort;
  if (wanted !== undefined)
    throw new UserError(`${problem} Choose another with --port, or leave --port out.`);
  return 0;
}

/**
 * What a first look needs; whoever changes it keeps the change.
 * @param {string} file
 */
function writeFirstSettings(file) {
  if (existsSync(file)) return;
  const settings = {
    'workbench.startupEditor': 'readme',
    // As the desktop editor does: one question, asked when the folder opens.
    'security.workspace.trust.startupPrompt': 'always',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    // The demo lies within this repository, which is no news.
    'git.openRepositoryInParentFolders': 'never',
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(settings, undefined, 2)}\n`);
}

/** @returns {Promise<string>} settles at the first Ctrl-C; the second one ends this process at once */
function interruption() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(signal));
  });
}
