// @ts-check
/** Runs one measure in a process of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MS = 400_000;

/**
 * @param {string} node absolute path of the Node to run on
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, string>>} [env] additions to the environment
 * @returns {Promise<string>} what it wrote
 */
export async function runOnce(node, args, env = {}) {
  const { stdout } = await promisify(execFile)(node, [...args], {
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  return stdout;
}
