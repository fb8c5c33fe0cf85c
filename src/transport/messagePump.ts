/**
 * From bytes to messages: splits, decodes, unpacks batches and hands over, one message at a time, so that a pause holds at once.
 * It knows no process and no stream.
 */

import type { LineLimits } from './admission';
import { LineSplitter } from './lineSplitter';
import type { TransportHandlers } from './transport';
import { unaskedSubject } from './unaskedLine';
import { deliver, noiseItem, readWire, unaskedItem, type WireItem } from './wireItems';

/** What {@link MessagePump} calls. */
interface PumpHandlers extends Pick<TransportHandlers, 'onMessage' | 'onRefused' | 'onNoise'> {
  /** The stream broke a bound; nothing more is handed over. */
  onViolation(detail: string): void;
  /** Everything that was pushed has been handed over. */
  onDrained(): void;
}

type LastLine = NonNullable<ReturnType<LineSplitter['finish']>>;

/** The reading half of a connection. */
export class MessagePump {
  private readonly splitter: LineSplitter;
  /** What is left of the batch that is being handed over. */
  private rest: Generator<WireItem, undefined> | undefined;
  private paused = false;
  private stopped = false;
  private running = false;
  private resuming = false;

  constructor(
    private readonly limits: LineLimits,
    private readonly handlers: PumpHandlers,
  ) {
    this.splitter = new LineSplitter(limits.line, limits.unasked);
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
    this.rest = undefined;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** True while messages wait for {@link resume}. */
  get hasBacklog(): boolean {
    return !this.stopped && (this.rest !== undefined || this.splitter.hasBacklog);
  }

  /**
   * The stream has ended. A message is one although only the end of its line is missing; of half a one the size is reported, since it says
   * nothing, and of other words their beginning.
   */
  end(): void {
    const { line, read } = this.last();
    this.stop();
    if (read?.kind === 'batch') for (const item of read.items) deliver(item, this.handlers);
    else if (read && read.kind !== 'noise') deliver(read, this.handlers);
    else if (line) this.unended(line, line.kind === 'noise', 'the output ended within a line');
  }

  /** Nothing more is read. A server that seemed silent may only have forgotten the end of a line. */
  close(): void {
    const { line, read } = this.last();
    this.stop();
    const isHalf = line?.kind !== 'noise' && (read === undefined || read.kind === 'noise');
    if (line && !isHalf) this.unended(line, true, 'a line without its end');
  }

  /** What was not read yet because the end of its line is missing, and what it is when it stands in braces or brackets. */
  private last(): { readonly line?: LastLine | undefined; readonly read?: ReturnType<typeof readWire> } {
    const line = this.stopped ? undefined : this.splitter.finish();
    return line?.kind === 'line' ? { line, read: readWire(line.bytes, this.limits) } : { line };
  }

  private unended(line: LastLine, isShown: boolean, reason: string): void {
    const head = line.kind === 'line' ? line.bytes : line.head;
    const bytes = line.kind === 'line' ? line.bytes.length : line.length;
    deliver(noiseItem(isShown ? head : Buffer.alloc(0), bytes, reason), this.handlers);
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
    const item = this.rest?.next();
    if (item?.done === false) {
      deliver(item.value, this.handlers);
      return true;
    }
    this.rest = undefined;
    const line = this.splitter.next();
    if (line === undefined) return false;
    switch (line.kind) {
      case 'violation':
        this.stop();
        this.handlers.onViolation(line.detail);
        return false;
      case 'noise':
        deliver(noiseItem(line.head, line.length, 'not JSON'), this.handlers);
        return true;
      case 'unasked':
        deliver(unaskedItem(line.length, this.limits, unaskedSubject(line.head, line.tail)), this.handlers);
        return true;
      case 'line':
        this.take(line.bytes);
        return true;
    }
  }

  private take(bytes: Buffer): void {
    const read = readWire(bytes, this.limits);
    if (read.kind === 'batch') this.rest = read.items;
    else deliver(read, this.handlers);
  }
}
