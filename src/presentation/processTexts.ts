/** What is said about the process of a local server that could not be started, or ended. */

import { assertNever } from '../base/assertNever';
import type { ProcessExit, SpawnFailure } from '../protocol/failure';

/** `exit code 1`, `signal SIGKILL`. */
export function describeExit(exit: ProcessExit): string {
  return exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
}

/** Says what is wrong with the program and where it was looked for. */
export function describeSpawnFailure(failure: SpawnFailure): string {
  switch (failure.reason) {
    case 'not-found':
      return `Command "${failure.command}" was not found. Looked in: ${failure.searched.join(', ') || 'no folder (PATH is empty)'}.`;
    case 'not-executable':
      return `"${failure.command}" is not an executable file.`;
    case 'no-folder':
      return `The working folder "${failure.cwd}" does not exist, or is not a folder.`;
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
