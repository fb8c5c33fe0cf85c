/** Starts the client bundle in a worker thread, or in a process of its own, and gives the host its end of the link. */

import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';

import type { LinkPort } from './linkPort';

/**
 * The heap of one client's thread in MB. Line admission is tied to it: a parse that passes the limit would abort the whole
 * extension host, so no line is parsed whose estimate does not fit (see `transport/admission`).
 */
const MAX_OLD_GENERATION_MB = 512;

/** Where a client runs. */
export type Isolation = 'thread' | 'process';

/**
 * Starts a client.
 * @param script absolute path of `dist/client-worker.js`.
 */
export function launchClient(script: string, isolation: Isolation): LinkPort {
  return isolation === 'thread' ? startThread(script) : startProcess(script);
}

function startThread(script: string): LinkPort {
  const worker = new Worker(script, {
    resourceLimits: { maxOldGenerationSizeMb: MAX_OLD_GENERATION_MB },
    // Nothing of the extension host's environment is needed, and none of it should be there to leak.
    env: {},
    stdin: false,
    // Unread output of a thread would be printed into the extension host's own.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return {
    post: (batch, transfer) =>
      worker.postMessage(batch, transfer.length === 0 ? undefined : (transfer as ArrayBuffer[])),
    listen: ({ onBatch, onClose }) => {
      worker.on('message', onBatch);
      worker.on('error', (error: Error & { code?: string }) =>
        onClose(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : `it failed (${error.name})`,
        ),
      );
      worker.on('exit', () => onClose('it ended'));
    },
    close: () => void worker.terminate(),
  };
}

function startProcess(script: string): LinkPort {
  const child = fork(script, [], {
    execArgv: [`--max-old-space-size=${MAX_OLD_GENERATION_MB}`],
    env: { ELECTRON_RUN_AS_NODE: '1' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    post: (batch) => void child.send(batch as object),
    listen: ({ onBatch, onClose }) => {
      child.on('message', onBatch);
      child.on('error', (error) => onClose(`it failed (${error.name})`));
      child.on('exit', (code, signal) => onClose(`it ended (${signal ?? `exit code ${String(code)}`})`));
    },
    close: () => void child.kill('SIGKILL'),
  };
}
