/**
 * From bytes to messages: splits, decodes, unpacks batches and hands over, one message at a time, so that a pause holds at once.
 * It knows no process and no stream.
 */

import { readMessage, subjectOf, type MessageSubject } from '../protocol/jsonrpc';
import { tooLargeUnasked, type LineLimits } from './admission';
import { decodeLine, isTooLargeUnasked } from './lineDecoder';
import { LineSplitter } from './lineSplitter';
import type { TransportHandlers } from './transport';

/** Characters of a line that is shown to explain why it was left out. */
const EXCERPT = 200;

/** What {@link MessagePump} calls. */
export interface PumpHandlers extends Pick<TransportHandlers, 'onMessage' | 'onRefused' | 'onNoise'> {
  /** The stream broke a bound; nothing more is handed over. */
  onViolation(detail: string): void;
  /** Everything that was pushed has been handed over. */
  onDrained(): void;
}

/** The reading half of a connection. */
export class MessagePump {
  private readonly splitter: LineSplitter;
  private batch: { readonly items: readonly unknown[]; readonly bytes: number; next: number } | undefined;
  private paused = false;
  private stopped = false;
  private running = false;
  private resuming = false;

  constructor(
    private readonly limits: LineLimits,
    private readonly handlers: PumpHandlers,
  ) {
    this.splitter = new LineSplitter(limits.line);
  }

  /** Adds bytes and hands over what they complete, unless paused. */
  push(chunk: Buffer): void {
    if (this.stopped) return;
    this.splitter.push(chunk);
    this.run();
  }

  /** Holds from the next message on, also in the middle of a batch. */
  pause(): void {
    this.paused = true;
  }

  /** Goes on in a later turn, so that the caller is not called back from here. */
  resume(): void {
    this.paused = false;
    if (this.resuming) return;
    this.resuming = true;
    process.nextTick(() => {
      this.resuming = false;
      this.run();
    });
  }

  /** Drops everything and hands nothing over any more. */
  stop(): void {
    this.stopped = true;
    this.batch = undefined;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** True while messages wait for {@link resume}. */
  get hasBacklog(): boolean {
    return !this.stopped && (this.batch !== undefined || this.splitter.hasBacklog);
  }

  /** Reports a line that the end of the stream cut off: its size only, since half a message says nothing. */
  end(): void {
    const bytes = this.splitter.unfinishedBytes;
    if (!this.stopped && bytes > 0)
      this.handlers.onNoise({ excerpt: '', bytes, reason: 'the output ended within a line' });
    this.stop();
  }

  private run(): void {
    if (this.running) return;
    this.running = true;
    try {
      while (!this.paused && !this.stopped && this.step());
    } finally {
      this.running = false;
    }
    if (!this.stopped && !this.paused && !this.hasBacklog) this.handlers.onDrained();
  }

  /** Hands over one message. @returns false when more bytes are needed. */
  private step(): boolean {
    if (this.batch) {
      this.stepBatch(this.batch);
      return true;
    }
    const line = this.splitter.next();
    if (line === undefined) return false;
    switch (line.kind) {
      case 'violation':
        this.stop();
        this.handlers.onViolation(line.detail);
        return false;
      case 'noise':
        this.noise(line.head, line.length, 'not JSON');
        return true;
      case 'line':
        this.line(line.bytes);
        return true;
    }
  }

  private line(bytes: Buffer): void {
    const decoded = decodeLine(bytes, this.limits);
    switch (decoded.kind) {
      case 'noise':
        return this.noise(bytes, bytes.length, decoded.reason);
      case 'refused': {
        const { subject, detail } = decoded;
        return this.handlers.onRefused({ ...(subject ? { subject } : {}), bytes: bytes.length, detail });
      }
      case 'value': {
        const { value } = decoded;
        if (!Array.isArray(value)) return this.value(value, bytes.length, bytes);
        if (value.length === 0) return this.noise(bytes, bytes.length, 'an empty batch');
        this.batch = { items: value, bytes: bytes.length, next: 0 };
      }
    }
  }

  private stepBatch(batch: NonNullable<MessagePump['batch']>): void {
    const item = batch.items[batch.next];
    batch.next += 1;
    if (batch.next === batch.items.length) this.batch = undefined;
    if (isTooLargeUnasked(item, batch.bytes, this.limits)) this.refuse(item, batch.bytes);
    else this.value(item, batch.bytes);
  }

  /** What a batch of this size cost to hold was paid for answers only; nothing else may come in its company. */
  private refuse(item: unknown, bytes: number): void {
    const subject = subjectOf(item);
    const detail = tooLargeUnasked(this.limits);
    this.handlers.onRefused({ ...(subject ? { subject } : {}), bytes, detail });
  }

  private value(value: unknown, bytes: number, line?: Buffer): void {
    const message = readMessage(value);
    if (message.ok) this.handlers.onMessage(message.value);
    else this.noise(line ?? Buffer.alloc(0), bytes, message.error, subjectOf(value));
  }

  private noise(head: Buffer, bytes: number, reason: string, subject?: MessageSubject): void {
    // Four bytes hold any character; the last one may be cut.
    const excerpt = head.toString('utf8', 0, EXCERPT * 4).slice(0, EXCERPT);
    this.handlers.onNoise({ ...(subject ? { subject } : {}), excerpt, bytes, reason });
  }
}
