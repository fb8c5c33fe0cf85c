/** Every method this host sends or serves, once: its literal, what the peer must have declared, and where it exists. */

import type { ServerCapabilities } from './model';
import { isAtLeast, type Negotiated, type Revision } from './revisions';

/** A request from client to server. */
export interface ClientMethod {
  readonly method: string;
  /** What the person reads when the server lacks it. */
  readonly feature: string;
  /** True when a server with these capabilities can be asked. */
  readonly offered: (capabilities: ServerCapabilities, negotiated: Negotiated) => boolean;
  /** Only these may be answered with `input_required` in the stateless era (MRTR1). */
  readonly mayAskForInput: boolean;
}

function define(
  method: string,
  feature: string,
  offered: ClientMethod['offered'],
  mayAskForInput = false,
): ClientMethod {
  return { method, feature, offered, mayAskForInput };
}

const legacyOnly = (capabilities: ServerCapabilities, negotiated: Negotiated): boolean =>
  negotiated.era === 'legacy' && capabilities.resources?.subscribe === true;

const legacyLogging = (capabilities: ServerCapabilities, negotiated: Negotiated): boolean =>
  negotiated.era === 'legacy' && capabilities.logging;

/** Requests from client to server. */
export const ClientMethods = {
  toolsList: define('tools/list', 'tools', (c) => c.tools !== undefined),
  toolsCall: define('tools/call', 'tools', (c) => c.tools !== undefined, true),
  resourcesList: define('resources/list', 'resources', (c) => c.resources !== undefined),
  templatesList: define('resources/templates/list', 'resource templates', (c) => c.resources !== undefined),
  resourcesRead: define('resources/read', 'resources', (c) => c.resources !== undefined, true),
  subscribe: define('resources/subscribe', 'resource subscriptions', legacyOnly),
  unsubscribe: define('resources/unsubscribe', 'resource subscriptions', legacyOnly),
  listen: define('subscriptions/listen', 'subscriptions', (_c, n) => n.era === 'modern'),
  setLevel: define('logging/setLevel', 'log levels', legacyLogging),
  ping: define('ping', 'ping', (_c, n) => n.era === 'legacy'),
  promptsList: define('prompts/list', 'prompts', (c) => c.prompts !== undefined),
  promptsGet: define('prompts/get', 'prompts', (c) => c.prompts !== undefined, true),
  // Revision 2024-11-05 had the method without a capability (COMP2).
  complete: define(
    'completion/complete',
    'completion',
    (c, n) => c.completions || n.revision === '2024-11-05',
  ),
} as const;

/** Methods of the negotiation itself. */
export const Handshake = {
  discover: 'server/discover',
  initialize: 'initialize',
  initialized: 'notifications/initialized',
} as const;

/** Requests a server of the stateful era may send. */
export const ServerMethods = {
  ping: 'ping',
  createMessage: 'sampling/createMessage',
  listRoots: 'roots/list',
} as const;

/** Notifications from servers that mean something to this host. */
export const Notifications = {
  toolsListChanged: 'notifications/tools/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourceUpdated: 'notifications/resources/updated',
  message: 'notifications/message',
  cancelled: 'notifications/cancelled',
  rootsListChanged: 'notifications/roots/list_changed',
} as const;

/** Fields and content that came with a revision. */
export function hasSince(negotiated: Negotiated, since: Revision): boolean {
  return isAtLeast(negotiated.revision, since);
}
