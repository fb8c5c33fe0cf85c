/**
 * The host: all servers of this window, what they offer together, what runs and what waits for the person. It alone knows that
 * there are several servers; nothing of one reaches another except through here.
 */

import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { JsonObject } from '../base/json';
import type { CompleteParams, SignOutOutcome } from '../client/contract';
import type {
  CompletionResult,
  GetPromptResult,
  ReadResourceResult,
  ToolCallResult,
} from '../protocol/content';
import { refused } from '../protocol/failure';
import type { ListKind, ToolDefinition } from '../protocol/model';
import { isToolOffered } from '../policy/toolRules';
import { Calls, type ReadOptions, type RunOptions } from './calls';
import { ConsentQueue } from './consentQueue';
import { ContextStore } from './contextStore';
import type { BringUpContext } from './bringUp';
import { folderChoiceOf, type FolderChoice } from './folderChoice';
import type { HostChange, Offered } from './hostChange';
import { hostContext } from './hostContext';
import { Inputs } from './inputs';
import { LaunchApprovals } from './launchApprovals';
import { LaunchConsent } from './launchConsent';
import { Permissions } from './permissions';
import { ResourceWatch } from './resourceWatch';
import { RecentArguments } from './recentArguments';
import type { HostPorts } from './ports';
import { Roots } from './roots';
import { SamplingGrants } from './samplingGrants';
import { SamplingLedger } from './samplingLedger';
import { SamplingRuns } from './samplingRuns';
import { SignIns } from './signIns';
import { refuseForAccount, signOutAtRest } from './signOut';
import { ServerRegistry, type ScopeProblem } from './registry';
import type { Server } from './server';
import { isLive, needsPerson } from './serverState';
import { HostTasks } from './tasks';

export type { HostChange, Offered };

