/**
 * Cuts a server's stderr into bounded lines at a bounded rate, and never stops reading. Of the lines that are left out the last ones are kept
 * until the gap is told, because they say why a server ended (T036).
 */

import { StringDecoder } from 'node:string_decoder';

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { LogRate } from '../base/logRate';

/** The longest line that is kept, in bytes; the rest of it is left out (T053). */
export const MAX_STDERR_LINE = 8_192;
/** Lines that are kept of those left out, and bytes of each. */
const MAX_KEPT = 20;
const MAX_KEPT_BYTES = 500;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** How soon it is told that lines were left out. */
const TELL_MS = 1_000;

/** Reports lines as they come, and how many were left out before them. */
export class StderrLines implements Disposable {
  private readonly line = Buffer.alloc(MAX_STDERR_LINE);
  private lineLength = 0;
  private isCut = false;
  private inLine = false;
  /** Since it was last told. */
  private dropped = 0;
  /** The last of those, each at its number modulo {@link MAX_KEPT}; made with the first one. */
  private kept: { readonly bytes: Buffer; length: number; isCut: boolean }[] | undefined;
  private timer: Disposable | undefined;

  /** @param report lines, and how many were left out behind them */
  constructor(
    private readonly clock: Clock,
    private readonly rate: LogRate,
    private readonly report: (lines: readonly string[], dropped: number) => void,
  ) {}

  push(chunk: Buffer): void {
    const lines: string[] = [];
    let from = 0;
    while (from < chunk.length) {
      const end = chunk.indexOf(NEWLINE, from);
      this.append(chunk, from, end === -1 ? chunk.length : end);
      if (end === -1) break;
      this.finishLine(lines);
      from = end + 1;
    }
    if (lines.length > 0) this.report(lines, 0);
  }

  /** Reports a last line without an end, and what was left out. */
  end(): void {
    const lines: string[] = [];
    if (this.inLine) this.finishLine(lines);
    if (lines.length > 0) this.report(lines, 0);
    // Why the server ended is told whatever the rate.
    this.tellDropped(() => true);
    this.dispose();
  }

  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private append(chunk: Buffer, from: number, to: number): void {
    this.inLine = true;
    const copied = chunk.copy(this.line, this.lineLength, from, to);
    this.lineLength += copied;
    this.isCut ||= copied < to - from;
  }

  private finishLine(lines: string[]): void {
    if (this.rate.isOpen && this.dropped > 0) {
      if (lines.length > 0) this.report(lines.splice(0), 0);
      this.tellDropped();
    }
    // What was told of the gap may have been all of this second.
    if (!this.rate.isOpen) this.leaveOut();
    else {
      const line = textOf(this.line, this.lineLength, this.isCut);
      this.rate.take(line);
      lines.push(line);
    }
    this.lineLength = 0;
    this.isCut = false;
    this.inLine = false;
  }

  private leaveOut(): void {
    this.kept ??= Array.from({ length: MAX_KEPT }, () => ({
      bytes: Buffer.alloc(MAX_KEPT_BYTES),
      length: 0,
      isCut: false,
    }));
    const slot = this.kept[this.dropped % MAX_KEPT];
    if (slot) {
      slot.length = this.line.copy(slot.bytes, 0, 0, this.lineLength);
      slot.isCut = this.isCut || slot.length < this.lineLength;
    }
    this.dropped++;
    this.tellSoon();
  }

  private tellSoon(): void {
    this.timer ??= this.clock.schedule(TELL_MS, () => {
      this.timer = undefined;
      // Messages may have used up this second.
      if (this.rate.isOpen) this.tellDropped();
      else this.tellSoon();
    });
  }

  /** @param isOpen whether one more of the lines that were kept may be told, the last ones first */
  private tellDropped(isOpen = (): boolean => this.rate.isOpen): void {
    this.dispose();
    const { dropped, kept = [] } = this;
    this.dropped = 0;
    if (dropped === 0) return;
    const lines: string[] = [];
    for (let number = dropped - 1; number >= Math.max(0, dropped - MAX_KEPT) && isOpen(); number--) {
      const slot = kept[number % MAX_KEPT];
      const line = slot ? textOf(slot.bytes, slot.length, slot.isCut) : '';
      this.rate.take(line);
      lines.unshift(line);
    }
    if (dropped > lines.length) this.report([], dropped - lines.length);
    this.report(lines, 0);
  }
}

/** A line as text, without the end that Windows writes. Half a character at a cut would hide the beginning of a secret before it. */
function textOf(bytes: Buffer, length: number, isCut: boolean): string {
  if (isCut) return `${new StringDecoder('utf8').write(bytes.subarray(0, length))}…`;
  return bytes.toString('utf8', 0, bytes[length - 1] === RETURN ? length - 1 : length);
}
