/** Keeps deadlines from running out while a person signs in. */

import type { AuthorizationHost } from '../authorization/contract';
import type { SessionClock } from '../rpc/sessionClock';

/** The same host, with the deadlines of all requests standing still while a person is asked. */
export function pausing(host: AuthorizationHost, sessionClock: SessionClock): AuthorizationHost {
  const paused = async <T>(work: () => Promise<T>): Promise<T> => {
    const pause = sessionClock.pause();
    try {
      return await work();
    } finally {
      pause.dispose();
    }
  };
  return {
    ...host,
    beginSignIn: (request, signal) => paused(() => host.beginSignIn(request, signal)),
    openSignIn: (...asked) => paused(() => host.openSignIn(...asked)),
  };
}
