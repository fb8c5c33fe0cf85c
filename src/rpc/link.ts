/**
 * The link between host and client: typed requests, cancellation and events in both directions, batched: a post per turn
 * of the event loop, or a few when a turn has much to say. It is deliberately not a second JSON-RPC: both ends are ours, so there is nothing to negotiate or validate.
 */

import { Cancellation, type CancelSignal } from '../base/cancelSignal';
import { Deferred } from '../base/deferred';
import { IdTable } from '../base/idTable';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import type { LinkPort } from './linkPort';
import { plainTextOf, resultOfPlainText } from './plainResult';

/** Name → params and result of the requests one side serves. */
type RequestMap<T> = { [K in keyof T]: { params: unknown; result: unknown } };

/**
 * What goes over the port is one flat list per post. Requests and results, of which there are many, lie in it as four values each: copying
 * an object per packet would cost as much as copying what it holds. The others are objects.
 */
const REQUEST = 0;
const RESULT = 1;
/** As a result, see `plainResult`. */
const PLAIN = 2;
const LENGTH = 4;

type Packet =
  | { readonly t: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'event'; readonly name: PropertyKey; readonly payload: unknown };

/** Serves one request. The signal aborts when the other side cancels or the link closes. */
export type Handler<R extends { params: unknown; result: unknown }> = (
  params: R['params'],
  signal: CancelSignal,
) => Promise<R['result']>;

/** What one side of a link serves and hears. */
export interface LinkHandlers<Serves extends RequestMap<Serves>, Hears> {
  readonly requests: { readonly [K in keyof Serves]: Handler<Serves[K]> };
  readonly events: { readonly [K in keyof Hears]: (payload: Hears[K]) => void };
  /** Called once when the other side is gone. Everything pending has been rejected by then. */
  onClose(detail: string): void;
}

/** A request that waits for its answer. */
interface Pending {
  readonly answer: Deferred<unknown>;
  readonly signal: CancelSignal | undefined;
  readonly onAbort: () => void;
}

/**
 * So many values do not wait for the end of the turn: the other side works on them while this one goes on, where each would otherwise wait
 * for the whole batch of the other.
 */
const FLUSH_AT = 16 * LENGTH;

/** Buffers smaller than this are cheaper to copy than to transfer. */
const TRANSFER_FROM_BYTES = 65_536;

/**
 * One end of a link.
 * @typeParam Calls requests this end sends; @typeParam Serves requests it answers;
 * @typeParam Emits events it sends; @typeParam Hears events it receives.
 */
export class Link<Calls extends RequestMap<Calls>, Serves extends RequestMap<Serves>, Emits, Hears> {
  private readonly pending = new IdTable<Pending>();
  private readonly serving = new IdTable<Cancellation>();
  private outbox: unknown[] = [];
  private nextId = 1;
  private closed: string | undefined;

  constructor(
    private readonly port: LinkPort,
    private readonly handlers: LinkHandlers<Serves, Hears>,
  ) {
    port.listen({
      onBatch: (batch) => this.receive(batch as readonly unknown[]),
      onClose: (detail) => this.end(detail),
    });
  }

