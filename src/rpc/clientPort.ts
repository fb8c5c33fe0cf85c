/** A client's own end of the link, found from where it runs. */

import { parentPort } from 'node:worker_threads';

import { Awake } from './awake';
import type { LinkPort } from './linkPort';

/**
 * The port to the host.
 * @throws Error when this is neither a worker thread nor a child process with an IPC channel.
 */
export function ownEndOfLink(): LinkPort {
  if (parentPort) return threadPort(parentPort);
  if (process.send) return processPort();
  throw new Error('The client bundle must be started by the host.');
}

function threadPort(port: NonNullable<typeof parentPort>): LinkPort {
  const awake = new Awake();
  return {
    post: (batch, transfer) => {
      port.postMessage(batch, transfer.length === 0 ? undefined : [...transfer]);
      awake.touch();
    },
    listen: ({ onBatch, onClose }) => {
      port.on('message', (batch) => {
        onBatch(batch);
        awake.touch();
      });
      port.on('close', () => onClose('the host is gone'));
    },
    close: () => port.close(),
  };
}

function processPort(): LinkPort {
  return {
    // IPC copies: there is no memory to hand over between processes.
    post: (batch) => void process.send?.(batch),
    listen: ({ onBatch, onClose }) => {
      process.on('message', onBatch);
      process.on('disconnect', () => onClose('the host is gone'));
    },
    close: () => process.disconnect(),
  };
}
