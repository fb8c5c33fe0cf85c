// @ts-check
/** Topology M: `vscode-jsonrpc` in the worker, the batched link to the main thread. A runtime must be installed. */
import { parentPort, workerData } from 'node:worker_threads';
import { createMessageConnection, NullLogger } from 'vscode-jsonrpc';
import { Link } from './link.mjs';
import { CallToken, connectionOptions, NdjsonReader, NdjsonWriter } from './ndjsonRpc.mjs';
import { coalesce, keepLarge, spawnServer } from './workerParts.mjs';

/** @param {import('./workerParts.mjs').WorkerOptions} options @param {(value: unknown) => void} report */
function connect(options, report) {
  const server = spawnServer(options.server);
  const notified = coalesce(report);
  const reader = new NdjsonReader(server.stdout, options.notifications === 'tap' ? notified : undefined);
  const writer = new NdjsonWriter(server.stdin);
  const connection = createMessageConnection(reader, writer, NullLogger, connectionOptions(reader));
  connection.onNotification((method, params) => notified(method, params));
  connection.listen();
  return { connection, reader };
}

export function runSession() {
  if (parentPort === null) throw new Error('runs only in a worker');
  const options = /** @type {import('./workerParts.mjs').WorkerOptions} */ (workerData);
  const keep = keepLarge(options.inlineLimit);
  /** @type {Map<number, CallToken>} */
  const running = new Map();
  /** @type {ReturnType<typeof connect> | undefined} */
  let session;

  /** @type {import('./link.mjs').RequestHandler} */
  const request = (method, params, settle, id) => {
    if (session === undefined) return settle.reject(new Error('not started'));
    const { connection, reader } = session;
    const token = new CallToken();
    running.set(id, token);
    // An absent `params` must not be passed at all: the connection would send `[null]`.
    const answer =
      params === undefined
        ? connection.sendRequest(method, token)
        : connection.sendRequest(method, params, token);
    answer.then(
      (result) => {
        running.delete(id);
        settle.resolve(keep(result, reader.bytesOf(result)));
      },
      (error) => {
        running.delete(id);
        settle.reject(error);
      },
    );
  };

  const link = new Link(parentPort, options.flush, {
    request,
    cancel: (id) => running.get(id)?.cancel(),
    event(name) {
      if (name === 'start') session = connect(options, (value) => link.event('notifications', value));
      if (name === 'initialized') void session?.connection.sendNotification('notifications/initialized');
    },
  });
  link.event('loaded', undefined);
}
