/** Two transports linked in memory, for a server in the same process. Messages cross as text, as they would on a wire. */

import type { ProcessExit } from '../../src/protocol/failure';
import { readMessage, subjectOf, type JsonRpcMessage } from '../../src/protocol/jsonrpc';
import type { Transport, TransportClose, TransportHandlers } from '../../src/transport/transport';

/** One end of a pair. What is sent here arrives there in a later turn, in order. */
export class MemoryTransport implements Transport {
  private peer: MemoryTransport | undefined;
  private handlers: TransportHandlers | undefined;
  private readonly inbox: string[] = [];
  private paused = false;
  private closed = false;
  private scheduled = false;
  private congested = false;
  /** Set when the peer is gone but what it sent is not all taken yet. */
  private ending: TransportClose | undefined;

  /** Two linked ends; either can play the client. */
  static pair(): readonly [MemoryTransport, MemoryTransport] {
    const first = new MemoryTransport();
    const second = new MemoryTransport();
    first.peer = second;
    second.peer = first;
    return [first, second];
  }

  start(handlers: TransportHandlers): Promise<void> {
    if (this.handlers || this.closed) return Promise.reject(new Error('A transport is started once'));
    this.handlers = handlers;
    this.schedule();
    return Promise.resolve();
  }

  send(message: JsonRpcMessage): void {
    if (!this.closed) this.peer?.receive(JSON.stringify(message));
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.schedule();
  }

  get isCongested(): boolean {
    return this.congested;
  }

  /** Sets what {@link isCongested} says. */
  set isCongested(value: boolean) {
    this.congested = value;
  }

  async close(): Promise<void> {
    this.finish({ kind: 'closed' });
    this.peer?.finishLater({ kind: 'ended' });
    return Promise.resolve();
  }

  /** Ends the connection from this side, as a process that exits; the peer takes what was sent before. */
  exit(exit: ProcessExit): void {
    this.peer?.finishLater({ kind: 'ended', exit });
    this.finish({ kind: 'closed' });
  }

  /** Breaks a bound on this side; the peer cuts the connection at once. */
  violate(detail: string): void {
    this.peer?.finish({ kind: 'violation', detail });
    this.finish({ kind: 'ended' });
  }

  /** What the peer's handlers are told beside messages, once they exist. */
  get peerHandlers(): Omit<TransportHandlers, 'onMessage' | 'onClose'> | undefined {
    return this.peer?.closed === false ? this.peer.handlers : undefined;
  }

  /** Puts a line into this end as if the peer had written it. */
  receive(line: string): void {
    if (this.closed) return;
    this.inbox.push(line);
    this.schedule();
  }

  private finishLater(close: TransportClose): void {
    if (this.closed) return;
    this.ending ??= close;
    this.schedule();
  }

  private schedule(): void {
    if (this.scheduled || !this.handlers) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.deliver();
    });
  }

  private deliver(): void {
    while (!this.paused && !this.closed) {
      const line = this.inbox.shift();
      if (line === undefined) break;
      this.take(line);
    }
    if (this.ending && this.inbox.length === 0) this.finish(this.ending);
  }

  private take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      // Reported as the noise that it is.
      value = undefined;
    }
    const message = readMessage(value);
    const subject = subjectOf(value);
    if (message.ok) this.handlers?.onMessage(message.value);
    else
      this.handlers?.onNoise({
        ...(subject ? { subject } : {}),
        excerpt: line.slice(0, 200),
        bytes: Buffer.byteLength(line),
        reason: message.error,
      });
  }

  private finish(close: TransportClose): void {
    if (this.closed) return;
    this.closed = true;
    this.inbox.length = 0;
    this.handlers?.onClose(close);
  }
}
