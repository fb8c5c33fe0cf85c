// @ts-check
/**
 * The host ⇄ client link of topologies J and M: request, response, cancel and event over a MessagePort, both ways,
 * everything of one turn in one post. It is not JSON-RPC: no method registry, no validation, no queue.
 */
import { Batch } from './flush.mjs';

const REQUEST = 0;
const RESULT = 1;
const FAILURE = 2;
const CANCEL = 3;
const EVENT = 4;

/**
 * Kind, id (0 for an event), method / event name / result / error text, params / event value / error code.
 * @typedef {[kind: number, id: number, a: unknown, b?: unknown]} Frame
 */
/**
 * @typedef {object} LinkPort a MessagePort, or a Worker
 * @property {(value: unknown) => void} postMessage
 * @property {(event: 'message', listener: (value: any) => void) => unknown} on
 */
/** @typedef {{ resolve(value: unknown): void, reject(error: Error): void }} Settle */
/** @typedef {(method: string, params: unknown, settle: Settle, id: number) => void} RequestHandler */

export class Link {
  #nextId = 1;
  /** @type {Map<number, Settle>} */
  #pending = new Map();
  /** @type {Batch<Frame>} */
  #outbox;
  #handlers;

  /**
   * @param {LinkPort} port
   * @param {import('./flush.mjs').FlushPolicy} policy
   * @param {{ request?: RequestHandler, cancel?: (id: number) => void, event?: (name: string, value: unknown) => void }} handlers
   */
  constructor(port, policy, handlers) {
    this.#handlers = handlers;
    this.#outbox = new Batch(policy, (frames) => port.postMessage(frames));
    port.on('message', (/** @type {Frame[]} */ frames) => {
      for (const frame of frames) this.#receive(frame);
    });
  }

  /** @param {string} method @param {unknown} params @param {AbortSignal} [signal] @returns {Promise<unknown>} */
  request(method, params, signal) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#outbox.add([REQUEST, id, method, params]);
      signal?.addEventListener('abort', () => this.#cancel(id), { once: true });
    });
  }

  /** @param {string} name @param {unknown} value */
  event(name, value) {
    this.#outbox.add([EVENT, 0, name, value]);
  }

  /** @param {number} id */
  #cancel(id) {
    const call = this.#pending.get(id);
    if (call === undefined) return;
    this.#pending.delete(id);
    this.#outbox.add([CANCEL, id, undefined]);
    call.reject(new Error('cancelled'));
  }

  /** @param {Frame} frame */
  #receive([kind, id, a, b]) {
    if (kind === RESULT || kind === FAILURE) {
      const call = this.#pending.get(id);
      if (call === undefined) return;
      this.#pending.delete(id);
      if (kind === RESULT) call.resolve(a);
      else call.reject(new Error(String(a)));
    } else if (kind === REQUEST) {
      const settle = {
        /** @param {unknown} value */
        resolve: (value) => this.#outbox.add([RESULT, id, value]),
        /** @param {Error} error */
        reject: (error) => this.#outbox.add([FAILURE, id, error.message]),
      };
      this.#handlers.request?.(String(a), b, settle, id);
    } else if (kind === CANCEL) this.#handlers.cancel?.(id);
    else this.#handlers.event?.(String(a), b);
  }
}