  /**
   * Asks the other side.
   * @throws FailureError with the other side's failure; `cancelled` when `signal` aborts; `connection-closed` when the link is gone.
   */
  request<K extends keyof Calls & string>(
    name: K,
    params: Calls[K]['params'],
    signal?: CancelSignal,
  ): Promise<Calls[K]['result']> {
    if (this.closed !== undefined) return Promise.reject(new FailureError({ code: 'connection-closed' }));
    if (signal?.aborted) return Promise.reject(new FailureError({ code: 'cancelled' }));
    const id = this.nextId++;
    const answer = new Deferred<unknown>();
    const onAbort = (): void => {
      if (!this.pending.take(id)) return;
      this.enqueue({ t: 'cancel', id });
      answer.reject(new FailureError({ code: 'cancelled' }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.pending.add(id, { answer, signal, onAbort });
    this.enqueue(REQUEST, id, name, params);
    return answer.promise;
  }

  /** Reports something; dropped when the link is gone. */
  emit<K extends keyof Emits>(name: K, payload: Emits[K]): void {
    this.enqueue({ t: 'event', name, payload });
  }

  /**
   * Ends both sides. Pending requests are rejected with `connection-closed`. Events that are on their way are still heard: what
   * they tell of may have to be cleaned up.
   */
  close(): void {
    this.flush();
    this.end('closed by this side');
    this.port.close();
  }

  /** Sends what waits now instead of when the current callback and its microtasks are over. */
  flush(): void {
    const batch = this.outbox;
    if (batch.length === 0 || this.closed !== undefined) return;
    this.outbox = [];
    try {
      this.port.post(batch, collectTransfers(batch));
    } catch {
      // One packet cannot be cloned or the port is gone: send them singly, so that only the bad one fails.
      for (let at = 0; at < batch.length; at += lengthAt(batch, at))
        this.postSingly(batch.slice(at, at + lengthAt(batch, at)));
    }
  }

  private enqueue(...packet: [Packet] | [kind: number, id: number, name: unknown, body: unknown]): void {
    if (this.closed !== undefined) return;
    if (this.outbox.length === 0) process.nextTick(() => this.flush());
    this.outbox.push(...packet);
    if (this.outbox.length >= FLUSH_AT) this.flush();
  }

  private postSingly(packet: readonly unknown[]): void {
    try {
      this.port.post(packet, []);
    } catch (error) {
      const [kind, id] = packet as [unknown, number];
      const failure: Failure = { code: 'internal', detail: `cannot cross the link (${errorName(error)})` };
      if (kind === REQUEST) this.settle(id, (answer) => answer.reject(new FailureError(failure)));
      else if (kind === RESULT) this.postSingly([{ t: 'failure', id, failure }]);
    }
  }

  private receive(batch: readonly unknown[]): void {
    for (let at = 0; at < batch.length; at += lengthAt(batch, at)) {
      const kind = batch[at];
      if (typeof kind === 'object') this.receivePacket(kind as Packet);
      else if (this.closed !== undefined) continue;
      else if (kind === PLAIN)
        this.settle(batch[at + 1] as number, (answer) =>
          answer.resolve(resultOfPlainText(batch[at + 3] as string)),
        );
      else if (kind === RESULT)
        this.settle(batch[at + 1] as number, (answer) => answer.resolve(batch[at + 3]));
      else void this.serve(batch[at + 1] as number, batch[at + 2] as keyof Serves, batch[at + 3]);
    }
  }

  private receivePacket(packet: Packet): void {
    if (this.closed !== undefined && packet.t !== 'event') return;
    switch (packet.t) {
      case 'failure':
        return this.settle(packet.id, (answer) => answer.reject(new FailureError(packet.failure)));
      case 'cancel':
        return this.serving.get(packet.id)?.abort();
      case 'event':
        return this.hear(packet.name as keyof Hears, packet.payload as Hears[keyof Hears]);
    }
  }

  /** A listener that throws must not cost the packets behind it, which may hold answers. */
  private hear<K extends keyof Hears>(name: K, payload: Hears[K]): void {
    try {
      this.handlers.events[name](payload);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  private settle(id: number, how: (answer: Deferred<unknown>) => void): void {
    const call = this.pending.take(id);
    if (!call) return; // Cancelled here meanwhile: the late answer is dropped.
    call.signal?.removeEventListener('abort', call.onAbort);
    how(call.answer);
  }

  private async serve(id: number, name: keyof Serves, params: unknown): Promise<void> {
    const cancellation = new Cancellation();
    this.serving.add(id, cancellation);
    try {
      const value = await this.handlers.requests[name](params, cancellation);
      const text = plainTextOf(value);
      if (text === undefined) this.enqueue(RESULT, id, undefined, value);
      else this.enqueue(PLAIN, id, undefined, text);
    } catch (error) {
      this.enqueue({ t: 'failure', id, failure: toFailure(error) });
    } finally {
      this.serving.take(id);
    }
  }

  private end(detail: string): void {
    if (this.closed !== undefined) return;
    this.closed = detail;
    this.outbox = [];
    for (const { answer, signal, onAbort } of this.pending.takeAll()) {
      signal?.removeEventListener('abort', onAbort);
      answer.reject(new FailureError({ code: 'connection-closed' }));
    }
    for (const cancellation of this.serving.takeAll()) cancellation.abort();
    this.handlers.onClose(detail);
  }
}

/** How many values the packet at `at` has. */
function lengthAt(batch: readonly unknown[], at: number): number {
  return typeof batch[at] === 'object' ? 1 : LENGTH;
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}

/** Large buffers in results, found at the few depths where results carry them. */
function collectTransfers(batch: readonly unknown[]): readonly ArrayBuffer[] {
  let found: Set<ArrayBuffer> | undefined;
  const add = (buffer: ArrayBuffer): void => void (found ??= new Set()).add(buffer);
  for (let at = 0; at < batch.length; at += lengthAt(batch, at))
    if (batch[at] === RESULT) visit(batch[at + 3], 0, add);
  return found ? [...found] : NOTHING;
}

const NOTHING: readonly ArrayBuffer[] = [];
/** Deep enough for `result.content[i].contents.body.data`. */
const TRANSFER_DEPTH = 6;
/** Items of one list that are looked at. */
const TRANSFER_ITEMS = 1_000;

/** Runs for every result, so it makes no lists of what it visits. Values that cross the link have no inherited members. */
function visit(value: unknown, depth: number, add: (buffer: ArrayBuffer) => void): void {
  if (typeof value !== 'object' || value === null || depth > TRANSFER_DEPTH) return;
  if (value instanceof Uint8Array) {
    const { buffer } = value;
    // Only a buffer that is wholly this array's may move: a pooled one is shared with strangers.
    if (
      value.byteLength >= TRANSFER_FROM_BYTES &&
      value.byteLength === buffer.byteLength &&
      buffer instanceof ArrayBuffer
    )
      add(buffer);
    return;
  }
  if (Array.isArray(value)) {
    const end = Math.min(value.length, TRANSFER_ITEMS);
    for (let at = 0; at < end; at += 1) visit(value[at], depth + 1, add);
    return;
  }
  for (const key in value) visit((value as Readonly<Record<string, unknown>>)[key], depth + 1, add);
}
