/**
 * Starts a Windows batch file without letting its arguments become commands. `cmd.exe` interprets what it is given, and no
 * quoting survives a batch file that passes its arguments on (CVE-2024-27980), so what could be interpreted is refused.
 */

import { err, ok, type Result } from '../base/result';
import type { SpawnFailure } from '../protocol/failure';

/** `cmd.exe` takes at most this many characters. */
const MAX_COMMAND_LINE = 8_191;

/** Letters, digits and signs that mean nothing to `cmd.exe` within quotes, and nothing to a batch file that uses `%*`. */
const SAFE_ARGUMENT = /^[\p{L}\p{N} _.,:;=@+~/\\#{}[\]$'-]*$/u;
/** In the quoted name of the file also parentheses and `&` are plain, as in `C:\Program Files (x86)`. */
const SAFE_PATH = /^[\p{L}\p{N} _.,;=@+~/\\#{}[\]$'()&:-]+$/u;

/** True for files that only `cmd.exe` can run. */
export function isBatchFile(path: string): boolean {
  return /\.(?:cmd|bat)$/i.test(path);
}

/** Why this argument cannot be passed, or undefined when it can. */
function unsafeBatchArgument(argument: string): string | undefined {
  if (SAFE_ARGUMENT.test(argument)) return undefined;
  return 'An argument holds characters that cannot be passed to a .cmd or .bat file safely.';
}

/**
 * The program and the one verbatim argument that run a batch file.
 * @param systemRoot where Windows is installed.
 */
export function batchLaunch(
  path: string,
  args: readonly string[],
  systemRoot: string = process.env['SystemRoot'] ?? 'C:\\Windows',
): Result<{ readonly command: string; readonly args: readonly string[] }, SpawnFailure> {
  if (!SAFE_PATH.test(path))
    return bad('The path of the batch file holds characters that cannot be passed safely.');
  for (const argument of args) {
    const reason = unsafeBatchArgument(argument);
    if (reason !== undefined) return bad(reason);
  }
  const line = ['"' + path + '"', ...args.map(quote)].join(' ');
  if (line.length > MAX_COMMAND_LINE - 64) return bad('The arguments are too long for a .cmd or .bat file.');
  // With /s exactly the outermost quotes are taken off; /d leaves out commands that the registry would run first.
  return ok({ command: `${systemRoot}\\System32\\cmd.exe`, args: ['/d', '/s', '/v:off', '/c', `"${line}"`] });
}

function quote(argument: string): string {
  // A backslash before the closing quote would escape it in the program that the batch file starts.
  return `"${argument.replace(/\\+$/, '$&$&')}"`;
}

function bad(detail: string): Result<never, SpawnFailure> {
  return err({ reason: 'bad-argument', detail });
}
