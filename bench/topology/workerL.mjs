// @ts-check
/** Topology L: the worker is only transport. It takes JSON lines from the port and gives parsed messages back. */
import { parentPort, workerData } from 'node:worker_threads';
import { Batch } from './flush.mjs';
import { LineSplitter } from './lines.mjs';
import { coalesce, keepLarge, spawnServer } from './workerParts.mjs';

if (parentPort === null) throw new Error('runs only in a worker');
const port = parentPort;
const options = /** @type {import('./workerParts.mjs').WorkerOptions} */ (workerData);
const keep = keepLarge(options.inlineLimit);

/** @type {Batch<unknown>} */
const outbox = new Batch(options.flush, (messages) => port.postMessage(messages));
const notified = coalesce((value) => outbox.add({ jsonrpc: '2.0', method: '$notifications', params: value }));

const lines = new LineSplitter((line, bytes) => {
  const message = JSON.parse(line);
  if (message.method !== undefined) return notified(message.method, message.params);
  if (message.result !== undefined) message.result = keep(message.result, bytes);
  outbox.add(message);
});

/** @type {ReturnType<typeof spawnServer> | undefined} */
let server;
port.on('message', (/** @type {string} */ text) => {
  if (server === undefined) {
    server = spawnServer(options.server);
    server.stdout.on('data', (chunk) => lines.push(chunk));
  }
  if (text !== '') server.stdin.write(text);
});
outbox.add({ jsonrpc: '2.0', method: '$loaded' });
