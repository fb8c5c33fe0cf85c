/** Says before and after a start why a program cannot run, in words a person can act on. It starts nothing. */

import { constants } from 'node:fs';
import { isAbsolute } from 'node:path';

import { err, ok, type Result } from '../base/result';
import type { SpawnFailure } from '../protocol/failure';
import { access, stat } from './files';
import type { LaunchSpec } from './launchSpec';

/** Linux takes at most this many bytes for one argument or variable, its end included. */
const LINUX_MAX_STRING = 131_072;

/** All arguments and variables together, in bytes (UTF-16 units on Windows), with room for what the system adds. */
const MAX_TOTAL: Partial<Record<NodeJS.Platform, number>> = {
  linux: 2_097_152 - 16_384,
  darwin: 1_048_576 - 16_384,
  win32: 32_766,
};

/**
 * Finds out what would make a start fail or change its arguments (T028, T029).
 * @returns the failure, or undefined when the system may try.
 */
export async function checkLaunch(launch: LaunchSpec): Promise<SpawnFailure | undefined> {
  const strings = checkStrings(launch, process.platform);
  if (!strings.ok) return strings.error;
  const { command, cwd } = launch;
  if (!isAbsolute(command)) return { reason: 'bad-argument', detail: 'The command is not an absolute path.' };
  // A missing folder would be reported by the system as a missing command.
  if (!(await isFolder(cwd))) return { reason: 'no-folder', cwd };
  return checkExecutable(command);
}

/** Refuses text that would not reach the program as it is written. */
export function checkStrings(launch: LaunchSpec, platform: NodeJS.Platform): Result<undefined, SpawnFailure> {
  const variables = Object.entries(launch.env).map(([name, value]) => `${name}=${value}`);
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['The command', [launch.command]],
    ['The working folder', [launch.cwd]],
    ['An argument', launch.args],
    ['An environment variable', variables],
  ];
  let total = 0;
  for (const [what, texts] of named)
    for (const text of texts) {
      if (text.includes('\0')) return bad(`${what} contains a NUL character.`);
      if (/\p{Surrogate}/u.test(text))
        return bad(`${what} contains half of a surrogate pair, which is not valid text.`);
      const bytes = Buffer.byteLength(text) + 1;
      if (platform === 'linux' && bytes > LINUX_MAX_STRING)
        return bad(`${what} is too long for the system (${bytes} bytes).`);
      // The environment of Windows has no limit of its own; POSIX counts a pointer for each string.
      if (platform !== 'win32') total += bytes + 8;
      else if (what !== 'An environment variable') total += text.length + 3;
    }
  if (Object.keys(launch.env).some((name) => name === '' || name.includes('=')))
    return bad('An environment variable has no name, or one with "=".');
  const most = MAX_TOTAL[platform];
  if (most !== undefined && total > most)
    return bad('The arguments and environment are too long for the system.');
  return ok(undefined);
}

/** Tells a missing file, a folder and a file without permission apart. */
async function checkExecutable(command: string): Promise<SpawnFailure | undefined> {
  try {
    const found = await stat(command);
    if (!found.isFile()) return { reason: 'not-executable', command };
    // Windows has no such permission; there the check would only prove that the file exists.
    await access(command, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EACCES') return { reason: 'not-executable', command };
    return spawnFailure(errno, command);
  }
}

/** Maps the system's error of a start whose folder is known to exist. */
export function spawnFailure(errno: string, command: string): SpawnFailure {
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { reason: 'not-found', command, searched: [command] };
    case 'EISDIR':
      return { reason: 'not-executable', command };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'not-allowed', command, errno };
    case 'ENOEXEC':
    case 'EBADARCH':
    case 'EFTYPE':
      return { reason: 'wrong-format', command, errno };
    case 'E2BIG':
    case 'ENAMETOOLONG':
      return { reason: 'bad-argument', detail: 'The arguments and environment are too long for the system.' };
    default:
      return { reason: 'other', command, errno };
  }
}

/** The system's name of an error, or `UNKNOWN`; never its message, which may hold paths. */
export function errnoOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function bad(detail: string): Result<never, SpawnFailure> {
  return err({ reason: 'bad-argument', detail });
}

async function isFolder(path: string): Promise<boolean> {
  if (!isAbsolute(path)) return false;
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Missing or not reachable: either way no program can start there.
    return false;
  }
}
