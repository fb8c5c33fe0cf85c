/** A host that serves nothing and hears nothing, for tests that are about something else: they replace what they need. */

import type { ClientEvents, HostRequests } from '../../src/client/contract';
import type { ConnectionHandlers } from '../../src/host/serverConnection';
import { noSignIn } from '../../src/host/signIns';
import type { LinkHandlers } from '../../src/rpc/link';

/** Answers of such a host. */
export const QUIET_REQUESTS: LinkHandlers<HostRequests, object>['requests'] = {
  sample: () => Promise.resolve({ kind: 'rejected' }),
  roots: () => Promise.resolve([]),
  elicit: () => Promise.resolve({ kind: 'unavailable', message: 'Not available.' }),
  awaitElicitation: () => Promise.resolve({ kind: 'give-up' }),
  ...noSignIn,
  accountHeader: () => Promise.resolve(undefined),
};

/** Its ears. */
export const QUIET_EVENTS: LinkHandlers<object, ClientEvents>['events'] = {
  spawned: () => undefined,
  stderr: () => undefined,
  wire: () => undefined,
  logMessage: () => undefined,
  progress: () => undefined,
  task: () => undefined,
  listChanged: () => undefined,
  resourceUpdated: () => undefined,
  unheard: () => undefined,
  signedIn: () => undefined,
  secrets: () => undefined,
  ended: () => undefined,
};

/** The same for a connection of the host. */
export const QUIET_HANDLERS: Omit<ConnectionHandlers, 'onLost'> = {
  requests: QUIET_REQUESTS,
  onSpawned: () => undefined,
  onStderr: () => undefined,
  onWire: () => undefined,
  onLogMessage: () => undefined,
  onSecrets: () => undefined,
  cleanFailure: (failure) => failure,
  onProgress: () => undefined,
  onTask: () => undefined,
  onListChanged: () => undefined,
  onResourceUpdated: () => undefined,
  onUnheard: () => undefined,
  onSignedIn: () => undefined,
  onReleased: () => undefined,
};
