/** Puts a client on the end of a link. Shared by the thread, the child process and the tests. */

import { systemClock, type Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import { FailureError } from '../protocol/failure';
import { Link } from '../rpc/link';
import type { LinkPort } from '../rpc/linkPort';
import type { AuthorizationHost } from '../authorization/contract';
import { Client, type ClientEnvironment } from './client';
import type { ClientEvents, ClientRequests, HostRequests } from './contract';

/** A client's end of the link: it sends host requests and serves client requests. */
type ClientLink = Link<HostRequests, ClientRequests, ClientEvents, object>;

/**
 * Serves a client over `port`.
 * @param onHostGone called after the client was closed because the host's end of the link went away.
 */
export function serveClient(
  port: LinkPort,
  environment: Pick<ClientEnvironment, 'openTransport' | 'loadAuthorization' | 'logRate'>,
  onHostGone: () => void,
  clock: Clock = systemClock,
): void {
  const client = new Client({
    clock,
    emit: (name, payload) => link.emit(name, payload),
    host: {
      sample: (request, origin, signal) => link.request('sample', { request, origin }, signal),
      elicit: (request, origin, signal) => link.request('elicit', { request, origin }, signal),
      awaitElicitation: (urls, origin, signal) => link.request('awaitElicitation', { urls, origin }, signal),
      roots: (origin, signal) => link.request('roots', { origin }, signal),
    },
    ...environment,
    authorization: authorizationHost(() => link),
    accountHeader: () => link.request('accountHeader', undefined),
  });
  const link: ClientLink = new Link(port, {
    requests: client.requests,
    events: {},
    onClose: () => void client.close().then(onHostGone, onHostGone),
  });
}

/** The host's part of signing in, over the link. */
function authorizationHost(link: () => ClientLink): AuthorizationHost {
  const never = new AbortController().signal;
  return {
    load: () => link().request('loadCredentials', undefined, never),
    save: async (record) => {
      await link().request('saveCredentials', { record }, never);
    },
    exclusively: async (work, signal) => {
      const lease = await leaseOf(link(), signal);
      try {
        return await work();
      } finally {
        await link().request('unlockCredentials', { lease }, never);
      }
    },
    beginSignIn: (request, signal) => link().request('beginSignIn', request, signal),
    openSignIn: (ticket, url, state, signal) => link().request('openSignIn', { ticket, url, state }, signal),
    signedIn: (account) => link().emit('signedIn', { account }),
    holds: (of, values) => link().emit('secrets', { of, values }),
  };
}

/** A lease that comes when nobody wants it any more is given back: others wait for it. @throws FailureError */
async function leaseOf(link: ClientLink, signal: AbortSignal): Promise<number> {
  const asked = link.request('lockCredentials', undefined);
  const cancelled = new Deferred<never>();
  const onAbort = (): void => cancelled.reject(new FailureError({ code: 'cancelled' }));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([asked, cancelled.promise]);
  } catch (error) {
    asked.then((lease) => link.request('unlockCredentials', { lease })).catch(() => undefined); // The link is gone, and every lease with it.
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
