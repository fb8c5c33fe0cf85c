/** Puts a client on the end of a link. Shared by the thread, the child process and the tests. */

import { systemClock, type Clock } from '../base/clock';
import { Link } from '../rpc/link';
import type { LinkPort } from '../rpc/linkPort';
import { Client, type ClientEnvironment } from './client';
import type { ClientEvents, ClientRequests, HostRequests } from './contract';

/** A client's end of the link: it sends host requests and serves client requests. */
export type ClientLink = Link<HostRequests, ClientRequests, ClientEvents, object>;

/**
 * Serves a client over `port`.
 * @param onHostGone called after the client was closed because the host's end of the link went away.
 */
export function serveClient(
  port: LinkPort,
  openTransport: ClientEnvironment['openTransport'],
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
      roots: (signal) => link.request('roots', undefined, signal),
    },
    openTransport,
  });
  const link: ClientLink = new Link(port, {
    requests: client.requests,
    events: {},
    onClose: () => void client.close().then(onHostGone, onHostGone),
  });
}
