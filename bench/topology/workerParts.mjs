// @ts-check
/** What the workers of all topologies share: the server process, the coalescing of notifications, large results. */
import { spawn } from 'node:child_process';

const COALESCE_MS = 100;
const PREVIEW_CHARS = 200;

/**
 * @typedef {{ topology: string, flush: import('./flush.mjs').FlushPolicy, notifications: 'queue' | 'tap',
 *   inlineLimit: number, server: string[] }} WorkerOptions `inlineLimit` in bytes of the answer's line
 */

/** @param {readonly string[]} args */
export function spawnServer(args) {
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  server.stdin.on('error', () => undefined); // the server has ended: its exit is what is reported
  return server;
}

/**
 * Counts notifications and reports the last of each method at most ten times a second.
 * @param {(value: { count: number, last: unknown[] }) => void} report
 * @returns {(method: string, params: unknown) => void}
 */
export function coalesce(report) {
  let count = 0;
  /** @type {Map<string, unknown>} */
  const last = new Map();
  return (method, params) => {
    if (count++ === 0) {
      setTimeout(() => {
        report({ count, last: [...last] });
        count = 0;
        last.clear();
      }, COALESCE_MS);
    }
    last.set(method, params);
  };
}

/**
 * Keeps a result that is larger than the limit where it is and returns a summary of it in its place.
 * @param {number} inlineLimit bytes
 * @returns {(result: unknown, bytes: number) => unknown}
 */
export function keepLarge(inlineLimit) {
  let nextHandle = 1;
  /** @type {Map<number, unknown>} */
  const kept = new Map();
  return (result, bytes) => {
    if (bytes <= inlineLimit) return result;
    kept.clear(); // the bench reads none of them back, and one is enough memory
    const handle = nextHandle++;
    kept.set(handle, result);
    const first = /** @type {{ content?: { text?: string }[] }} */ (result).content?.[0]?.text ?? '';
    return { handle, bytes, preview: Buffer.from(first.slice(0, PREVIEW_CHARS)).toString() };
  };
}
