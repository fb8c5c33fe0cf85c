/** The logger that everything below the editor writes to. */

/** Leveled text log. Callers pass text that is already safe to show (see `policy/safeText`). */
export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
