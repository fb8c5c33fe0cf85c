/** What the row of a server says of it to the menus, which offer what can be done with it. */

import { ServerFlags } from '../contributions/ids';
import type { Server } from '../host/server';

/** Its flags, as `when` clauses know them. */
export function flagsOf(server: Server): readonly string[] {
  const { definition } = server;
  if (definition.shadowedBy !== undefined) return [];
  const awaits = server.awaitedSignIn === 'browser' ? [ServerFlags.awaitsBrowser] : [];
  return [
    ...stateFlags(server),
    ...awaits,
    ...((definition.entry?.roots ?? 'none') === 'none' ? [] : [ServerFlags.mayKnowFolders]),
    ...(definition.scope.kind === 'user' ? [] : [ServerFlags.shared]),
  ];
}

function stateFlags(server: Server): readonly string[] {
  const { state, definition } = server;
  switch (state.kind) {
    case 'running':
      return [
        ServerFlags.running,
        ServerFlags.stoppable,
        ...(state.account && 'issuer' in state.account ? [ServerFlags.signsIn] : []),
        ...(server.runsOldDefinition ? [ServerFlags.needsApproval] : []),
      ];
    case 'starting':
      return [ServerFlags.stoppable];
    case 'stopping':
      return [];
    case 'failed':
      // What was missing, a folder or an answer, may be there the next time; a wrong entry must be changed first.
      return definition.entry
        ? [
            ServerFlags.startable,
            ...signsIn(definition),
            ...(server.awaitsRestart ? [ServerFlags.stoppable] : []),
          ]
        : [];
    case 'stopped':
      switch (state.why.kind) {
        case 'trust':
          return [ServerFlags.needsTrust];
        case 'approval':
          return [ServerFlags.needsApproval];
        case 'shadowed':
          return [];
        case 'sign-in':
          return [ServerFlags.startable, ServerFlags.needsSignIn];
        default:
          return [ServerFlags.startable, ...signsIn(definition)];
      }
  }
}

/** What an earlier sign-in has left is forgotten, or replaced, from the row of a server that does not run as well. */
function signsIn({ entry }: Server['definition']): readonly string[] {
  const { launch } = entry ?? {};
  return launch?.kind === 'remote' && launch.oauth && !launch.account ? [ServerFlags.signsIn] : [];
}
