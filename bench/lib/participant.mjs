// @ts-check
/** The fresh process that measures one engine in one round, seen from outside. It works only while it has the turn. */
import { fork } from 'node:child_process';

const TIMEOUT_MS = 400_000;

/** @typedef {import('../groups/group.mjs').Figures} Figures */
/** What the process says: that it gives its turn back, or what it measured. @typedef {{ figures?: Figures }} Report */

export class Participant {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #start;

  /**
   * @param {string} node absolute path of the Node to run on
   * @param {import('./bundles.mjs').Bundles} bundles
   * @param {import('../task.mjs').Task} task
   */
  constructor(node, { task: script, clientScript }, task) {
    this.#start = () =>
      fork(script, [JSON.stringify(task)], {
        execPath: node,
        execArgv: ['--expose-gc'],
        env: { ...process.env, MCP_HOST_BENCH_CLIENT: clientScript },
        timeout: TIMEOUT_MS,
        killSignal: 'SIGKILL',
      });
  }

  /**
   * Gives it the turn, and waits until it gives it back or is over.
   * @returns {Promise<Figures | undefined>} its figures when it is over
   * @throws {Error} when it ends without any
   */
  goOn() {
    if (this.#child === undefined) this.#child = this.#start();
    else this.#child.send('your turn');
    const child = this.#child;
    return new Promise((resolve, reject) => {
      /** @param {number | null} code @param {NodeJS.Signals | null} signal */
      const onExit = (code, signal) => {
        child.off('message', onReport);
        reject(new Error(`it ended with ${signal ?? code}`));
      };
      /** @param {import('node:child_process').Serializable} report */
      const onReport = (report) => {
        child.off('exit', onExit);
        resolve(/** @type {Report} */ (report).figures);
      };
      child.once('exit', onExit).once('message', onReport);
    });
  }
}
