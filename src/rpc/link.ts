/**
 * The link between host and client: typed requests, cancellation and events in both directions, batched: a post per turn
 * of the event loop, or a few when a turn has much to say. It is deliberately not a second JSON-RPC: both ends are ours, so there is nothing to negotiate or validate.
 */

import { Cancellation, type CancelSignal } from '../base/cancelSignal';
import { IdTable } from '../base/idTable';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import { Batch, readBatch, singly, transfersOf, type BatchReader, type Packet } from './batch';
import type { LinkPort } from './linkPort';

/** Name → params and result of the requests one side serves. */
type RequestMap<T> = { [K in keyof T]: { params: unknown; result: unknown } };

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
  resolve(value: unknown): void;
  reject(error: FailureError): void;
  /** What it fails with when the other side is gone. */
  readonly ifGone: Failure;
  /** Stops listening for cancellation. */
  release(): void;
}

const GONE: Failure = { code: 'connection-closed' };

/**
 * So many packets do not wait for the end of the turn: the other side works on them while this one goes on, where each would otherwise wait
 * for the whole batch of the other. Fewer cost more than they save, because each post may have to wake a thread.
 */
const FLUSH_AT = 32;

/**
 * One end of a link.
 * @typeParam Calls requests this end sends; @typeParam Serves requests it answers;
 * @typeParam Emits events it sends; @typeParam Hears events it receives.
 */
export class Link<Calls extends RequestMap<Calls>, Serves extends RequestMap<Serves>, Emits, Hears> {
  private readonly pending = new IdTable<Pending>();
  private readonly serving = new IdTable<Cancellation>();
  private readonly outbox = new Batch();
  private nextId = 1;
  private isClosed = false;

  constructor(
    private readonly port: LinkPort,
    private readonly handlers: LinkHandlers<Serves, Hears>,
  ) {
    port.listen({
      onBatch: (batch) => readBatch(batch as readonly unknown[], this.reader),
      onClose: (detail) => this.end(detail),
    });
  }

  /**
   * Asks the other side.
   * @param ifGone what it fails with when the other side goes before it has answered
   * @throws FailureError with the other side's failure; `cancelled` when `signal` aborts; `connection-closed` when the link is gone.
   */
  request<K extends keyof Calls & string>(
    name: K,
    params: Calls[K]['params'],
    signal?: CancelSignal,
    ifGone: Failure = GONE,
  ): Promise<Calls[K]['result']> {
    if (this.isClosed) return Promise.reject(new FailureError(GONE));
    if (signal?.aborted) return Promise.reject(new FailureError({ code: 'cancelled' }));
    const id = this.nextId++;
    const onAbort = (): void => {
      const call = this.pending.take(id);
      if (!call) return;
      this.enqueue({ t: 'cancel', id });
      call.reject(new FailureError({ code: 'cancelled' }));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const release = (): void => signal?.removeEventListener('abort', onAbort);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.pending.add(id, { resolve, reject, release, ifGone });
    });
    this.outbox.request(id, name, params);
    this.queued();
    return answer;
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
    if (this.outbox.size === 0 || this.isClosed) return;
    const batch = this.outbox.take();
    try {
      this.port.post(batch, transfersOf(batch));
    } catch {
      // One packet cannot be cloned or the port is gone: send them singly, so that only the bad one fails.
      for (const single of singly(batch)) this.postSingly(single);
    }
  }

  private enqueue(packet: Packet): void {
    if (this.isClosed) return;
    this.outbox.packet(packet);
    this.queued();
  }

  /** The first packet of a turn sees to it that the turn ends with a post. */
  private queued(): void {
    const { size } = this.outbox;
    if (size === 1) process.nextTick(() => this.flush());
    else if (size >= FLUSH_AT) this.flush();
  }

  private postSingly(packet: readonly unknown[]): void {
    try {
      this.port.post(packet, []);
    } catch (error) {
      const failure: Failure = { code: 'internal', detail: `cannot cross the link (${errorName(error)})` };
      readBatch(packet, {
        request: (id) => this.settle(id)?.reject(new FailureError(failure)),
        result: (id) => this.postSingly([{ t: 'failure', id, failure }]),
        packet: () => undefined,
      });
    }
  }

  private readonly reader: BatchReader = {
    request: (id, name, params) => {
      if (!this.isClosed) void this.serve(id, name as keyof Serves, params);
    },
    result: (id, value) => this.settle(id)?.resolve(value),
    packet: (packet) => this.receive(packet),
  };

  private receive(packet: Packet): void {
    switch (packet.t) {
      case 'failure':
        return this.settle(packet.id)?.reject(new FailureError(packet.failure));
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

  /** Takes what waits under `id`; undefined when it was cancelled here meanwhile, and the late answer is dropped. */
  private settle(id: number): Pending | undefined {
    const call = this.pending.take(id);
    call?.release();
    return call;
  }

  private async serve(id: number, name: keyof Serves, params: unknown): Promise<void> {
    const cancellation = new Cancellation();
    this.serving.add(id, cancellation);
    try {
      this.answer(id, await this.handlers.requests[name](params, cancellation));
    } catch (error) {
      this.enqueue({ t: 'failure', id, failure: toFailure(error) });
    } finally {
      this.serving.take(id);
    }
  }

  private answer(id: number, value: unknown): void {
    if (this.isClosed) return;
    this.outbox.result(id, value);
    this.queued();
  }

  private end(detail: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outbox.take();
    for (const call of this.pending.takeAll()) {
      call.release();
      call.reject(new FailureError(call.ifGone));
    }
    for (const cancellation of this.serving.takeAll()) cancellation.abort();
    this.handlers.onClose(detail);
  }
}

function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}
