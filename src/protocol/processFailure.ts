/** What can go wrong with the process of a local server, and what is said about it. */

import { assertNever } from '../base/assertNever';

/** How a server's process ended. Exactly one of the two is set, as in Node's `exit` event. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Why a program could not be started (T028). */
export type SpawnFailure =
  | { readonly reason: 'not-found'; readonly command: string; readonly searched: readonly string[] }
  | { readonly reason: 'not-executable'; readonly command: string }
  | { readonly reason: 'no-folder'; readonly cwd: string }
  | { readonly reason: 'not-allowed'; readonly command: string; readonly errno: string }
  | { readonly reason: 'wrong-format'; readonly command: string; readonly errno: string }
  | { readonly reason: 'bad-argument'; readonly detail: string }
  | { readonly reason: 'other'; readonly command: string; readonly errno: string };

/** `exit code 1`, `signal SIGKILL`. */
export function describeExit(exit: ProcessExit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

/** Says what is wrong with the program and where it was looked for. */
export function describeSpawnFailure(failure: SpawnFailure): string {
  switch (failure.reason) {
    case 'not-found':
      return `Command "${failure.command}" was not found. Looked in: ${listOr(failure.searched, 'no folder (PATH is empty)')}.`;
    case 'not-executable':
      return `"${failure.command}" is not an executable file.`;
    case 'no-folder':
      return `The working folder "${failure.cwd}" does not exist.`;
    case 'not-allowed':
      return `Starting "${failure.command}" was not permitted by the system (${failure.errno}).`;
    case 'wrong-format':
      return `"${failure.command}" is not a program this machine can run (${failure.errno}).`;
    case 'bad-argument':
      return failure.detail;
    case 'other':
      return `"${failure.command}" could not be started (${failure.errno}).`;
    default:
      return assertNever(failure);
  }
}

function listOr(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(', ');
}
