/**
 * Collects pieces of bytes into one buffer, in time and memory linear in the bytes: small pieces are copied together, so that what comes
 * byte by byte does not cost an object per byte; large ones are kept as they are.
 */

/** Smaller pieces are copied. */
const SMALL_PIECE = 16_384;
const BLOCK = 65_536;
/** The first block is small: most of what has to be collected spans two chunks. */
const FIRST_BLOCK = BLOCK / 8;

export class ByteCollector {
  private pieces: Buffer[] = [];
  private block: Buffer | undefined;
  private used = 0;
  private collected = 0;

  /** Bytes collected. */
  get length(): number {
    return this.collected;
  }

  add(piece: Buffer): void {
    this.collected += piece.length;
    if (piece.length >= SMALL_PIECE) {
      this.seal();
      this.pieces.push(piece);
      return;
    }
    let rest = piece;
    while (rest.length > 0) {
      this.block ??= Buffer.allocUnsafeSlow(this.pieces.length === 0 ? FIRST_BLOCK : BLOCK);
      const copied = rest.copy(this.block, this.used);
      this.used += copied;
      rest = rest.subarray(copied);
      if (this.used === this.block.length) this.seal();
    }
  }

  /** The first bytes, at most `length`. */
  head(length: number): Buffer {
    const [first = this.blockBytes()] = this.pieces;
    if (first.length >= length) return first.subarray(0, length);
    return Buffer.concat([...this.pieces, this.blockBytes()]).subarray(0, length);
  }

  /** All that was collected and `last` as one buffer; the collector is empty again. */
  take(last?: Buffer): Buffer {
    this.seal();
    const { pieces } = this;
    this.pieces = [];
    this.collected = 0;
    const all = last === undefined ? pieces : [...pieces, last];
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    return Buffer.concat(all);
  }

  clear(): void {
    this.pieces = [];
    this.block = undefined;
    this.used = 0;
    this.collected = 0;
  }

  private blockBytes(): Buffer {
    return this.block?.subarray(0, this.used) ?? Buffer.alloc(0);
  }

  private seal(): void {
    if (this.used > 0) this.pieces.push(this.blockBytes());
    this.block = undefined;
    this.used = 0;
  }
}
