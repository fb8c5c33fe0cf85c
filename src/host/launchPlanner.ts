/**
 * From an entry to a process that may be started: first a plan, made without asking or starting anything, that a person can
 * review and an approval is bound to; then the resolved launch, made only after approval.
 */

import { err, ok, type Result } from '../base/result';
import type { LaunchSpec } from '../client/contract';
import type { SpawnFailure } from '../protocol/failure';
import { decideAccess, type AccessDecision } from '../policy/editorPolicy';
import { childEnvironment } from '../policy/environment';
import { launchFingerprintInput } from '../policy/launchFingerprint';
import { describeLaunch, type LaunchReview } from '../policy/launchReview';
import { networkPathProblems, type Platform } from '../policy/paths';
import type { EntryProblem, LocalLaunch, ServerEntry } from '../policy/serverEntry';
import { expandVariables, listVariables, variableProblems, type VariableScope } from '../policy/variables';
import type { ServerDefinition } from './definitions';
import { parseEnvFile } from './envFile';
import { secretValues } from './launchSecrets';
import { expandField, launchPaths, resolvedArgument } from './launchPaths';
import type { Inputs } from './inputs';
import type { EditorPolicyPort, MachinePort, WorkspacePort } from './ports';

/** What is known of a launch before it is approved. */
export interface LaunchPlan {
  readonly entry: ServerEntry;
  readonly launch: LocalLaunch;
  /** SHA-256 that an approval is bound to. */
  readonly fingerprint: string;
  readonly review: LaunchReview;
  readonly access: AccessDecision;
  /** URI of the workspace or folder the entry belongs to; empty for the user's own. */
  readonly place: string;
  readonly program: Result<{ readonly path: string; readonly prefixArgs: readonly string[] }, SpawnFailure>;
  readonly cwd: string;
  /** SHA-256 in hex of the environment file's text, when there is one. */
  readonly envFileHash?: string;
}

/** Why a planned launch cannot be resolved. `changed`: a file is no longer what the plan says. */
export type ResolveError =
  readonly EntryProblem[] | SpawnFailure | 'changed' | Extract<AccessDecision, { kind: 'denied' }>;

/** A launch ready to start. */
export interface ResolvedLaunch {
  readonly spec: LaunchSpec;
  /** Marks every process of this launch. */
  readonly token: string;
  /** Values that must never be shown or logged. */
  readonly secrets: readonly string[];
}

/** Name of the variable that carries the token; the transport sweeps by it. */
export const LAUNCH_TOKEN_VARIABLE = 'MCP_HOST_LAUNCH';

/** What a server gets as its environment. */
interface Environment {
  readonly all: Readonly<Record<string, string>>;
  /** What of it stands in the entry's environment file. */
  readonly fromFile: ReadonlyMap<string, string>;
}

export class LaunchPlanner {
  constructor(
    private readonly machine: MachinePort,
    private readonly workspace: WorkspacePort,
    private readonly editorPolicy: EditorPolicyPort,
    private readonly inputs: Inputs,
  ) {}

