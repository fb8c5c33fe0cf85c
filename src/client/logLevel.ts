/** Tells a server of the stateful era how much it shall log (LOG1). In the stateless one each request says so itself. */

import type { LogLevel } from '../protocol/logLevels';
import { ClientMethods } from '../protocol/methods';
import type { ServerSession } from './serverSession';

/**
 * Never rejects: a server that takes no level still works, and `odd` says so.
 * @param level undefined leaves the server with the level that it has by itself.
 */
export function setLogLevel(
  session: ServerSession,
  level: LogLevel | undefined,
  odd: (message: string) => void,
): void {
  if (level === undefined || !session.offers(ClientMethods.setLevel)) return;
  session
    .ask(ClientMethods.setLevel, { level }, new AbortController().signal)
    .catch(() => odd('The server did not take the log level.'));
}
