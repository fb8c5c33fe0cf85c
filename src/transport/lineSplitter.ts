/**
 * Cuts a byte stream into lines at 0x0A, before any decoding, in time linear in the bytes. It knows bytes only, except that
 * a line which cannot become a JSON message is not collected.
 */

import { ByteCollector } from './byteCollector';
import { beginsUnasked, UNASKED_TAIL } from './unaskedLine';

/** What the stream has for its reader. */
export type SplitLine =
  /** One complete line, without its end, a trailing `\r`, or a byte order mark; never empty. */
  | { readonly kind: 'line'; readonly bytes: Buffer }
  /** A line that starts like no JSON object or array; `head` is its beginning, `length` its size in bytes. */
  | { readonly kind: 'noise'; readonly head: Buffer; readonly length: number }
  /** A request or notification above the bound for these; `tail` is its end. */
  | { readonly kind: 'unasked'; readonly head: Buffer; readonly tail: Buffer; readonly length: number }
  /** The stream cannot be read on. */
  | { readonly kind: 'violation'; readonly detail: string };

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

const MIB = 1_048_576;

/** Bytes kept of a line that is not collected: 200 characters of any kind. */
const HEAD = 800;

/** Takes chunks with {@link push} and gives lines with {@link next} until it has none. */
export class LineSplitter {
  private readonly chunks: Buffer[] = [];
  /** First byte of `chunks[0]` that is not consumed. */
  private offset = 0;
  /** The beginning of a line that has no end yet. */
  private readonly begun = new ByteCollector();
  private lineLength = 0;
  /** Set while the rest of the line is thrown away. */
  private noiseHead: Buffer | undefined;
  /** Set for a line that can only be a request or a notification. */
  private unaskedHead: Buffer | undefined;
  /** The newest bytes of such a line, once it is too long to be collected. */
  private unaskedTail: Buffer | undefined;
  private readonly firstBytes: number[] = [];
  private failed: SplitLine | undefined;

  /**
   * @param maxLine bytes after which an unfinished line is a violation.
   * @param maxUnasked bytes after which a request or notification is no longer collected.
   */
  constructor(
    private readonly maxLine: number,
    private readonly maxUnasked = Number.POSITIVE_INFINITY,
  ) {}

  /** Adds bytes; they are not copied. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    for (let at = 0; this.firstBytes.length < 4 && at < chunk.length; at += 1)
      this.firstBytes.push(chunk[at] ?? 0);
    if (this.failed === undefined && looksLikeUtf16(this.firstBytes)) this.failed = violation(UTF16);
  }

  /** The next line, or undefined when more bytes are needed. After a violation it gives that for ever. */
  next(): SplitLine | undefined {
    while (this.failed === undefined) {
      const chunk = this.chunks[0];
      if (chunk === undefined) return undefined;
      const end = chunk.indexOf(NEWLINE, this.offset);
      const piece = chunk.subarray(this.offset, end === -1 ? chunk.length : end);
      this.lineLength += piece.length;
      if (this.lineLength > this.maxLine) {
        this.failed = violation(`wrote a line of more than ${sizeText(this.maxLine)} without an end`);
        break;
      }
      if (end !== -1 && end + 1 < chunk.length) this.offset = end + 1;
      else this.dropChunk();
      if (end === -1) this.keep(piece);
      else {
        const line = this.finishLine(piece);
        if (line) return line;
      }
    }
    this.clear();
    return this.failed;
  }

  /** True while bytes wait that {@link next} has not looked at. */
  get hasBacklog(): boolean {
    return this.chunks.length > 0;
  }

  /** What stands behind the last end of a line; call it once, when no more is read. */
  finish(): Exclude<SplitLine, { kind: 'violation' }> | undefined {
    return this.lineLength === 0 || this.failed !== undefined || this.hasBacklog
      ? undefined
      : this.finishLine(Buffer.alloc(0));
  }

  private dropChunk(): void {
    this.chunks.shift();
    this.offset = 0;
  }

  private keep(piece: Buffer): void {
    if (this.noiseHead !== undefined) return;
    if (this.unaskedHead && this.lineLength > this.maxUnasked) {
      this.begun.clear();
      this.unaskedTail = this.tailWith(piece);
      return;
    }
    this.begun.add(piece);
    const justLongEnough = this.lineLength >= HEAD && this.lineLength - piece.length < HEAD;
    if (justLongEnough) this.lookAtHead();
  }

  /** Looks once at the beginning of a line that goes on: of what cannot be a message only the beginning is kept. */
  private lookAtHead(): void {
    const head = Buffer.from(withoutMark(this.begun.head(HEAD)));
    if (beginsUnasked(head)) this.unaskedHead = head;
    if (startsLikeJson(head)) return;
    this.noiseHead = head;
    this.begun.clear();
  }

  private tailWith(piece: Buffer): Buffer {
    if (piece.length >= UNASKED_TAIL) return piece.subarray(-UNASKED_TAIL);
    return Buffer.concat([this.unaskedTail ?? Buffer.alloc(0), piece]).subarray(-UNASKED_TAIL);
  }

  private finishLine(last: Buffer): Exclude<SplitLine, { kind: 'violation' }> | undefined {
    const length = this.lineLength;
    const head = this.noiseHead;
    const unasked = this.unaskedHead;
    const tail = this.unaskedTail && this.tailWith(last);
    const whole = this.begun.length === 0 ? last : this.begun.take(last);
    this.lineLength = 0;
    this.noiseHead = undefined;
    this.unaskedHead = undefined;
    this.unaskedTail = undefined;
    if (unasked && tail) return { kind: 'unasked', head: unasked, tail, length };
    if (head !== undefined) return { kind: 'noise', head, length };
    const bytes = withoutMark(whole[whole.length - 1] === RETURN ? whole.subarray(0, -1) : whole);
    if (bytes.length === 0) return undefined;
    if (startsLikeJson(bytes)) return { kind: 'line', bytes };
    return { kind: 'noise', head: bytes.subarray(0, HEAD), length };
  }

  private clear(): void {
    this.chunks.length = 0;
    this.begun.clear();
  }
}

const UTF16 =
  'writes UTF-16, but MCP is UTF-8 (set PYTHONIOENCODING=utf-8, run chcp 65001, or set [Console]::OutputEncoding)';

function sizeText(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${Math.floor(bytes / MIB)} MB`;
}

function violation(detail: string): SplitLine {
  return { kind: 'violation', detail };
}

/** A UTF-16 byte order mark, or ASCII text with a zero byte beside each character. */
function looksLikeUtf16(first: readonly number[]): boolean {
  const [a, b, c, d] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  if (d === undefined) return false;
  return (a !== 0 && b === 0 && c !== 0 && d === 0) || (a === 0 && b !== 0 && c === 0 && d !== 0);
}

/** A byte order mark is no part of JSON, wherever it comes from (T045). */
export function withoutMark(line: Buffer): Buffer {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}

/** True when the first byte that is not white space opens an object or an array. */
function startsLikeJson(line: Buffer): boolean {
  let at = 0;
  while (line[at] === 0x20 || line[at] === 0x09 || line[at] === RETURN) at += 1;
  return line[at] === OPEN_BRACE || line[at] === OPEN_BRACKET;
}
