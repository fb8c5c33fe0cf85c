/**
 * Signing out of a server that does not run: a client that never connects to it tells the authorization server. It asks the person
 * nothing, and does nothing with an entry that might not start either: then what is kept is forgotten, and nobody is told.
 */

import type { RemoteSpec, SignOutOutcome } from '../client/contract';
import { refused } from '../protocol/failure';
import { startDecision, type BringUpContext } from './bringUp';
import type { ServerDefinition } from './definitions';
import type { ResolvedLaunch } from './launchPlan';
import { ServerConnection } from './serverConnection';
import { ServerLog } from './serverLog';
import { ServerSecrets } from './serverSecrets';
import { serverQuestions } from './serverQuestions';
import type { ServerEntry } from '../policy/serverEntry';

/** @throws FailureError for a server that is used with an account of the editor: nothing of that is kept here, and it would be used again */
export function refuseForAccount({ entry }: ServerDefinition): void {
  if (entry?.launch.kind !== 'remote' || !entry.launch.account) return;
  const detail = 'It is used with an account of the editor. Sign out of that account in the editor instead.';
  throw refused(detail);
}

/** @throws FailureError when what is kept cannot be read or deleted */
export async function signOutAtRest(
  context: BringUpContext,
  definition: ServerDefinition,
): Promise<SignOutOutcome> {
  const { entry } = definition;
  const launch = entry && (await launchOf(context, definition, entry));
  if (!entry || !launch) return await context.signIns.forget(context.planner.credentialsOf(definition));
  return await tell(context, definition, entry, launch);
}

type SignInLaunch = ResolvedLaunch & {
  readonly spec: RemoteSpec;
  readonly signIn: NonNullable<ResolvedLaunch['signIn']>;
};

/** The launch as it would be made, if it might be made now without asking anybody. */
async function launchOf(
  context: BringUpContext,
  definition: ServerDefinition,
  entry: ServerEntry,
): Promise<SignInLaunch | undefined> {
  // Nothing is expanded for a workspace that is not trusted (T001).
  if (!context.workspace.isTrusted) return undefined;
  const { planner } = context;
  const plan = await planner.plan(definition, entry);
  if (!plan.ok || startDecision(context, definition, plan.value, 'person').kind !== 'start') return undefined;
  const { signal } = new AbortController();
  const resolved = await planner.resolve(definition, plan.value, signal, 'nothing');
  if (!resolved.ok) return undefined;
  const { spec, signIn } = resolved.value;
  if (!('url' in spec) || !signIn || !spec.authorization) return undefined;
  return { ...resolved.value, spec, signIn };
}

async function tell(
  context: BringUpContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  { spec, signIn, fingerprint, secrets: given }: SignInLaunch,
): Promise<SignOutOutcome> {
  const { id, name } = definition;
  const secrets = new ServerSecrets(given);
  const log = new ServerLog(context.logs.forServer(id, name), secrets);
  const session = context.signIns.session({ serverId: id, serverName: name, ...signIn }, () => false);
  const nothing = (): void => undefined;
  const connection = new ServerConnection(
    context.clients.launch(entry.strict ? 'process' : 'thread'),
    context.reaper,
    undefined,
    context.clock,
    {
      requests: {
        ...serverQuestions(context, definition, entry, fingerprint, log.own),
        ...session.requests,
        accountHeader: () => Promise.resolve(undefined),
        // It never gets to the server.
        roots: () => Promise.resolve([]),
      },
      onSpawned: nothing,
      onStderr: nothing,
      onWire: (note) => log.onWire(note),
      onLogMessage: nothing,
      onSecrets: (told) => secrets.add(told),
      cleanFailure: (failure) => secrets.cleanFailure(failure),
      onProgress: nothing,
      onTask: nothing,
      onListChanged: nothing,
      onResourceUpdated: nothing,
      onUnheard: nothing,
      onSignedIn: nothing,
      onReleased: () => session.dispose(),
      onLost: nothing,
    },
  );
  try {
    return await connection.request('signOut', spec);
  } finally {
    await connection.close();
  }
}
