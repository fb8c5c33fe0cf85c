// @ts-check
// Owns a running VS Code server on loopback: start, readiness, addresses, end. Knows nothing of browsers and of tests.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, endProcessGroup, lastLines, runChecked } from './processes.mjs';
import { UserError } from './progress.mjs';

const host = '127.0.0.1';
const startTimeoutMs = 60_000;

/**
 * @typedef {object} ServerOptions
 * @property {import('./runtimes.mjs').VscodeServer} vscode
 * @property {string} dataDir the server's own files; user settings are in `<userDataDir>/User/settings.json`
 * @property {string} userDataDir
 * @property {string} extensionsDir
 * @property {number} [port] 0 or absent: any free one
 * @property {boolean} [withToken] answer only who knows a secret that is part of the address
 * @property {boolean} [trustEverything] switch workspace trust off
 * @property {boolean} [testDriver] let the address name extensions under development and tests
 * @property {NodeJS.ProcessEnv} [env] additions to the environment of the extension host
 * @property {string} [logFile] where its output goes
 */

/** @typedef {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, import('node:stream').Readable>} ServerProcess */

/**
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {string} origin for example `http://127.0.0.1:8000`
 * @property {(workspace: string, payload?: ReadonlyArray<readonly [string, string]>) => string} url the address that
 *   opens a folder, or a `.code-workspace` file
 * @property {(file: string) => string} remoteUri names a file of this machine inside an address
 * @property {() => Promise<void>} stop ends the server and all that it started
 * @property {Promise<void>} ended settles when the server ends, for whatever reason
 */

/**
 * Starts a server and waits until it answers.
 * @param {ServerOptions} options
 * @returns {Promise<RunningServer>}
 * @throws {UserError} when the port is taken or the server does not start
 */
export async function startServer(options) {
  const wantedPort = options.port ?? 0;
  if (wantedPort !== 0) {
    const problem = await portProblem(wantedPort);
    if (problem !== undefined) throw new UserError(`${problem} Choose another with --port.`);
  }
  const token = options.withToken ? randomBytes(24).toString('hex') : undefined;
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const child = spawn(options.vscode.node, serverArguments(options, wantedPort, token), {
    cwd: options.dataDir,
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: cleanEnvironment(options.env),
  });
  const stop = () => endProcessGroup(child);
  const port = await untilReady(child, options.logFile).catch(async (error) => {
    await stop();
    throw error;
  });
  const authority = `${host}:${port}`;
  return {
    port,
    origin: `http://${authority}`,
    url: (workspace, payload = []) => {
      const query = new URLSearchParams();
      if (token !== undefined) query.set('tkn', token);
      query.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', asUriPath(workspace));
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query.toString().replaceAll('%2F', '/')}`;
    },
    remoteUri: (file) => `vscode-remote://${authority}${asUriPath(file)}`,
    stop,
    ended: new Promise((resolve) => child.once('exit', () => resolve())),
  };
}

/**
 * Installs an extension from its file, as a user would.
 * @param {Pick<ServerOptions, 'vscode' | 'dataDir' | 'extensionsDir'>} where
 * @param {string} vsix absolute path
 * @returns {Promise<void>}
 */
export async function installVsix(where, vsix) {
  const { node, root } = where.vscode;
  const output = await runChecked(
    `Installing ${path.basename(vsix)}`,
    node,
    [
      path.join(root, 'out', 'server-main.js'),
      ...['--install-extension', vsix, '--force', '--accept-server-license-terms'],
      ...['--server-data-dir', where.dataDir, '--extensions-dir', where.extensionsDir],
    ],
    { env: cleanEnvironment() },
  );
  if (!output.includes('was successfully installed')) {
    throw new UserError(`VS Code did not install ${vsix}:\n${lastLines(output, 20)}`);
  }
}

/**
 * An environment in which a VS Code under test finds nothing of this person's, and leaves nothing behind.
 * @param {string} scratch an existing folder with a short path: sockets are made below it
 * @returns {NodeJS.ProcessEnv}
 */
export function isolatedEnvironment(scratch) {
  const [home, temporary] = ['home', 'tmp'].map((name) => path.join(scratch, name));
  for (const folder of [home, temporary]) mkdirSync(String(folder), { recursive: true });
  const onLinux = process.platform === 'linux' ? { TMPDIR: temporary, XDG_RUNTIME_DIR: temporary } : {};
  return { HOME: home, USERPROFILE: home, EXTENSIONS_GALLERY: '{}', ...onLinux };
}

/**
 * @param {ServerOptions} options
 * @param {number} port
 * @param {string | undefined} token
 * @returns {string[]}
 */
function serverArguments(options, port, token) {
  const entry = path.join(path.dirname(fileURLToPath(import.meta.url)), 'serverMain.mjs');
  const tokenFile = path.join(options.dataDir, 'connection-token');
  if (token !== undefined) writeFileSync(tokenFile, token, { mode: 0o600 }); // Not an argument: those are public.
  return [
    entry,
    path.join(options.vscode.root, 'out', 'server-main.js'),
    path.join(options.dataDir, 'secret-key'),
    ...['--host', host, '--port', String(port)],
    ...(token === undefined ? ['--without-connection-token'] : ['--connection-token-file', tokenFile]),
    ...['--accept-server-license-terms', '--telemetry-level', 'off', '--disable-update-check'],
    '--disable-getting-started-override',
    ...(options.trustEverything ? ['--disable-workspace-trust'] : []),
    ...(options.testDriver ? ['--enable-smoke-test-driver'] : []),
    ...['--server-data-dir', options.dataDir, '--user-data-dir', options.userDataDir],
    ...['--extensions-dir', options.extensionsDir],
  ];
}

/**
 * @param {ServerProcess} child
 * @param {string | undefined} logFile
 * @returns {Promise<number>} the port that it listens on
 */
async function untilReady(child, logFile) {
  // Only for this person: the server prints its token.
  const log = logFile === undefined ? undefined : createWriteStream(logFile, { mode: 0o600 });
  let output = '';
  let starting = true;
  const ready = new Promise((resolve, reject) => {
    const fail = (/** @type {string} */ problem) =>
      reject(new UserError(`The VS Code server ${problem}.\n${lastLines(output, 25)}`));
    const timer = setTimeout(() => fail(`did not start within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`}`));
    const collect = (/** @type {Buffer} */ chunk) => {
      log?.write(chunk);
      if (!starting) return;
      output += chunk.toString();
      const port = /Server bound to [^\s]*:(\d+)/.exec(output)?.[1];
      if (port === undefined || !output.includes('Extension host agent started')) return;
      starting = false;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
  });
  return ready;
}

/**
 * @param {number} port
 * @returns {Promise<string | undefined>} why we cannot have it
 */
export function portProblem(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const taken = error.code === 'EADDRINUSE';
      resolve(
        taken
          ? `Port ${port} is taken by another program.`
          : `Port ${port} cannot be used: ${error.message}.`,
      );
    });
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

/**
 * @param {string} file absolute path
 * @returns {string} path part of its URI
 */
const asUriPath = (file) => (process.platform === 'win32' ? `/${file.replaceAll('\\', '/')}` : file);
