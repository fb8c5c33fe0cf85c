// @ts-check
/**
 * The hand-written JSON-RPC client: one Map of pending calls, all requests of a turn in one write. It is the raw limit
 * when it runs in process, and the engine of topology J when it runs in the worker.
 */
import { Batch } from './flush.mjs';
import { LineSplitter } from './lines.mjs';

/** @typedef {{ resolve(result: unknown, bytes: number): void, reject(error: Error): void }} RawSettle */

export class RawRpc {
  #nextId = 1;
  /** @type {Map<number, RawSettle>} */
  #pending = new Map();
  /** @type {Batch<string>} */
  #outbox;

  /**
   * @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} server
   * @param {(message: { method: string, params?: unknown }) => void} onNotification
   */
  constructor(server, onNotification) {
    this.#outbox = new Batch('tick', (lines) => server.stdin.write(lines.join('')));
    const lines = new LineSplitter((line, bytes) => {
      const message = JSON.parse(line);
      if (message.method !== undefined) return onNotification(message);
      const call = this.#pending.get(message.id);
      if (call === undefined) return;
      this.#pending.delete(message.id);
      if (message.error === undefined) call.resolve(message.result, bytes);
      else call.reject(new Error(message.error.message));
    });
    server.stdout.on('data', (chunk) => lines.push(chunk));
  }

  /** @param {string} method @param {unknown} params @param {RawSettle} settle */
  send(method, params, settle) {
    const id = this.#nextId++;
    this.#pending.set(id, settle);
    this.#outbox.add(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
  }

  /** @param {string} method */
  notify(method) {
    this.#outbox.add(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`);
  }
}
