/** Which call of the person led a server to ask, and whether any still runs. Only what is certain is said. */

import type { RequestOrigin } from '../client/contract';
import type { Call, Calls } from './calls';
import type { Cause } from './consentQueue';

/** The call that led to a request, when that is certain: a client may only name running calls of its own server. */
export function leadingCall(calls: Calls, serverId: string, origin: RequestOrigin): Call | undefined {
  const call = origin.kind === 'call' ? calls.get(origin.callId) : undefined;
  const counts = call?.serverId === serverId && call.state.kind === 'running' && !call.background;
  return counts ? call : undefined;
}

/** What led to a request, for the person. */
export function causeOf(calls: Calls, serverId: string, origin: RequestOrigin): Cause {
  const call = leadingCall(calls, serverId, origin);
  if (call) return { kind: 'call', callTitle: call.target };
  return { kind: 'while-running', callTitles: calls.runningOf(serverId).map(({ target }) => target) };
}

/** Does something that only a running call entitles to: its signal aborts with the server's last one (T138). */
export async function whileCalled<T>(
  calls: Calls,
  serverId: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const uncalled = new AbortController();
  const watching = calls.onDidChange(() => {
    if (calls.runningOf(serverId).length === 0) uncalled.abort();
  });
  try {
    return await work(AbortSignal.any([signal, uncalled.signal]));
  } finally {
    watching.dispose();
  }
}
