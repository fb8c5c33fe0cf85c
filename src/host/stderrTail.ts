/** The last lines a server wrote to its stderr, for when it fails. Raw text, bounded, without the secrets the server was given. */

const MAX_LINES = 20;
/** Characters of one line. */
const MAX_CHARS = 2_000;

export class StderrTail {
  private kept: string[] = [];

  /** @param clean takes secrets out of a line. */
  constructor(private readonly clean: (line: string) => string) {}

  add(lines: readonly string[], dropped: number): void {
    // Cut only when it is clean: half a secret is not recognized.
    for (const line of lines.slice(-MAX_LINES)) this.kept.push(this.clean(line).slice(0, MAX_CHARS));
    if (dropped > 0) this.kept.push(`(${dropped} more lines were left out)`);
    this.kept = this.kept.slice(-MAX_LINES);
  }

  lines(): readonly string[] {
    return this.kept;
  }

  clear(): void {
    this.kept = [];
  }
}
