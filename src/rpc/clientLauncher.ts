/** Starts the client bundle in a worker thread, or in a process of its own, and gives the host its end of the link. */

import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';

import { systemClock, type Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { LinkPort } from './linkPort';
import { WaitingPort } from './waitingPort';

/**
 * The heap of one client's thread in MB. Line admission is tied to it: a parse that passes the limit would abort the whole
 * extension host, so no line is parsed whose estimate does not fit (see `transport/admission`).
 */
const MAX_OLD_GENERATION_MB = 512;

/** How long nothing must have been started until a thread is made ready for the next server: starting is the busiest time. */
const SPARE_AFTER_MS = 1_000;

/**
 * Threads that are being started at once. More are not ready sooner, and hold the host's own thread up: fifty at once for a tenth of a
 * second and more, four at a time for 17 ms.
 */
const STARTED_AT_ONCE = 4;

/** Where a client runs. */
export type Isolation = 'thread' | 'process';

/**
 * Starts clients. While there are servers it keeps one thread ready in which the client's code is loaded, so that the next server, or a
 * restart, does not wait for that. Of many that are wanted at once, most wait for their turn.
 */
export class ClientLauncher implements Disposable {
  private spare: Worker | undefined;
  private refill: Disposable | undefined;
  /** Clients whose turn has not come, and how many are being started. */
  private readonly waiting: WaitingPort[] = [];
  private starting = 0;
  private running = 0;
  private disposed = false;

  /** @param script absolute path of `dist/client-worker.js`. */
  constructor(
    private readonly script: string,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Starts a client, at once or when its turn comes. */
  launch(isolation: Isolation): LinkPort {
    if (isolation === 'process') return startProcess(this.script);
    const { spare } = this;
    if (spare) {
      this.spare = undefined;
      spare.ref();
      return this.run(spare);
    }
    const port = new WaitingPort();
    this.waiting.push(port);
    this.startNext();
    return port;
  }

  /** Ends the thread that is kept ready; clients are not touched. */
  dispose(): void {
    this.disposed = true;
    this.endSpare();
  }

  private startNext(): void {
    while (this.starting < STARTED_AT_ONCE) {
      const port = this.waiting.shift();
      if (!port) return;
      if (port.isClosed) continue;
      const worker = startThread(this.script);
      this.starting += 1;
      const onStarted = (): void => {
        for (const event of ['online', 'exit']) worker.off(event, onStarted);
        this.starting -= 1;
        this.startNext();
      };
      for (const event of ['online', 'exit']) worker.on(event, onStarted);
      port.open(this.run(worker));
    }
  }

  private run(worker: Worker): LinkPort {
    this.running += 1;
    worker.once('exit', () => {
      this.running -= 1;
      if (this.running === 0) this.endSpare();
    });
    this.refillLater();
    return threadPort(worker);
  }

  private refillLater(): void {
    this.refill?.dispose();
    if (this.disposed) return;
    this.refill = this.clock.schedule(SPARE_AFTER_MS, () => {
      const spare = startThread(this.script);
      this.spare = spare;
      spare.unref();
      const forget = (): void => {
        if (this.spare === spare) this.spare = undefined;
      };
      // One that cannot be kept ready is started when it is needed, and then tells why it fails.
      spare.once('error', forget);
      spare.once('exit', forget);
    });
  }

  private endSpare(): void {
    this.refill?.dispose();
    void this.spare?.terminate();
    this.spare = undefined;
  }
}

/**
 * Starts one client, with nothing kept ready.
 * @param script absolute path of `dist/client-worker.js`.
 */
export function launchClient(script: string, isolation: Isolation): LinkPort {
  return isolation === 'thread' ? threadPort(startThread(script)) : startProcess(script);
}

function startThread(script: string): Worker {
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
  return worker;
}

function threadPort(worker: Worker): LinkPort {
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