  /** Looks at an entry without starting or asking anything. Must not be called in an untrusted workspace (T001). */
  async plan(
    definition: ServerDefinition,
    entry: ServerEntry,
  ): Promise<Result<LaunchPlan, readonly EntryProblem[]>> {
    const { launch } = entry;
    if (launch.kind === 'remote')
      return err([
        { field: 'url', message: 'remote servers are not supported by this version; use "command"' },
      ]);
    const problems = this.staticProblems(definition, entry, launch);
    if (problems.length > 0) return err(problems);
    const scope = this.variableScope(definition, () => undefined);
    const paths = launchPaths(launch, scope, this.machine.userHome);
    if (!paths.ok) return err(paths.error);
    const { cwd, command, envFile, searchPath } = paths.value;
    // A variable may have made a network path of what was none as written.
    const network = definition.scope.kind === 'user' ? [] : networkPathProblems(paths.value);
    if (network.length > 0) return err(network);
    const realCwd = await this.machine.realFolder(cwd);
    if (realCwd === undefined) return err([{ field: 'cwd', message: 'this folder does not exist' }]);
    const program = await this.findProgram(searchPath, command, realCwd);
    const envFileText = envFile === undefined ? undefined : await this.machine.readText(envFile);
    if (envFile !== undefined && envFileText === undefined)
      return err([{ field: 'envFile', message: 'this file cannot be read' }]);
    const envFileHash = envFileText === undefined ? undefined : this.machine.sha256(envFileText);
    const place = this.placeOf(definition);
    const resolvedCommand = program.ok ? program.value.path : undefined;
    const resolvedArgs = launch.args.map((arg) => resolvedArgument(arg, scope));
    const fingerprint = this.machine.sha256(
      launchFingerprintInput({
        entry,
        scope: definition.scope,
        workspace: place === '' ? undefined : place,
        resolvedCommand,
        prefixArgs: program.ok ? program.value.prefixArgs : [],
        resolvedArgs,
        cwd: realCwd,
        envFile:
          envFile !== undefined && envFileHash !== undefined
            ? { path: envFile, sha256: envFileHash }
            : undefined,
        namedFiles: [],
      }),
    );
    const folders = this.workspace.folders().map(({ path }) => path);
    const review = describeLaunch({
      name: definition.name,
      nameWarnings: definition.warnings.flatMap(({ field, message }) => (field === 'name' ? [message] : [])),
      scope: definition.scope,
      entry,
      resolvedCommand,
      resolvedArgs,
      cwd: realCwd,
      ...(envFile === undefined ? {} : { envFile }),
      ...(envFileText === undefined ? {} : { envFileVariables: parseEnvFile(envFileText) }),
      workspaceFolders: folders,
      platform: this.platform,
    });
    return ok({
      entry,
      launch,
      fingerprint,
      review,
      access: this.accessOf(definition, launch, scope),
      place,
      program,
      cwd: realCwd,
      ...(envFileHash === undefined ? {} : { envFileHash }),
    });
  }

  /** Rules name commands as they run, so no variable hides one. What has no value yet stays as written. */
  private accessOf(
    { name }: ServerDefinition,
    { command, args }: LocalLaunch,
    scope: VariableScope,
  ): AccessDecision {
    const parts = [command, ...args].map((text) => {
      const expanded = expandVariables(text, scope);
      return expanded.ok ? expanded.value.text : text;
    });
    return decideAccess({ ...this.editorPolicy.read(), entry: { name, command: parts } });
  }

  /**
   * Fills in every value, asking the person for inputs that have none; the asking ends when `signal` aborts.
   * @throws FailureError when the secret store fails.
   */
  async resolve(
    definition: ServerDefinition,
    plan: LaunchPlan,
    signal: AbortSignal,
  ): Promise<Result<ResolvedLaunch, ResolveError>> {
    if (!plan.program.ok) return err(plan.program.error);
    const inputs = new Map<string, string>();
    const secrets: string[] = [];
    for (const { field, variable } of listVariables(plan.entry)) {
      if (variable.kind !== 'input' || inputs.has(variable.name)) continue;
      const given = await this.inputs.value(definition, variable.name, plan.place, signal);
      if (!given) return err([{ field, message: `no value was given for \${input:${variable.name}}` }]);
      inputs.set(variable.name, given.value);
      if (given.secret) secrets.push(given.value);
    }
    const scope = this.variableScope(definition, (id) => inputs.get(id));
    // With the inputs it may be a command that the policy names.
    const access = this.accessOf(definition, plan.launch, scope);
    if (access.kind === 'denied') return err(access);
    const args = plan.launch.args.map((arg, index) => expandField(`args[${index}]`, arg, scope));
    const env = await this.environmentOf(plan, scope);
    const problems = args.flatMap((arg) => (arg.ok ? [] : [arg.error]));
    if (!env.ok) return err(env.error === 'changed' ? env.error : [...problems, ...env.error]);
    if (problems.length > 0) return err(problems);
    secrets.push(...secretValues(plan.entry, env.value.fromFile, scope));
    const token = this.machine.randomToken();
    return ok({
      token,
      secrets,
      spec: {
        command: plan.program.value.path,
        args: [...plan.program.value.prefixArgs, ...args.flatMap((arg) => (arg.ok ? [arg.value] : []))],
        env: { ...env.value.all, [LAUNCH_TOKEN_VARIABLE]: token },
        cwd: plan.cwd,
      },
    });
  }

