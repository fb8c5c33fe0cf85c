/** The parts of a local launch that the host itself looks at before anybody is asked, with their variables replaced. */

import { err, ok, type Result } from '../base/result';
import type { EntryProblem, LocalLaunch } from '../policy/serverEntry';
import { expandVariables, type VariableScope } from '../policy/variables';

/** Where a launch takes place, as paths that may not exist. */
interface LaunchPaths {
  readonly cwd: string;
  readonly command: string;
  readonly envFile: string | undefined;
  /** What the entry sets `PATH` to; undefined when it does not, or when that is known only later. */
  readonly searchPath: string | undefined;
}

/** Replaces the variables of these parts; each problem names its field. `userHome` is the working folder where there is no other. */
export function launchPaths(
  launch: LocalLaunch,
  scope: VariableScope,
  userHome: string,
): Result<LaunchPaths, readonly EntryProblem[]> {
  const cwd = expandField('cwd', launch.cwd ?? scope.workspaceFolder ?? userHome, scope);
  const command = expandField('command', launch.command, scope);
  const envFile =
    launch.envFile === undefined ? ok(undefined) : expandField('envFile', launch.envFile, scope);
  if (!cwd.ok || !command.ok || !envFile.ok)
    return err([cwd, command, envFile].flatMap((part) => (part.ok ? [] : [part.error])));
  const path = [...launch.env].find(([name]) => name.toUpperCase() === 'PATH')?.[1];
  const searchPath = path === undefined || path === null ? undefined : expandVariables(path, scope);
  return ok({
    cwd: cwd.value,
    command: command.value,
    envFile: envFile.value,
    searchPath: searchPath?.ok ? searchPath.value.text : undefined,
  });
}

/** An argument as it will be, when only variables for paths stand in it: others may be secrets, or are not known yet. */
export function resolvedArgument(arg: string, scope: VariableScope): string | undefined {
  const expanded = expandVariables(arg, { ...scope, env: () => undefined, input: () => undefined });
  return expanded.ok && expanded.value.used.length > 0 ? expanded.value.text : undefined;
}

/** Replaces the variables of one field; a problem names the field. */
export function expandField(field: string, text: string, scope: VariableScope): Result<string, EntryProblem> {
  const expanded = expandVariables(text, scope);
  return expanded.ok ? ok(expanded.value.text) : err({ field, message: expanded.error.message });
}
