/** What a person chooses when they choose the folders of a server, whether it runs or not. */

import type { ServerDefinition } from './definitions';
import type { LaunchPlanner } from './launchPlanner';
import type { WorkspaceFolder, WorkspacePort } from './ports';
import type { Roots, RootsAsker, SharedFolders } from './roots';

/** The choice as it is now. */
export interface FolderChoice {
  /** All that there is to choose from. */
  readonly folders: readonly WorkspaceFolder[];
  readonly shared: SharedFolders;
  /** Shares these and no others from now on. @throws when that cannot be stored; it holds for this session all the same */
  choose(uris: readonly string[]): Promise<void>;
}

interface ChoiceContext {
  readonly roots: Roots;
  readonly planner: LaunchPlanner;
  readonly workspace: Pick<WorkspacePort, 'isTrusted' | 'folders'>;
}

/** Undefined where there is nothing to choose: folders are off for the server, its entry cannot be used, or the workspace is not trusted. */
export async function folderChoiceOf(
  context: ChoiceContext,
  definition: ServerDefinition,
): Promise<FolderChoice | undefined> {
  const { roots, workspace } = context;
  if (!workspace.isTrusted) return undefined;
  const asker = roots.running(definition.id) ?? (await plannedAsker(context, definition));
  const shared = asker && roots.shared(asker);
  return asker && shared
    ? {
        folders: workspace.folders(),
        shared,
        choose: async (uris) => await roots.choose(asker, uris),
      }
    : undefined;
}

/** A server that does not run is known by the launch that it would have. */
async function plannedAsker(
  { planner }: ChoiceContext,
  definition: ServerDefinition,
): Promise<RootsAsker | undefined> {
  const { id, name, scope, entry } = definition;
  if (!entry || entry.roots === 'none') return undefined;
  const plan = await planner.plan(definition, entry);
  if (!plan.ok) return undefined;
  const { fingerprint } = plan.value;
  return { serverId: id, serverName: name, rule: entry.roots, scope: scope.kind, fingerprint };
}