export class Host implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<HostChange>());
  private readonly registry: ServerRegistry;
  private readonly approvals: LaunchApprovals;
  private readonly inputs: Inputs;
  private readonly context: BringUpContext;
  private readonly launchConsent: LaunchConsent;
  private readonly signIns: SignIns;
  private readonly roots: Roots;

  readonly onDidChange = this.changed.event;
  readonly consent: ConsentQueue;
  readonly calls: Calls;
  readonly recentArguments: RecentArguments;
  readonly watch: ResourceWatch;
  readonly tasks: HostTasks;
  readonly permissions: Permissions;
  readonly usage: SamplingLedger;
  readonly runs = new SamplingRuns();
  readonly gathered: ContextStore;

  constructor(ports: HostPorts) {
    const { clock, machine } = ports;
    this.consent = this.store.add(new ConsentQueue(clock));
    this.calls = this.store.add(new Calls(clock));
    this.tasks = this.store.add(new HostTasks(ports, this.calls, (id) => this.registry.get(id)));
    this.tasks.onDidChange((serverId) => this.changed.fire({ kind: 'tasks', serverId }));
    this.usage = this.store.add(new SamplingLedger(ports, (id) => this.registry.get(id)?.definition.scope));
    this.usage.onDidChange((change) => this.changed.fire(change));
    this.recentArguments = new RecentArguments(ports.memory, machine.sha256);
    this.approvals = new LaunchApprovals(ports.decisions, machine.sha256);
    this.inputs = new Inputs(ports.settings, ports.secrets, ports.memory, ports.inputPrompt, machine.sha256);
    this.launchConsent = new LaunchConsent(this.consent, this.approvals, ports.log, {
      approved: (id) => void this.server(id)?.restart('person'),
      denied: (id) => this.registry.deny(id),
    });
    this.signIns = new SignIns(ports, this.consent);
    this.store.add(this.signIns.onDidChange((serverId) => this.changed.fire({ kind: 'state', serverId })));
    this.roots = this.store.add(new Roots(ports, this.calls, this.consent));
    this.roots.onDidChange((serverId) => this.changed.fire({ kind: 'state', serverId }));
    const grants = new SamplingGrants(ports);
    const { approvals, consent, calls, inputs, signIns, tasks, launchConsent, usage, runs, roots } = this;
    const servers = { approvals, signIns, tasks, launchConsent, inputs, roots };
    this.context = hostContext(ports, { ...servers, consent, calls, grants, usage, runs });
    this.registry = new ServerRegistry(ports, this.context, this.launchConsent, this.listener, () =>
      this.changed.fire({ kind: 'servers' }),
    );
    const { registry, context } = this;
    this.permissions = this.store.add(new Permissions(consent, grants, approvals, registry, context.planner));
    this.watch = new ResourceWatch((id) => this.registry.get(id));
    this.gathered = this.store.add(new ContextStore(ports, (id, uri) => this.watch.open(id, uri)));
    this.store.add(ports.settings.onDidChange(() => this.registry.reload()));
    this.store.add(ports.workspace.onDidChangeFolders(() => this.registry.reload()));
    this.store.add(ports.workspace.onDidChangeFolders(() => this.roots.refresh()));
    this.store.add(ports.workspace.onDidGrantTrust(() => this.registry.startAll()));
  }

  /** Reads the settings and starts what starts by itself. */
  open(): void {
    this.registry.open();
  }

  /** Servers in the order of their definitions. */
  servers(): readonly Server[] {
    return this.registry.all();
  }

  server(id: string): Server | undefined {
    return this.registry.get(id);
  }

  /** Scopes of `mcpHost.servers` that cannot be read, or not whole. */
  problems(): readonly ScopeProblem[] {
    return this.registry.problems;
  }

  /** All items of one kind that running servers offer (aggregation). */
  offered<K extends ListKind>(kind: K): readonly Offered<K>[] {
    return this.servers().flatMap((server) =>
      (server.catalog?.items(kind) ?? []).map((item) => ({ server, item })),
    );
  }

  async start(id: string): Promise<void> {
    await this.registry.get(id)?.start('person');
  }

  async stop(id: string): Promise<void> {
    this.launchConsent.withdraw(id);
    await this.registry.get(id)?.stop({ kind: 'by-person' });
  }

  async restart(id: string): Promise<void> {
    await this.registry.get(id)?.restart('person');
  }

  /** Asks about the changed entries of running servers, also about those that the person did not allow before. */
  async reviewChanges(): Promise<void> {
    await this.registry.reviewChanges();
  }

  /** Starts a server that starts on demand; does nothing to one that is live, or that waits for the person's own word. */
  async demand(id: string): Promise<void> {
    const server = this.registry.get(id);
    if (!server || isLive(server.state) || needsPerson(server.state)) return;
    // An attempt that may not start it would only make it forget what it waits for.
    if (server.definition.entry?.start === 'never') return;
    await server.start('demand');
  }

  /** Reads one list, or all of them, again, from the server itself. */
  async refresh(id: string, kind?: ListKind): Promise<void> {
    const catalog = this.registry.get(id)?.catalog;
    const options = { fresh: true };
    await (kind === undefined ? catalog?.loadAll(options) : catalog?.refresh(kind, options));
  }

  /** Forgets the approval of a server's launch. A server that runs ends, and asks again. */
  async revokeApproval(id: string): Promise<void> {
    const server = this.registry.get(id);
    if (!server || server.definition.scope.kind === 'user') return;
    await this.approvals.revoke(id, this.context.planner.placeOf(server.definition));
    if (isLive(server.state)) await server.restart('configChange');
  }

  /** Forgets the values of a server's input variables. */
  async forgetInputs(id: string): Promise<void> {
    const server = this.registry.get(id);
    if (server) await this.inputs.forget(server.definition, this.context.planner.placeOf(server.definition));
  }

  /** Which folders a server may know, for the person to choose; undefined where there is no choice. @throws FailureError */
  async folderChoice(id: string): Promise<FolderChoice | undefined> {
    const server = this.registry.get(id);
    return server && (await folderChoiceOf(this.context, server.definition));
  }

  /** Lets the person sign in: what the server asks for is put before them at once. */
  async signIn(id: string): Promise<void> {
    const server = this.registry.get(id);
    if (!server) return;
    this.signIns.want(id);
    await server.restart('person');
    this.signIns.forgetWanted(id);
  }

  /** Forgets who is signed in to a server, which then does not run, and tells its authorization server. @throws FailureError */
  async signOut(id: string): Promise<SignOutOutcome> {
    const server = this.registry.get(id);
    if (!server) return 'complete';
    refuseForAccount(server.definition);
    const outcome = server.state.kind === 'running' ? await server.request('signOut', undefined) : undefined;
    await server.stop({ kind: 'sign-in' });
    return outcome ?? (await signOutAtRest(this.context, server.definition));
  }

  /** @throws FailureError */
  async describeTool(id: string, name: string): Promise<ToolDefinition> {
    return await this.required(id).request('describeTool', { name });
  }

  /** Calls a tool with exactly these arguments. Never repeated by itself (T127). @throws FailureError */
  async callTool(id: string, name: string, args: JsonObject, options: RunOptions): Promise<ToolCallResult> {
    const server = this.required(id);
    if (!isToolOffered(name, server.toolRules))
      throw refused('The rules of this server leave this tool out.');
    return await this.calls.run(
      { serverId: id, kind: 'tool', target: name },
      options,
      (callId, signal) =>
        this.tasks.track(callId, server.request('callTool', { callId, name, arguments: args }, signal)),
      (result) => result.isError,
    );
  }

  /** @throws FailureError */
  async readResource(id: string, uri: string, options: ReadOptions): Promise<ReadResourceResult> {
    const server = this.required(id);
    const { fresh = false } = options;
    return await this.calls.run({ serverId: id, kind: 'resource', target: uri }, options, (callId, signal) =>
      server.request('readResource', { callId, uri, fresh }, signal),
    );
  }

  /** One file of a skill, verified. @param path within its folder; its SKILL.md when absent. @throws FailureError */
  async readSkillFile(
    id: string,
    uri: string,
    path: string | undefined,
    options: RunOptions,
  ): Promise<ReadResourceResult> {
    const server = this.required(id);
    return await this.calls.run({ serverId: id, kind: 'skill', target: uri }, options, (callId, signal) =>
      server.request('readSkillFile', { callId, uri, ...(path === undefined ? {} : { path }) }, signal),
    );
  }

  /** @throws FailureError */
  async getPrompt(
    id: string,
    name: string,
    args: Readonly<Record<string, string>>,
    options: RunOptions,
  ): Promise<GetPromptResult> {
    const server = this.required(id);
    return await this.calls.run({ serverId: id, kind: 'prompt', target: name }, options, (callId, signal) =>
      server.request('getPrompt', { callId, name, arguments: args }, signal),
    );
  }

  /** @throws FailureError */
  async complete(id: string, params: CompleteParams, signal: AbortSignal): Promise<CompletionResult> {
    return await this.required(id).request('complete', params, signal);
  }

  /** A slice of a held text. @throws FailureError */
  async readHeld(id: string, handle: number, offset: number, length: number): Promise<Uint8Array> {
    return await this.required(id).request('readHeld', { handle, offset, length });
  }

  /** Ends all servers in an orderly way, all at once. */
  async close(): Promise<void> {
    this.consent.dispose();
    await this.registry.close();
    await this.usage.flush();
  }

  dispose(): void {
    this.registry.dispose();
    this.store.dispose();
  }

  private required(id: string): Server {
    const server = this.registry.get(id);
    if (!server) throw refused('This server is no longer configured.');
    return server;
  }

  private readonly listener = {
    onState: (server: Server): void => {
      const changed = this.watch.renew(server);
      this.changed.fire({ kind: 'state', serverId: server.id });
      for (const uri of changed) this.listener.onResourceUpdated(server, uri);
    },
    onList: (server: Server, list: ListKind, isSame: boolean): void =>
      this.changed.fire({ kind: isSame ? 'same-list' : 'list', serverId: server.id, list }),
    onResourceUpdated: (server: Server, uri: string): void => {
      this.gathered.changedResource(server.id, uri);
      this.changed.fire({ kind: 'resource', serverId: server.id, uri });
    },
  };
}
