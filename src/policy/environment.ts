/** What of the host's environment a server gets: a short fixed list, and what its entry names. Nothing else (T026). */

import { err, ok, type Result } from '../base/result';
import type { Platform } from './paths';
import { safeText } from './safeText';
import type { EntryProblem } from './serverEntry';

const EVERYWHERE = [
  'ALL_PROXY',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'LANG',
  'LANGUAGE',
  'LC_ADDRESS',
  'LC_ALL',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_IDENTIFICATION',
  'LC_MEASUREMENT',
  'LC_MESSAGES',
  'LC_MONETARY',
  'LC_NAME',
  'LC_NUMERIC',
  'LC_PAPER',
  'LC_TELEPHONE',
  'LC_TIME',
  'NO_PROXY',
  'PATH',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  'TERM',
  'TZ',
] as const;

const POSIX = [
  ...EVERYWHERE,
  'HOME',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'USER',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_DIRS',
  'XDG_CONFIG_HOME',
  'XDG_DATA_DIRS',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'XDG_STATE_HOME',
  'all_proxy',
  'http_proxy',
  'https_proxy',
  'no_proxy',
] as const;

/** Names that are passed on when the host has them. On Windows case does not count. */
export const PASSED_VARIABLES: Readonly<Record<Platform, readonly string[]>> = {
  linux: POSIX,
  darwin: [...POSIX, '__CF_USER_TEXT_ENCODING'],
  win32: [
    ...EVERYWHERE,
    'ALLUSERSPROFILE',
    'APPDATA',
    'COMMONPROGRAMFILES',
    'COMMONPROGRAMFILES(X86)',
    'COMMONPROGRAMW6432',
    'COMPUTERNAME',
    'COMSPEC',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'NUMBER_OF_PROCESSORS',
    'OS',
    'PATHEXT',
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMDATA',
    'PROGRAMFILES',
    'PROGRAMFILES(X86)',
    'PROGRAMW6432',
    'PUBLIC',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'TMP',
    'USERDOMAIN',
    'USERNAME',
    'USERPROFILE',
    'WINDIR',
  ],
};

/**
 * Builds the whole environment of a child process.
 *
 * @param hostEnvironment the environment of the editor's extension host.
 * @param entryEnvironment what the entry names, variables already expanded; `null` removes a name.
 * @returns an object without a prototype, or the names the entry may not set: those of the editor itself, names that no
 *   system takes, and on Windows names that differ in case only.
 */
export function childEnvironment(
  hostEnvironment: Readonly<Record<string, string | undefined>>,
  platform: Platform,
  entryEnvironment: ReadonlyMap<string, string | null>,
): Result<Readonly<Record<string, string>>, readonly EntryProblem[]> {
  const problems = environmentProblems(entryEnvironment, platform);
  if (problems.length > 0) return err(problems);
  const keyOf = (name: string): string => (platform === 'win32' ? name.toUpperCase() : name);
  const passed = new Set<string>(PASSED_VARIABLES[platform]);
  const merged = new Map<string, readonly [name: string, value: string]>();
  for (const [name, value] of Object.entries(hostEnvironment)) {
    // A value that starts like a function is one of old bash, exported into the environment.
    if (value === undefined || value.startsWith('()') || !passed.has(keyOf(name))) continue;
    if (!merged.has(keyOf(name))) merged.set(keyOf(name), [name, value]);
  }
  for (const [name, value] of entryEnvironment) {
    if (value === null) merged.delete(keyOf(name));
    else merged.set(keyOf(name), [name, value]);
  }
  const environment = Object.create(null) as Record<string, string>;
  for (const [name, value] of merged.values()) environment[name] = value;
  return ok(environment);
}

/** What an entry's `env` may not hold, for a check before any value is known. */
function environmentProblems(
  entryEnvironment: ReadonlyMap<string, string | null>,
  platform: Platform,
): EntryProblem[] {
  const problems: EntryProblem[] = [];
  const seen = new Map<string, string>();
  for (const [name, value] of entryEnvironment) {
    const field = `env.${safeText(name, 80)}`;
    const upper = name.toUpperCase();
    const earlier = seen.get(upper);
    seen.set(upper, name);
    if (name === '' || /[=\0]/.test(name))
      problems.push({ field, message: 'is not a name a variable can have' });
    else if (value !== null && value.includes('\0'))
      problems.push({ field, message: 'contains a NUL character' });
    else if (value !== null && isEditorVariable(upper)) {
      problems.push({ field, message: 'belongs to the editor and is never passed to a server' });
    } else if (platform === 'win32' && earlier !== undefined) {
      problems.push({ field, message: `is the same variable as ${safeText(earlier, 80)} on Windows` });
    }
  }
  return problems;
}

/** With these a server could speak as the editor, or turn the editor's binary into something else. */
function isEditorVariable(upperName: string): boolean {
  return upperName.startsWith('VSCODE_') || upperName.startsWith('ELECTRON_');
}
