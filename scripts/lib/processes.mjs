// @ts-check
// Owns how the scripts start other programs: Node, npm, and groups that end together. Knows nothing of VS Code.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './progress.mjs';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment, not an addition to ours
 * @property {boolean} [shell] run it in a shell; the arguments must be quoted for it
 * @property {boolean} [inherit] show the program's output as it comes instead of keeping it
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} exit code (1 when a signal ended it) and stdout with stderr
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', options.inherit ? 'inherit' : 'pipe', options.inherit ? 'inherit' : 'pipe'],
      shell: options.shell ?? false,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => (output += String(chunk)));
    }
    const stopForwarding = endTogether(child);
    child.once('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.once('close', (code) => {
      stopForwarding();
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Passes a request to end on to a child, so that none goes on alone.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} ends the arrangement
 */
function endTogether(child) {
  const numbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
  const listeners = Object.entries(numbers).map(([signal, number]) => {
    const listener = () => {
      child.kill('SIGTERM');
      process.exit(128 + number);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => listeners.forEach((remove) => remove());
}

/**
 * Runs a program that must succeed.
 * @param {string} what the sentence's subject when it fails, for example `npm ci`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its output
 * @throws {UserError} with the end of its output
 */
export async function runChecked(what, command, args, options = {}) {
  const { code, output } = await run(command, args, options);
  if (code !== 0)
    throw new UserError(`${what} failed with exit code ${code}.\n${lastLines(output, 30)}`.trimEnd());
  return output;
}

/**
 * Runs npm, the one that started us where npm did.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} its output
 */
export function npm(args, options = {}) {
  const cli = npmCli();
  const what = `npm ${args.slice(0, 2).join(' ')}`;
  const { env, ...rest } = options;
  const quietEnv = { npm_config_update_notifier: 'false', ...withoutNpmConfig(env ?? process.env) };
  if (cli !== undefined)
    return runChecked(what, process.execPath, [cli, ...args], { ...rest, env: quietEnv });
  if (process.platform === 'win32') {
    throw new UserError(
      'npm was not found beside Node. Start this script through npm, for example `npm start`.',
    );
  }
  return runChecked(what, 'npm', args, { ...rest, env: quietEnv });
}

/** @returns {string | undefined} npm's JavaScript entry point */
function npmCli() {
  const bin = path.dirname(process.execPath);
  const candidates = [
    process.env['npm_execpath'],
    path.join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    path.join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  return candidates.find(
    (candidate) =>
      candidate !== undefined && path.basename(candidate) === 'npm-cli.js' && existsSync(candidate),
  );
}

/**
 * npm tells its scripts where its own project is; an npm started below must not take that for its own.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function withoutNpmConfig(env) {
  const misleading =
    /^npm_(package_|lifecycle_|command$|config_(local_prefix|global_prefix|prefix|noproxy|node_gyp|argv)$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !misleading.test(name)));
}

/**
 * The environment for a VS Code that must not notice that another one (or a debugger) started it.
 * @param {NodeJS.ProcessEnv} [additions]
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(additions = {}) {
  const foreign = /^(VSCODE_|ELECTRON_|npm_)|^NODE_OPTIONS$|^NODE_TEST_CONTEXT$/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...additions };
}

/**
 * Ends a process that was started `detached`, with everything in its group.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<void>} settled when the process itself is gone
 */
export async function endProcessGroup(child) {
  if (child.pid === undefined) return;
  const { pid } = child;
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', resolve));
  if (process.platform === 'win32') {
    await run('taskkill', ['/pid', String(pid), '/T', '/F']);
    await gone;
    return;
  }
  signalGroup(pid, 'SIGTERM');
  const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), 2000);
  await gone;
  clearTimeout(force);
  signalGroup(pid, 'SIGKILL');
}

/**
 * @param {number} pid leader of the group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * @param {string} text
 * @param {number} count
 * @returns {string}
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
