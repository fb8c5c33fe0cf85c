/** Where a server's entry is written, as far as that tells servers of one id apart. */

import type { EntryScope } from '../policy/serverEntry';
import type { WorkspacePort } from './ports';

/** URI of the folder, or of all folders of the workspace; empty for the user's own settings. */
export function placeOf(workspace: Pick<WorkspacePort, 'folders'>, scope: EntryScope): string {
  switch (scope.kind) {
    case 'user':
      return '';
    case 'folder':
      return scope.uri;
    case 'workspace':
      return workspace
        .folders()
        .map(({ uri }) => uri)
        .join('\n');
  }
}

/** The same as a person calls it: names of folders, not their paths. */
export function placeName(workspace: Pick<WorkspacePort, 'folders'>, scope: EntryScope): string {
  const folders = scope.kind === 'user' ? [] : workspace.folders();
  const own = scope.kind === 'folder' ? folders.filter(({ uri }) => uri === scope.uri) : folders;
  return own.map(({ name }) => name).join(', ');
}