  /** URI of where an entry is written, which is part of what an approval is bound to (T021). */
  placeOf({ scope }: ServerDefinition): string {
    switch (scope.kind) {
      case 'user':
        return '';
      case 'folder':
        return scope.uri;
      case 'workspace':
        return this.workspace
          .folders()
          .map(({ uri }) => uri)
          .join('\n');
    }
  }

  private get platform(): Platform {
    const { platform } = this.machine;
    return platform === 'win32' || platform === 'darwin' ? platform : 'linux';
  }

  private staticProblems(
    definition: ServerDefinition,
    entry: ServerEntry,
    launch: LocalLaunch,
  ): readonly EntryProblem[] {
    return [
      ...variableProblems(entry),
      ...(definition.scope.kind === 'user' ? [] : networkPathProblems(launch)),
    ];
  }

  /** @param searchPath what the entry sets `PATH` to. */
  private async findProgram(
    searchPath: string | undefined,
    command: string,
    cwd: string,
  ): Promise<LaunchPlan['program']> {
    const own = new Map(searchPath === undefined ? [] : [['PATH', searchPath]]);
    const env = childEnvironment(this.machine.processEnv, this.platform, own);
    const path = env.ok
      ? (Object.entries(env.value).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '')
      : '';
    return await this.machine.findProgram(command, {
      cwd,
      path,
      forbiddenRoots: this.workspace.folders().map((folder) => folder.path),
    });
  }

  private async environmentOf(
    { launch, envFileHash }: LaunchPlan,
    scope: VariableScope,
  ): Promise<Result<Environment, readonly EntryProblem[] | 'changed'>> {
    const entries = new Map<string, string | null>();
    let fromFile: ReadonlyMap<string, string> = new Map();
    if (launch.envFile !== undefined) {
      const path = expandField('envFile', launch.envFile, scope);
      const text = path.ok ? await this.machine.readText(path.value) : undefined;
      if (text === undefined) return err([{ field: 'envFile', message: 'this file cannot be read' }]);
      // The very text that was approved, not what the file held before or after (T020).
      if (this.machine.sha256(text) !== envFileHash) return err('changed');
      fromFile = parseEnvFile(text);
      for (const [name, value] of fromFile) entries.set(name, value);
    }
    const problems: EntryProblem[] = [];
    for (const [name, value] of launch.env) {
      const expanded = value === null ? ok(null) : expandField(`env.${name}`, value, scope);
      if (expanded.ok) entries.set(name, expanded.value);
      else problems.push(expanded.error);
    }
    if (problems.length > 0) return err(problems);
    const all = childEnvironment(this.machine.processEnv, this.platform, entries);
    return all.ok ? ok({ all: all.value, fromFile }) : all;
  }

  private variableScope(
    definition: ServerDefinition,
    input: (id: string) => string | undefined,
  ): VariableScope {
    const folders = this.workspace.folders();
    const { scope } = definition;
    const own = scope.kind === 'folder' ? folders.find(({ uri }) => uri === scope.uri) : undefined;
    // With several folders and no folder of its own, an entry must say which one it means.
    const folder = own ?? (folders.length === 1 ? folders[0] : undefined);
    return {
      ...(folder ? { workspaceFolder: folder.path } : {}),
      workspaceFolders: new Map(folders.map(({ name, path }) => [name, path])),
      userHome: this.machine.userHome,
      pathSeparator: this.machine.platform === 'win32' ? '\\' : '/',
      env: (name) => this.machine.processEnv[name],
      input,
    };
  }
}
