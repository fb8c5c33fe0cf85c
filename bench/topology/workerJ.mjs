// @ts-check
/** Topology J: a hand-written JSON-RPC client in the worker, the batched link to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { Link } from './link.mjs';
import { RawRpc } from './rawRpc.mjs';
import { coalesce, keepLarge, spawnServer } from './workerParts.mjs';

if (parentPort === null) throw new Error('runs only in a worker');
const options = /** @type {import('./workerParts.mjs').WorkerOptions} */ (workerData);
const keep = keepLarge(options.inlineLimit);

/** @type {RawRpc | undefined} */
let rpc;
const link = new Link(parentPort, options.flush, {
  request(method, params, settle) {
    rpc?.send(method, params, {
      resolve: (result, bytes) => settle.resolve(keep(result, bytes)),
      reject: settle.reject,
    });
  },
  event(name) {
    if (name === 'initialized') rpc?.notify('notifications/initialized');
    if (name !== 'start') return;
    const notified = coalesce((value) => link.event('notifications', value));
    rpc = new RawRpc(spawnServer(options.server), (message) => notified(message.method, message.params));
  },
});
link.event('loaded', undefined);
