// @ts-check
/**
 * Splits a byte stream at `0x0A` over a list of chunks. Only new bytes are scanned and a line is joined once, so the
 * cost is linear in the bytes received whatever the length of a line.
 */
const NEWLINE = 0x0a;

export class LineSplitter {
  /** @type {Buffer[]} */
  #parts = [];
  #bytes = 0;
  #onLine;

  /** @param {(line: string, bytes: number) => void} onLine called synchronously for each line that is not empty */
  constructor(onLine) {
    this.#onLine = onLine;
  }

  /** @param {Buffer} chunk */
  push(chunk) {
    let start = 0;
    let end = chunk.indexOf(NEWLINE);
    while (end !== -1) {
      if (this.#bytes > 0) this.#finish(chunk.subarray(start, end));
      else if (end > start) this.#onLine(chunk.toString('utf8', start, end), end - start);
      start = end + 1;
      end = chunk.indexOf(NEWLINE, start);
    }
    if (start === chunk.length) return;
    this.#parts.push(start === 0 ? chunk : chunk.subarray(start));
    this.#bytes += chunk.length - start;
  }

  /** @param {Buffer} last */
  #finish(last) {
    const bytes = this.#bytes + last.length;
    const line = Buffer.concat([...this.#parts, last], bytes).toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    this.#onLine(line, bytes);
  }
}
