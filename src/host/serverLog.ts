/** What is written to a server's log while it runs: without its secrets, and with nothing of its text active (T110, T158). */

import type { Logger } from '../base/log';
import type { ClientEvents } from '../client/contract';
import type { Failure } from '../protocol/failure';
import { safeLogText, type SafeText } from '../policy/safeText';
import type { ConnectionLoss } from './serverConnection';
import type { ServerSecrets } from './serverSecrets';
import type { LastWords } from './serverState';
import { StderrTail } from './stderrTail';

/** Longest line, in characters. */
const MAX_LINE = 2_000;
/** Lines in the place of messages that are kept: the first ones tell what the program took itself for. */
const MAX_NOISE = 5;

export class ServerLog {
  private readonly tail: StderrTail;
  private noise: readonly string[] = [];
  /** For text of our own; secrets are taken out of it as well. */
  readonly own: Logger;

  constructor(
    private readonly log: Logger,
    private readonly secrets: ServerSecrets,
  ) {
    this.own = redactingLog(log, secrets);
    this.tail = new StderrTail((line) => secrets.clean(line));
  }

  /** What it wrote for people. */
  get lastWords(): LastWords {
    return { stderr: this.tail.lines(), ...(this.noise.length === 0 ? {} : { noise: this.noise }) };
  }

  /** A process exists; what another one wrote before belongs to it. */
  onSpawned(): void {
    this.tail.clear();
    this.noise = [];
  }

  onStderr(lines: readonly string[], dropped: number): void {
    this.tail.add(lines, dropped);
    // A server's stderr is its log, not a sign of an error (STDIO3).
    for (const line of lines) this.log.info(`[stderr] ${this.clean(line)}`);
    if (dropped > 0) this.own.info(`[stderr] (${dropped} more lines were left out)`);
  }

  onWire({ message, excerpt }: ClientEvents['wire']): void {
    if (excerpt !== undefined && this.noise.length < MAX_NOISE)
      this.noise = [...this.noise, this.secrets.clean(excerpt)];
    this.own.warn(excerpt === undefined ? message : `${message} "${this.clean(excerpt, 200)}"`);
  }

  onLogMessage({ level, logger, text }: ClientEvents['logMessage']): void {
    const from = logger === undefined ? '' : ` ${this.clean(logger, 80)}:`;
    this.log.info(`[server ${this.clean(level, 20)}]${from} ${this.clean(text)}`);
  }

  /** For whoever looks for more than the row says. @param what our own words */
  onFailure(what: string, failure: Failure): void {
    const { code, ...rest } = failure;
    const details = JSON.stringify(rest);
    this.own.error(`${what} (${code}).${details === '{}' ? '' : ` ${this.clean(details)}`}`);
  }

  /** It ran, and does not any more. */
  onLost(loss: ConnectionLoss): void {
    if (loss.kind === 'ended') this.onFailure('The connection ended', loss.end.failure);
    else this.own.error(`The client of this server ended: ${this.clean(loss.detail)}.`);
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
