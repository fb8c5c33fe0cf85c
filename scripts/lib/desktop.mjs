// @ts-check
// Owns what `npm start` knows of this person's desktop: whether there is one, its VS Code, its browser.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { cleanEnvironment, run } from './processes.mjs';

const redirectLifetimeMs = 60_000;

/** @returns {boolean} whether a window can be opened */
export function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/**
 * @typedef {object} DesktopEditor
 * @property {string} command absolute path of its command-line program
 * @property {string} version for example `1.105.1`
 */

/**
 * Finds a VS Code on PATH that is new enough.
 * @param {string} lowest version
 * @returns {Promise<DesktopEditor | undefined>}
 */
export async function findDesktopEditor(lowest) {
  // In a terminal of a remote window, `code` speaks to that window and cannot load an extension under development.
  if (!hasDisplay() || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  for (const name of ['code', 'codium']) {
    const command = findOnPath(process.platform === 'win32' ? `${name}.cmd` : name);
    if (command === undefined) continue;
    const version = await versionOf(command);
    if (version !== undefined && isAtLeast(version, lowest)) return { command, version };
    console.log(
      `Not using ${command}: ${version === undefined ? 'it did not tell its version' : `it is ${version}, ${lowest} is needed`}.`,
    );
  }
  return undefined;
}

/**
 * Opens a new window of a desktop editor.
 * @param {DesktopEditor} editor
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code of its command-line program, which does not wait for the window
 */
export async function openDesktopEditor(editor, args) {
  const { command, values } = shellSafe(editor.command, args);
  return new Promise((resolve, reject) => {
    const child = spawn(command, values, {
      stdio: 'inherit',
      env: cleanEnvironment(),
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/**
 * Opens an address in the default browser. The browser is started with another address that works once: the
 * arguments of a process are public on a machine with several users, and this one holds a secret.
 * @param {string} url
 * @returns {Promise<void>}
 */
export async function openInBrowser(url) {
  const secret = `/${randomBytes(16).toString('hex')}`;
  const server = http.createServer((request, response) => {
    const known = request.url === secret;
    response.writeHead(known ? 302 : 404, known ? { location: url, 'cache-control': 'no-store' } : {}).end();
    if (known) server.close();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  setTimeout(() => server.close(), redirectLifetimeMs).unref();
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const opener = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[String(process.platform)] ?? [
    'xdg-open',
  ];
  const [command = '', ...args] = opener;
  const child = spawn(command, [...args, `http://127.0.0.1:${port}${secret}`], {
    stdio: 'ignore',
    detached: true,
  });
  child.once('error', () => console.log('The browser could not be opened; use the address above.'));
  child.unref();
}

/**
 * @param {string} name
 * @returns {string | undefined} absolute path
 */
function findOnPath(name) {
  const folders = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

/**
 * @param {string} editor
 * @returns {Promise<string | undefined>}
 */
async function versionOf(editor) {
  const { command, values } = shellSafe(editor, ['--version']);
  const result = await run(command, values, {
    env: cleanEnvironment(),
    shell: process.platform === 'win32',
  }).catch(
    () => undefined, // Not a program of this platform.
  );
  return /^\d+\.\d+\.\d+/m.exec(result?.output ?? '')?.[0];
}

/**
 * On Windows a `.cmd` file runs in a shell, which splits at spaces.
 * @param {string} command
 * @param {readonly string[]} args
 */
function shellSafe(command, args) {
  const quote = (/** @type {string} */ text) => (process.platform === 'win32' ? `"${text}"` : text);
  return { command: quote(command), values: args.map(quote) };
}

/**
 * @param {string} version
 * @param {string} lowest
 * @returns {boolean}
 */
export function isAtLeast(version, lowest) {
  return version.localeCompare(lowest, 'en', { numeric: true }) >= 0;
}
