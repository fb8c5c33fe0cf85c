/** Cuts a server's stderr into bounded lines, of which a bounded number and a bounded amount of text are reported per second. It never keeps more than one line, and never stops reading. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { TextRate } from '../base/textRate';

/** The longest line that is kept; the rest of it is left out (T053). */
export const MAX_STDERR_LINE = 8_192;
/** Lines per second; what is above is counted only. */
const MAX_STDERR_RATE = 200;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const WINDOW_MS = 1_000;

/** Reports lines as they come, and how many were left out since the last report. */
export class StderrLines implements Disposable {
  private readonly line = Buffer.alloc(MAX_STDERR_LINE);
  private lineLength = 0;
  private inLine = false;
  private readonly rate: TextRate;
  private windowStart: number;
  private taken = 0;
  private dropped = 0;
  private timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly report: (lines: readonly string[], dropped: number) => void,
  ) {
    this.rate = new TextRate(clock);
    this.windowStart = clock.monotonic();
  }

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
    this.emit(lines);
  }

  /** Reports a last line without an end, and what was left out. */
  end(): void {
    const lines: string[] = [];
    if (this.inLine) this.finishLine(lines);
    this.flush(lines);
    this.dispose();
  }

  dispose(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  private append(chunk: Buffer, from: number, to: number): void {
    this.inLine = true;
    if (this.lineLength < MAX_STDERR_LINE)
      this.lineLength += chunk.copy(this.line, this.lineLength, from, to);
  }

  private finishLine(lines: string[]): void {
    const now = this.clock.monotonic();
    if (now - this.windowStart >= WINDOW_MS) {
      this.windowStart = now;
      this.taken = 0;
    }
    const line = this.taken < MAX_STDERR_RATE ? this.currentLine() : undefined;
    if (line !== undefined && this.rate.admit(line)) {
      this.taken += 1;
      lines.push(line);
    } else this.dropped += 1;
    this.lineLength = 0;
    this.inLine = false;
  }

  private currentLine(): string {
    const length = this.line[this.lineLength - 1] === RETURN ? this.lineLength - 1 : this.lineLength;
    return this.line.toString('utf8', 0, length);
  }

  private emit(lines: string[]): void {
    if (lines.length > 0) this.flush(lines);
    else if (this.dropped > 0) this.timer ??= this.clock.schedule(WINDOW_MS, () => this.flush([]));
  }

  private flush(lines: readonly string[]): void {
    this.dispose();
    const dropped = this.dropped;
    this.dropped = 0;
    if (lines.length > 0 || dropped > 0) this.report(lines, dropped);
  }
}
