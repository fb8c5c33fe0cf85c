/** Every method this host sends or serves, once: its literal, what the peer must have declared, and where it exists. */

import type { ServerCapabilities } from './model';
import type { Negotiated } from './revisions';

/** A request from client to server. */
export interface ClientMethod {
  readonly method: string;
  /** What the person reads when the server lacks it. */
  readonly feature: string;
  /** True when a server with these capabilities can be asked. */
  readonly offered: (capabilities: ServerCapabilities, negotiated: Negotiated) => boolean;
  /** Only these may be answered with `input_required` in the stateless era (MRTR1). */
  readonly mayAskForInput: boolean;
  /** Only this may be answered with a task there (TASKX2). */
  readonly mayBecomeTask: boolean;
}

function define(
  method: string,
  feature: string,
  offered: ClientMethod['offered'],
  mayAskForInput = false,
  mayBecomeTask = false,
): ClientMethod {
  return { method, feature, offered, mayAskForInput, mayBecomeTask };
}

const legacySubscriptions = (capabilities: ServerCapabilities, negotiated: Negotiated): boolean =>
  negotiated.era === 'legacy' && capabilities.resources?.subscribe === true;

const legacyLogging = (capabilities: ServerCapabilities, negotiated: Negotiated): boolean =>
  negotiated.era === 'legacy' && capabilities.logging;

/** The tasks of 2025-11-25 mean nothing in any other revision (TASKX9). */
function hasCoreTasks({ tasks }: ServerCapabilities, { revision }: Negotiated): boolean {
  return revision === '2025-11-25' && tasks !== undefined;
}

/** Requests from client to server. */
export const ClientMethods = {
  toolsList: define('tools/list', 'tools', (c) => c.tools !== undefined),
  toolsCall: define('tools/call', 'tools', (c) => c.tools !== undefined, true, true),
  /** A call that asks to be made a task (2025-11-25). */
  tasksCall: define('tools/call', 'tasks', (c, n) => hasCoreTasks(c, n) && c.tasks?.toolCalls === true),
  resourcesList: define('resources/list', 'resources', (c) => c.resources !== undefined),
  templatesList: define('resources/templates/list', 'resource templates', (c) => c.resources !== undefined),
  // The files of skills are read with it as well.
  resourcesRead: define(
    'resources/read',
    'resources',
    (c) => c.resources !== undefined || c.skills === true,
    true,
  ),
  subscribe: define('resources/subscribe', 'resource subscriptions', legacySubscriptions),
  unsubscribe: define('resources/unsubscribe', 'resource subscriptions', legacySubscriptions),
  listen: define('subscriptions/listen', 'subscriptions', (_c, n) => n.era === 'modern'),
  setLevel: define('logging/setLevel', 'log levels', legacyLogging),
  ping: define('ping', 'ping', (_c, n) => n.era === 'legacy'),
  tasksGet: define('tasks/get', 'tasks', (c, n) => n.era === 'modern' || hasCoreTasks(c, n)),
  tasksResult: define('tasks/result', 'tasks', hasCoreTasks),
  tasksUpdate: define('tasks/update', 'tasks', (_c, n) => n.era === 'modern'),
  tasksCancel: define(
    'tasks/cancel',
    'cancelling tasks',
    (c, n) => n.era === 'modern' || (hasCoreTasks(c, n) && c.tasks?.cancel === true),
  ),
  promptsList: define('prompts/list', 'prompts', (c) => c.prompts !== undefined),
  promptsGet: define('prompts/get', 'prompts', (c) => c.prompts !== undefined, true),
  skillsList: define('skills/list', 'skills', (c) => c.skills === true),
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
  elicit: 'elicitation/create',
} as const;

/** Notifications of features, in either direction. */
export const Notifications = {
  toolsListChanged: 'notifications/tools/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourceUpdated: 'notifications/resources/updated',
  message: 'notifications/message',
  cancelled: 'notifications/cancelled',
  /** From this host, in the stateful era (ROOT3). */
  rootsListChanged: 'notifications/roots/list_changed',
  elicitationComplete: 'notifications/elicitation/complete',
  /** 2025-11-25 */
  taskStatus: 'notifications/tasks/status',
  /** The extension of the stateless era: the whole task. */
  task: 'notifications/tasks',
} as const;
