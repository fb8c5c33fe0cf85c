/** How grave log messages of servers are (RFC 5424 §6.2.1, as MCP names them). */

/** From the least grave to the gravest. */
export const LOG_LEVELS = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * What a server is asked for when its entry says nothing. In the stateful era a server has a level of its own, which is left alone; in
 * the stateless one nothing at all comes unless it is asked for, and a log that stays empty helps nobody.
 */
export const DEFAULT_LOG_LEVEL: LogLevel = 'info';
