// @ts-check
/** The main-thread side of each topology behind one interface, which is all that the scenarios know. */
import { Worker } from 'node:worker_threads';
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection } from 'vscode-jsonrpc/node';
import { Batch } from './flush.mjs';
import { Link } from './link.mjs';
import { RawRpc } from './rawRpc.mjs';
import { coalesce, spawnServer } from './workerParts.mjs';

/**
 * @typedef {object} Client
 * @property {Promise<void>} loaded the worker has run its bundle; at once when there is no worker
 * @property {() => void} start spawns the server
 * @property {(method: string, params?: unknown) => Promise<unknown>} request
 * @property {() => void} initialized sends `notifications/initialized`
 * @property {() => number} notifications how many notifications of the server have been taken
 * @property {() => Promise<void>} close
 */
/**
 * @typedef {{ topology: 'raw' | 'J' | 'L' | 'M', worker?: string, flush: import('./flush.mjs').FlushPolicy,
 *   notifications: 'queue' | 'tap', perTurn: number }} Engine `worker`: path of the worker's bundle
 */
/** @typedef {import('vscode-jsonrpc/node').MessageWriter} MessageWriter */
/** @typedef {{ server: string[], inlineLimit: number }} ClientOptions */

/** @param {ClientOptions} options @returns {Client} */
function createRaw(options) {
  /** @type {RawRpc} */
  let rpc;
  /** @type {ReturnType<typeof spawnServer>} */
  let server;
  let taken = 0;
  const notified = coalesce(({ count }) => void (taken += count));
  return {
    loaded: Promise.resolve(),
    start() {
      server = spawnServer(options.server);
      rpc = new RawRpc(server, (message) => notified(message.method, message.params));
    },
    request: (method, params) =>
      new Promise((resolve, reject) => rpc.send(method, params, { resolve, reject })),
    initialized: () => rpc.notify('notifications/initialized'),
    notifications: () => taken,
    async close() {
      server.kill('SIGKILL');
    },
  };
}

/** @param {Engine} engine @param {ClientOptions} options */
function startWorker(engine, options) {
  if (engine.worker === undefined) throw new Error(`topology ${engine.topology} needs a worker`);
  return new Worker(engine.worker, { workerData: { ...engine, ...options } });
}

/** Topologies J and M: the link is the same, only what the worker runs differs. */
/** @param {Engine} engine @param {ClientOptions} options @returns {Client} */
function createLinked(engine, options) {
  const worker = startWorker(engine, options);
  let taken = 0;
  /** @type {() => void} */
  let onLoaded;
  const loaded = new Promise((/** @type {(value: void) => void} */ resolve) => (onLoaded = resolve));
  const link = new Link(worker, engine.flush, {
    event(name, value) {
      if (name === 'loaded') onLoaded();
      else taken += /** @type {{ count: number }} */ (value).count;
    },
  });
  return {
    loaded,
    start: () => link.event('start', undefined),
    request: (method, params) => link.request(method, params),
    initialized: () => link.event('initialized', undefined),
    notifications: () => taken,
    async close() {
      await worker.terminate();
    },
  };
}

class PortReader extends AbstractMessageReader {
  #worker;

  /** @param {Worker} worker */
  constructor(worker) {
    super();
    this.#worker = worker;
  }

  /** @param {import('vscode-jsonrpc/node').DataCallback} callback */
  listen(callback) {
    /** @param {import('vscode-jsonrpc/node').Message[]} messages */
    const onMessages = (messages) => messages.forEach((message) => callback(message));
    this.#worker.on('message', onMessages);
    return { dispose: () => void this.#worker.off('message', onMessages) };
  }
}

/** @implements {MessageWriter} */
class PortWriter extends AbstractMessageWriter {
  #outbox;
  #written = Promise.resolve();

  /** @param {Worker} worker @param {import('./flush.mjs').FlushPolicy} flush */
  constructor(worker, flush) {
    super();
    /** @type {Batch<string>} */
    this.#outbox = new Batch(flush, (lines) => worker.postMessage(lines.join('')));
  }

  /** @param {import('vscode-jsonrpc/node').Message} message */
  write(message) {
    this.#outbox.add(`${JSON.stringify(message)}\n`);
    return this.#written;
  }

  end() {
    this.dispose();
  }
}

/** Topology L: the only JSON-RPC layer is on the main thread, the port carries lines down and messages up. */
/** @param {Engine} engine @param {ClientOptions} options @returns {Client} */
function createTransportOnly(engine, options) {
  const worker = startWorker(engine, options);
  let taken = 0;
  const connection = createMessageConnection(
    new PortReader(worker),
    new PortWriter(worker, engine.flush),
    undefined,
    { maxParallelism: 1e6 },
  );
  const loaded = new Promise((/** @type {(value: void) => void} */ resolve) => {
    connection.onNotification('$loaded', () => resolve());
  });
  connection.onNotification('$notifications', ({ count }) => void (taken += count));
  connection.listen();
  return {
    loaded,
    start: () => worker.postMessage(''),
    request: (method, params) =>
      params === undefined ? connection.sendRequest(method) : connection.sendRequest(method, params),
    initialized: () => void connection.sendNotification('notifications/initialized'),
    notifications: () => taken,
    async close() {
      connection.dispose();
      await worker.terminate();
    },
  };
}

/** @param {Engine} engine @param {ClientOptions} options @returns {Client} */
export function createClient(engine, options) {
  if (engine.topology === 'raw') return createRaw(options);
  return engine.topology === 'L' ? createTransportOnly(engine, options) : createLinked(engine, options);
}

/**
 * Starts the server and runs the session's opening.
 * @param {Client} client
 * @returns {Promise<number>} how many tools the server listed
 */
export async function open(client) {
  client.start();
  await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  });
  client.initialized();
  const list = /** @type {{ tools: unknown[] }} */ (await client.request('tools/list'));
  return list.tools.length;
}
