// @ts-check
/**
 * A minimal runtime for `vscode-jsonrpc` without its Node entry point: only what a connection over an own reader and
 * writer calls. Its `setImmediate` can run many queued callbacks in one turn of the event loop, because the connection
 * takes one incoming message per callback. The library calls such runtimes unsupported: pin its exact version.
 */
import { randomUUID } from 'node:crypto';
import { RAL } from 'vscode-jsonrpc';

/** @returns {never} */
function unused() {
  throw new Error('header framing is not used');
}

/** @param {number} perTurn callbacks at most in one turn */
function drainingImmediate(perTurn) {
  /** @type {(() => void)[]} */
  let due = [];
  let armed = false;
  const run = () => {
    for (let taken = 0; taken < perTurn && due.length > 0;) {
      const batch = due;
      due = [];
      taken += batch.length;
      for (const callback of batch) callback();
    }
    armed = due.length > 0;
    if (armed) setImmediate(run);
  };
  /** @param {(...args: any[]) => void} callback @param {any[]} args */
  return (callback, ...args) => {
    let live = true;
    due.push(() => {
      if (live) callback(...args);
    });
    if (!armed) {
      armed = true;
      setImmediate(run);
    }
    return { dispose: () => void (live = false) };
  };
}

/** @param {number} perTurn 1 behaves like Node's own `setImmediate` */
export function installRuntime(perTurn) {
  RAL.install({
    console,
    crypto: { randomUUID },
    messageBuffer: { create: unused },
    applicationJson: {
      encoder: { name: 'application/json', encode: unused },
      decoder: { name: 'application/json', decode: unused },
    },
    timer: {
      setImmediate: drainingImmediate(perTurn),
      setTimeout: (callback, ms, ...args) => {
        const timer = setTimeout(callback, ms, ...args);
        return { dispose: () => clearTimeout(timer) };
      },
      setInterval: (callback, ms, ...args) => {
        const timer = setInterval(callback, ms, ...args);
        return { dispose: () => clearInterval(timer) };
      },
    },
  });
}
