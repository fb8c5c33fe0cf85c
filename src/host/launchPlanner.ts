/**
 * From an entry to a server that may be started or connected to: first a plan, made without asking, starting or sending anything,
 * that a person can review and an approval is bound to; then the resolved launch, made only after approval.
 */

import { err, ok, type Result } from '../base/result';
import type { AccountRule } from '../policy/oauthRule';
import type { EntryProblem, ServerEntry } from '../policy/serverEntry';
import { listVariables, variableProblems, type VariableScope } from '../policy/variables';
import type { ServerDefinition } from './definitions';
import type { Inputs } from './inputs';
import { foreignOAuthProblem } from '../policy/readOAuth';
import type { Accounts } from './accounts';
import type { LaunchPlan, ResolvedLaunch, ResolveError } from './launchPlan';
import { partsUnder } from './launchSecrets';
import { LocalLaunches } from './localLaunches';
import { placeOf } from './places';
import type { EditorPolicyPort, MachinePort, NetworkPort, WorkspacePort } from './ports';
import { RemoteLaunches } from './remoteLaunches';

/** What planning needs from outside. */
interface PlannerPorts {
  readonly machine: MachinePort;
  readonly workspace: WorkspacePort;
  readonly editorPolicy: EditorPolicyPort;
  readonly network: NetworkPort;
}

/** What a person may be asked for while a launch is resolved. */
type MayAsk = 'all' | 'inputs' | 'nothing';

export class LaunchPlanner {
  private readonly local: LocalLaunches;
  private readonly remote: RemoteLaunches;

  constructor(
    private readonly ports: PlannerPorts,
    private readonly inputs: Inputs,
    private readonly accounts: Accounts,
  ) {
    const { machine, workspace, editorPolicy, network } = ports;
    this.local = new LocalLaunches(machine, workspace, editorPolicy);
    this.remote = new RemoteLaunches(machine, workspace, editorPolicy, network);
  }

  /** Looks at an entry without starting or asking anything. Must not be called in an untrusted workspace (T001). */
  async plan(
    definition: ServerDefinition,
    entry: ServerEntry,
  ): Promise<Result<LaunchPlan, readonly EntryProblem[]>> {
    const problems = variableProblems(entry);
    if (problems.length > 0) return err(problems);
    const { launch } = entry;
    const foreign =
      launch.kind === 'remote' && foreignOAuthProblem(definition.scope, launch.oauth, launch.account);
    if (foreign) return err([foreign]);
    const question = {
      name: definition.name,
      nameWarnings: definition.warnings.flatMap(({ field, message }) => (field === 'name' ? [message] : [])),
      scope: definition.scope,
      entry,
      variables: this.variableScope(definition, () => undefined),
      place: this.placeOf(definition),
      machine: this.ports.machine.remoteName,
    };
    return launch.kind === 'local'
      ? await this.local.plan({ ...question, launch })
      : this.remote.plan({ ...question, launch });
  }

  /**
   * Fills in every value, asking the person for inputs that have none; the asking ends when `signal` aborts.
   * @param mayAsk what the person may be asked for now: for an account only when they have just asked for the start
   * @throws FailureError when the secret store fails.
   */
  async resolve(
    definition: ServerDefinition,
    plan: LaunchPlan,
    signal: AbortSignal,
    mayAsk: MayAsk,
  ): Promise<Result<ResolvedLaunch, ResolveError>> {
    // Nobody is asked for what could not start anyway.
    if (plan.kind === 'local' && !plan.program.ok) return err(plan.program.error);
    const inputs = new Map<string, string>();
    const secrets: string[] = [];
    for (const { field, variable } of listVariables(plan.entry)) {
      if (variable.kind !== 'input' || inputs.has(variable.name)) continue;
      const given =
        mayAsk === 'nothing'
          ? await this.inputs.known(definition, variable.name, plan.place)
          : await this.inputs.value(definition, variable.name, plan.place, signal);
      if (!given) return err([{ field, message: `no value was given for \${input:${variable.name}}` }]);
      inputs.set(variable.name, given.value);
      const reference = `\${input:${variable.name}}`;
      if (given.secret) secrets.push(given.value, ...partsUnder(plan.entry, reference, given.value));
    }
    const scope = this.variableScope(definition, (id) => inputs.get(id));
    // With the inputs it may be a command or an address that the policy names.
    const access =
      plan.kind === 'local'
        ? this.local.accessOf(definition.name, plan.launch, scope)
        : this.remote.accessOf(definition.name, plan.launch, scope);
    if (access.kind === 'denied') return err(access);
    const resolved =
      plan.kind === 'local'
        ? await this.local.resolve(plan, scope)
        : this.remote.resolve(definition, plan, scope);
    if (!resolved.ok) return resolved;
    const value = { ...resolved.value, secrets: [...secrets, ...resolved.value.secrets] };
    return plan.kind === 'remote' && plan.launch.account
      ? await this.withAccount(definition, plan.launch.account, value, mayAsk === 'all')
      : ok(value);
  }

  private async withAccount(
    definition: ServerDefinition,
    rule: AccountRule,
    launch: ResolvedLaunch,
    ask: boolean,
  ): Promise<Result<ResolvedLaunch, ResolveError>> {
    const { spec, secrets } = launch;
    if (!('url' in spec)) return ok(launch);
    const session = await this.accounts.session(definition, rule, new URL(spec.url), ask);
    if (!session) return err('sign-in');
    return ok({
      ...launch,
      secrets: [...secrets, session.token],
      account: rule,
      spec: { ...spec, hasAccount: true },
    });
  }

  /** URI of where an entry is written, which is part of what an approval is bound to (T021). */
  placeOf({ scope }: ServerDefinition): string {
    return placeOf(this.ports.workspace, scope);
  }

  /** Names what signing in to a remote server leaves in the secret store. */
  credentialsOf(definition: ServerDefinition): string {
    const { launch } = definition.entry ?? {};
    return this.remote.credentialsOf(
      definition.id,
      this.placeOf(definition),
      launch?.kind === 'remote' ? launch.url : '',
    );
  }

  private variableScope(
    definition: ServerDefinition,
    input: (id: string) => string | undefined,
  ): VariableScope {
    const { machine, workspace } = this.ports;
    const folders = workspace.folders();
    const { scope } = definition;
    const own = scope.kind === 'folder' ? folders.find(({ uri }) => uri === scope.uri) : undefined;
    // With several folders and no folder of its own, an entry must say which one it means.
    const folder = own ?? (folders.length === 1 ? folders[0] : undefined);
    return {
      ...(folder ? { workspaceFolder: folder.path } : {}),
      workspaceFolders: new Map(folders.map(({ name, path }) => [name, path])),
      userHome: machine.userHome,
      pathSeparator: machine.platform === 'win32' ? '\\' : '/',
      env: (name) => machine.processEnv[name],
      input,
    };
  }
}
