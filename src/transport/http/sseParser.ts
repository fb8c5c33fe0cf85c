/**
 * Reads a stream of server-sent events (WHATWG HTML, "Server-sent events") as bytes: nothing is decoded before an event is whole.
 * It knows no connection and no message.
 */

import { ByteCollector } from '../byteCollector';

/** One event. An event without data is told too: MCP uses it to give a stream an id before anything happens (HTTPL9). */
export interface ServerSentEvent {
  /** `message` unless the stream says otherwise. */
  readonly type: string;
  /** The data lines, joined by `\n`. */
  readonly data: Buffer;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const LINE_BREAK = Buffer.from('\n');
const COMMENT = Buffer.from(':');
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bytes that may come between two events without saying anything: a stream is kept alive with far less (T064). */
const MAX_WASTE = 1_048_576;

/** Longest event id that is kept: it goes back in a header. */
const MAX_ID = 1_024;
const MAX_TYPE = 100;

/** Thrown when an event, or what stands between two of them, grows beyond the limit; the stream is not read on. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';

  /** @param isNothing true when it is what stands between two events that is too much. */
  constructor(readonly isNothing = false) {
    super();
  }
}

/** Takes chunks with {@link push}, which gives the events that they complete. */
export class SseParser {
  /** Beginning of the line that has no end yet. */
  private readonly begun = new ByteCollector();
  /** True within a comment, which is thrown away as it comes: an endless one costs nothing. */
  private inComment = false;
  /** True after a `\r`, whose `\n` may come with the next chunk. */
  private afterReturn = false;
  private started = false;
  /** The first data line; most events have no other. */
  private first: Buffer | undefined;
  private readonly more = new ByteCollector();
  private type = '';
  private id: string | undefined;
  private sawField = false;
  private lastId: string | undefined;
  private retry: number | undefined;
  private wasted = 0;

  /** @param maxBytes bytes that one event, or one line, may have. */
  constructor(private readonly maxBytes: number) {}

  /** The id of the last event that was complete, for `Last-Event-ID`. */
  get lastEventId(): string | undefined {
    return this.lastId;
  }

  /** Milliseconds to wait before the stream is opened again, as the server last said; not yet bounded. */
  get retryMs(): number | undefined {
    return this.retry;
  }

  /** @throws EventTooLarge */
  *push(chunk: Buffer): Generator<ServerSentEvent> {
    let at = 0;
    let nextReturn = chunk.indexOf(RETURN);
    if (this.afterReturn && chunk.length > 0) {
      this.afterReturn = false;
      if (chunk[0] === NEWLINE) at = 1;
    }
    while (at < chunk.length) {
      // Looked for anew only when passed, so that a chunk of many lines is scanned once.
      if (nextReturn !== -1 && nextReturn < at) nextReturn = chunk.indexOf(RETURN, at);
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline === -1 ? nextReturn : nextReturn === -1 ? newline : Math.min(newline, nextReturn);
      if (end === -1) {
        this.keep(chunk.subarray(at));
        return;
      }
      const event = this.line(this.finishLine(chunk.subarray(at, end)));
      at = end + 1;
      if (chunk[end] === RETURN) {
        if (at === chunk.length) this.afterReturn = true;
        else if (chunk[at] === NEWLINE) at += 1;
      }
      if (event) yield event;
    }
  }

  private keep(piece: Buffer): void {
    if (this.begun.length === 0 && piece[0] === COLON) this.inComment = true;
    if (this.inComment) return this.waste(piece.length);
    this.begun.add(piece);
    this.check();
  }

  private finishLine(last: Buffer): Buffer {
    if (this.inComment) {
      this.inComment = false;
      return COMMENT;
    }
    const whole = this.begun.take(last);
    if (this.started) return whole;
    this.started = true;
    return whole.subarray(0, 3).equals(MARK) ? whole.subarray(3) : whole;
  }

  private get dataLength(): number {
    return (this.first?.length ?? 0) + this.more.length;
  }

  private takeData(): Buffer {
    const { first } = this;
    this.first = undefined;
    if (first === undefined || this.more.length === 0) return first ?? Buffer.alloc(0);
    return Buffer.concat([first, this.more.take()]);
  }

  private check(): void {
    if (this.begun.length + this.dataLength > this.maxBytes) throw new EventTooLarge();
  }

  private line(line: Buffer): ServerSentEvent | undefined {
    if (line.length === 0) return this.dispatch();
    const colon = line.indexOf(COLON);
    if (colon === 0) {
      this.waste(line.length);
      return undefined;
    }
    const name = line.toString('latin1', 0, Math.min(colon === -1 ? line.length : colon, 16));
    const from = colon === -1 ? line.length : line[colon + 1] === SPACE ? colon + 2 : colon + 1;
    this.field(name, line.subarray(from));
    return undefined;
  }

  private field(name: string, value: Buffer): void {
    switch (name) {
      case 'data':
        if (this.first !== undefined) {
          this.more.add(LINE_BREAK);
          this.more.add(value);
        }
        this.first ??= value;
        this.sawField = true;
        this.check();
        return;
      case 'event':
        this.type = value.toString('utf8', 0, MAX_TYPE);
        this.sawField = true;
        return this.waste(value.length);
      case 'id':
        // One that cannot be sent back is none.
        if (value.length <= MAX_ID && isHeaderText(value)) this.id = value.toString('latin1');
        this.sawField = true;
        return this.waste(value.length);
      case 'retry': {
        this.waste(value.length);
        const text = value.toString('latin1', 0, 16);
        if (/^\d{1,15}$/.test(text)) this.retry = Number(text);
        return;
      }
      default:
        return this.waste(value.length + 1);
    }
  }

  private waste(bytes: number): void {
    this.wasted += bytes + 1;
    if (this.wasted > MAX_WASTE) throw new EventTooLarge(true);
  }

  private dispatch(): ServerSentEvent | undefined {
    if (this.id !== undefined) this.lastId = this.id;
    const event = this.sawField ? { type: this.type || 'message', data: this.takeData() } : undefined;
    this.id = undefined;
    this.type = '';
    this.sawField = false;
    if (event && event.data.length > 0) this.wasted = 0;
    else this.waste(1);
    return event;
  }
}

/** Visible ASCII, spaces and the upper half of Latin-1: what a header can carry (RFC 9110 §5.5). */
function isHeaderText(value: Buffer): boolean {
  return value.every((byte) => byte >= 0x20 && byte !== 0x7f);
}
