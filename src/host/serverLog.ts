/** What is written to a server's log while it runs: without its secrets, and with nothing of its text active (T110, T158). */

import type { Logger } from '../base/log';
import type { ClientEvents } from '../client/contract';
import { safeLogText, type SafeText } from '../policy/safeText';
import type { ServerSecrets } from './serverSecrets';
import { StderrTail } from './stderrTail';

/** Longest line, in characters. */
const MAX_LINE = 2_000;

export class ServerLog {
  private readonly tail: StderrTail;
  /** For text of our own; secrets are taken out of it as well. */
  readonly own: Logger;

  constructor(
    log: Logger,
    private readonly secrets: ServerSecrets,
  ) {
    this.own = redactingLog(log, secrets);
    this.tail = new StderrTail((line) => secrets.clean(line));
  }

  /** The last lines of its stderr. */
  get stderr(): readonly string[] {
    return this.tail.lines();
  }

  /** A process exists; what another one wrote before belongs to it. */
  onSpawned(): void {
    this.tail.clear();
  }

  onStderr(lines: readonly string[], dropped: number): void {
    this.tail.add(lines, dropped);
    // A server's stderr is its log, not a sign of an error (STDIO3).
    for (const line of lines) this.own.info(`[stderr] ${this.clean(line)}`);
    if (dropped > 0) this.own.info(`[stderr] (${dropped} more lines were left out)`);
  }

  onWire({ message, excerpt }: ClientEvents['wire']): void {
    this.own.warn(excerpt === undefined ? message : `${message} "${this.clean(excerpt, 200)}"`);
  }

  onLogMessage({ level, logger, text }: ClientEvents['logMessage']): void {
    const from = logger === undefined ? '' : ` ${this.clean(logger, 80)}:`;
    this.own.info(`[server ${this.clean(level, 20)}]${from} ${this.clean(text)}`);
  }

  /** Text of others, for a line of the log. Secrets go first: made safe to show, one might no longer look like itself. */
  clean(text: string, max = MAX_LINE): SafeText {
    return safeLogText(this.secrets.clean(text), max);
  }
}

function redactingLog(log: Logger, secrets: ServerSecrets): Logger {
  const clean =
    (write: (message: string) => void) =>
    (message: string): void =>
      write(secrets.clean(message));
  return {
    trace: clean((message) => log.trace(message)),
    debug: clean((message) => log.debug(message)),
    info: clean((message) => log.info(message)),
    warn: clean((message) => log.warn(message)),
    error: clean((message) => log.error(message)),
  };
}
