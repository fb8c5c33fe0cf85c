/** From the entry of a local server to a process that may be started: looked at first, resolved after approval. */

import { err, ok, type Result } from '../base/result';
import { decideAccess, type AccessDecision } from '../policy/editorPolicy';
import { childEnvironment } from '../policy/environment';
import { launchFingerprintInput } from '../policy/launchFingerprint';
import type { ReviewParts } from '../policy/launchReview';
import { networkPathProblems, type Platform } from '../policy/paths';
import type { EntryProblem, LocalLaunch } from '../policy/serverEntry';
import { expandVariables, type VariableScope } from '../policy/variables';
import { parseEnvFile } from './envFile';
import type { LaunchQuestion, LocalPlan, ResolvedLaunch, ResolveError } from './launchPlan';
import { secretValues } from './launchSecrets';
import { expandField, launchPaths, resolvedArgument } from './launchPaths';
import type { EditorPolicyPort, MachinePort, WorkspacePort } from './ports';

/** Name of the variable that carries the token; the transport sweeps by it. */
export const LAUNCH_TOKEN_VARIABLE = 'MCP_HOST_LAUNCH';

/** What a server gets as its environment. */
interface Environment {
  readonly all: Readonly<Record<string, string>>;
  /** What of it stands in the entry's environment file. */
  readonly fromFile: ReadonlyMap<string, string>;
}

export class LocalLaunches {
  constructor(
    private readonly machine: MachinePort,
    private readonly workspace: WorkspacePort,
    private readonly editorPolicy: EditorPolicyPort,
  ) {}

  /** Looks at an entry without starting or asking anything. */
  async plan(question: LaunchQuestion<LocalLaunch>): Promise<Result<LocalPlan, readonly EntryProblem[]>> {
    const { entry, launch, variables, place } = question;
    const isForeign = question.scope.kind !== 'user';
    const written = isForeign ? networkPathProblems(launch) : [];
    if (written.length > 0) return err(written);
    const paths = launchPaths(launch, variables, this.machine.userHome);
    if (!paths.ok) return err(paths.error);
    const { cwd, command, envFile, searchPath } = paths.value;
    // A variable may have made a network path of what was none as written.
    const network = isForeign ? networkPathProblems(paths.value) : [];
    if (network.length > 0) return err(network);
    const realCwd = await this.machine.realFolder(cwd);
    if (realCwd === undefined) return err([{ field: 'cwd', message: 'this folder does not exist' }]);
    const program = await this.findProgram(searchPath, command, realCwd);
    const envFileText = envFile === undefined ? undefined : await this.machine.readText(envFile);
    if (envFile !== undefined && envFileText === undefined)
      return err([{ field: 'envFile', message: 'this file cannot be read' }]);
    const envFileHash = envFileText === undefined ? undefined : this.machine.sha256(envFileText);
    const resolvedCommand = program.ok ? program.value.path : undefined;
    const resolvedArgs = launch.args.map((arg) => resolvedArgument(arg, variables));
    const fingerprint = this.machine.sha256(
      launchFingerprintInput({
        entry,
        scope: question.scope,
        workspace: place === '' ? undefined : place,
        machine: question.machine,
        resolvedCommand,
        prefixArgs: program.ok ? program.value.prefixArgs : [],
        resolvedArgs,
        cwd: realCwd,
        envFile:
          envFile !== undefined && envFileHash !== undefined
            ? { path: envFile, sha256: envFileHash }
            : undefined,
      }),
    );
    const toReview: ReviewParts = {
      ...question,
      resolvedCommand,
      resolvedArgs,
      cwd: realCwd,
      ...(envFile === undefined ? {} : { envFile }),
      ...(envFileText === undefined ? {} : { envFileVariables: parseEnvFile(envFileText) }),
      workspaceFolders: this.workspace.folders().map(({ path }) => path),
      platform: this.platform,
    };
    return ok({
      kind: 'local',
      entry,
      launch,
      fingerprint,
      toReview,
      access: this.accessOf(question.name, launch, variables),
      place,
      program,
      cwd: realCwd,
      ...(envFileHash === undefined ? {} : { envFileHash }),
    });
  }

  /** Rules name commands as they run, so no variable hides one. What has no value yet stays as written. */
  accessOf(name: string, { command, args }: LocalLaunch, variables: VariableScope): AccessDecision {
    const parts = [command, ...args].map((text) => {
      const expanded = expandVariables(text, variables);
      return expanded.ok ? expanded.value.text : text;
    });
    return decideAccess({ ...this.editorPolicy.read(), entry: { name, command: parts } });
  }

  /** Fills in every value. @param variables know the inputs as well */
  async resolve(plan: LocalPlan, variables: VariableScope): Promise<Result<ResolvedLaunch, ResolveError>> {
    const { program, launch } = plan;
    if (!program.ok) return err(program.error);
    const args = launch.args.map((arg, index) => expandField(`args[${index}]`, arg, variables));
    const env = await this.environmentOf(plan, variables);
    const problems = args.flatMap((arg) => (arg.ok ? [] : [arg.error]));
    if (!env.ok) return err(env.error === 'changed' ? env.error : [...problems, ...env.error]);
    if (problems.length > 0) return err(problems);
    const token = this.machine.randomToken();
    return ok({
      fingerprint: plan.fingerprint,
      token,
      secrets: secretValues(plan.entry, env.value.fromFile, variables),
      spec: {
        command: program.value.path,
        args: [...program.value.prefixArgs, ...args.flatMap((arg) => (arg.ok ? [arg.value] : []))],
        env: { ...env.value.all, [LAUNCH_TOKEN_VARIABLE]: token },
        cwd: plan.cwd,
      },
    });
  }

  private get platform(): Platform {
    const { platform } = this.machine;
    return platform === 'win32' || platform === 'darwin' ? platform : 'linux';
  }

  /** @param searchPath what the entry sets `PATH` to. */
  private async findProgram(
    searchPath: string | undefined,
    command: string,
    cwd: string,
  ): Promise<LocalPlan['program']> {
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
    { launch, envFileHash }: LocalPlan,
    variables: VariableScope,
  ): Promise<Result<Environment, readonly EntryProblem[] | 'changed'>> {
    const entries = new Map<string, string | null>();
    let fromFile: ReadonlyMap<string, string> = new Map();
    if (launch.envFile !== undefined) {
      const path = expandField('envFile', launch.envFile, variables);
      const text = path.ok ? await this.machine.readText(path.value) : undefined;
      if (text === undefined) return err([{ field: 'envFile', message: 'this file cannot be read' }]);
      // The very text that was approved, not what the file held before or after (T020).
      if (this.machine.sha256(text) !== envFileHash) return err('changed');
      fromFile = parseEnvFile(text);
      for (const [name, value] of fromFile) entries.set(name, value);
    }
    const problems: EntryProblem[] = [];
    for (const [name, value] of launch.env) {
      const expanded = value === null ? ok(null) : expandField(`env.${name}`, value, variables);
      if (expanded.ok) entries.set(name, expanded.value);
      else problems.push(expanded.error);
    }
    if (problems.length > 0) return err(problems);
    const all = childEnvironment(this.machine.processEnv, this.platform, entries);
    return all.ok ? ok({ all: all.value, fromFile }) : all;
  }
}
