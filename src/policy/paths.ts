/** Questions about paths as text. Asks no file system: what is given must be real (symlinks followed) where that matters. */

import type { EntryProblem } from './serverEntry';

/** The platforms that differ in paths and environments; everything else counts as Linux. */
export type Platform = 'linux' | 'darwin' | 'win32';

/**
 * True when `path` is one of the folders or lies below one. Both are absolute. `.` and `..` are resolved as text, and
 * case is ignored where the usual file systems ignore it.
 */
export function isInside(path: string, folders: readonly string[], platform: Platform): boolean {
  const parts = segments(path, platform);
  return folders.some((folder) => {
    const outer = segments(folder, platform);
    return outer.length <= parts.length && outer.every((part, index) => part === parts[index]);
  });
}

/**
 * True for `\\server\share`, `//server/share`, `\\?\…`, `\\.\…` and `\??\…`: merely asking whether such a path exists can
 * send the person's credentials to another machine (T014).
 */
export function isNetworkOrDevicePath(path: string): boolean {
  return /^\s*(?:[\\/]{2}|\\\?\?\\)/.test(path);
}

/** The paths of a local entry that the host itself looks at. */
interface LookedAt {
  readonly command: string;
  readonly cwd?: string | undefined;
  readonly envFile?: string | undefined;
  /** The search path the entry sets for its server. */
  readonly searchPath?: string | undefined;
}

/**
 * Paths of a local entry that a workspace may not name. To be asked of the written and of the expanded entry, before
 * anything looks at the file system.
 */
export function networkPathProblems(looked: LookedAt): EntryProblem[] {
  const onPath = (looked.searchPath ?? '').split(';').find(isNetworkOrDevicePath);
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['command', looked.command],
    ['cwd', looked.cwd],
    ['envFile', looked.envFile],
    ['env.PATH', onPath],
  ];
  return fields
    .filter(([, path]) => path !== undefined && isNetworkOrDevicePath(path))
    .map(([field]) => ({ field, message: 'network and device paths are not allowed in a workspace' }));
}

/** The last part of a path, lower-cased and without the endings that mark a program on Windows: `C:\x\NPX.cmd` → `npx`. */
export function programName(command: string): string {
  const base = command.slice(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1).toLowerCase();
  return base.replace(/\.(?:exe|cmd|bat|com|ps1)$/, '');
}

function segments(path: string, platform: Platform): string[] {
  const folded = platform === 'linux' ? path : path.normalize('NFC').toLowerCase();
  const parts: string[] = [];
  for (const part of folded.split(platform === 'win32' ? /[\\/]/ : '/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}
