/**
 * The host: all servers of this window, what they offer together, what runs and what waits for the person. It alone knows that
 * there are several servers; nothing of one reaches another except through here.
 */

import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { JsonObject } from '../base/json';
import type { CompleteParams } from '../client/contract';
import type {
  CompletionResult,
  GetPromptResult,
  ReadResourceResult,
  ToolCallResult,
} from '../protocol/content';
import { FailureError } from '../protocol/failure';
import type { ListItems, ListKind, ToolDefinition } from '../protocol/model';
import { isToolOffered } from '../policy/toolRules';
import type { EntryScope } from '../policy/serverEntry';
import { Calls, type RunOptions } from './calls';
import { ConsentQueue } from './consentQueue';
import { readDefinitions, type ServerDefinition } from './definitions';
import type { BringUpContext } from './bringUp';
import { Inputs } from './inputs';
import { LaunchApprovals } from './launchApprovals';
import { LaunchPlanner, type LaunchPlan } from './launchPlanner';
import { ResourceWatch } from './resourceWatch';
import { RecentArguments } from './recentArguments';
import type { HostPorts } from './ports';
import { Sampling } from './sampling';
import { Server } from './server';
import { isLive } from './serverState';

/** What changed. */
export type HostChange =
  /** Servers came, went or changed places. */
  | { readonly kind: 'servers' }
  | { readonly kind: 'state'; readonly serverId: string }
  | { readonly kind: 'list'; readonly serverId: string; readonly list: ListKind }
  | { readonly kind: 'resource'; readonly serverId: string; readonly uri: string };

/** One item with the server that offers it. */
export interface Offered<K extends ListKind> {
  readonly server: Server;
  readonly item: ListItems[K];
}

export class Host implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<HostChange>());
  private readonly servers_ = new Map<string, Server>();
  private readonly approvals: LaunchApprovals;
  private readonly inputs: Inputs;
  private readonly context: BringUpContext;
  /** Launches that wait for approval, by server, with what withdraws them. */
  private readonly asked = new Map<
    string,
    { readonly fingerprint: string; readonly abort: AbortController }
  >();
  private settingProblems: readonly { scope: EntryScope; message: string }[] = [];
  private opened = false;

  readonly onDidChange = this.changed.event;
  readonly consent: ConsentQueue;
  readonly calls: Calls;
  readonly recentArguments: RecentArguments;
  readonly watch: ResourceWatch;

  constructor(private readonly ports: HostPorts) {
    const { clock, machine } = ports;
    this.consent = this.store.add(new ConsentQueue(clock));
    this.calls = this.store.add(new Calls(clock));
    this.recentArguments = new RecentArguments(ports.memory, machine.sha256);
    this.approvals = new LaunchApprovals(ports.decisions, machine.sha256);
    this.inputs = new Inputs(ports.settings, ports.secrets, ports.memory, ports.inputPrompt, machine.sha256);
    this.watch = new ResourceWatch((id) => this.servers_.get(id));
    this.context = this.makeContext();
    this.store.add(ports.settings.onDidChange(() => this.reload('configChange')));
    this.store.add(ports.workspace.onDidChangeFolders(() => this.onFolders()));
    this.store.add(ports.workspace.onDidGrantTrust(() => this.startAll('open')));
  }

  /** Reads the settings and starts what starts by itself. */
  open(): void {
    this.opened = true;
    this.reload('open');
  }

  /** Servers in the order of their definitions. */
  servers(): readonly Server[] {
    return [...this.servers_.values()];
  }

  server(id: string): Server | undefined {
    return this.servers_.get(id);
  }

  /** Whole scopes of `mcpHost.servers` that cannot be read. */
  problems(): readonly { scope: EntryScope; message: string }[] {
    return this.settingProblems;
  }

  get isTrusted(): boolean {
    return this.ports.workspace.isTrusted;
  }

  /** All items of one kind that running servers offer (aggregation). */
  offered<K extends ListKind>(kind: K): readonly Offered<K>[] {
    return this.servers().flatMap((server) =>
      (server.catalog?.items(kind) ?? []).map((item) => ({ server, item })),
    );
  }

  async start(id: string): Promise<void> {
    await this.servers_.get(id)?.start('person');
  }

  async stop(id: string): Promise<void> {
    this.withdrawApproval(id);
    await this.servers_.get(id)?.stop({ kind: 'by-person' });
  }

  async restart(id: string): Promise<void> {
    await this.servers_.get(id)?.restart('person');
  }

  /** Starts a server that starts on demand; does nothing to one that is live. */
  async demand(id: string): Promise<void> {
    const server = this.servers_.get(id);
    if (server && !isLive(server.state)) await server.start('demand');
  }

  /** Reads one list, or all of them, again. */
  async refresh(id: string, kind?: ListKind): Promise<void> {
    const catalog = this.servers_.get(id)?.catalog;
    await (kind === undefined ? catalog?.loadAll() : catalog?.refresh(kind));
  }

  /** Forgets the approval of a server's launch and stops the server. */
  async revokeApproval(id: string): Promise<void> {
    const server = this.servers_.get(id);
    if (!server) return;
    await this.approvals.revoke(id, this.context.planner.placeOf(server.definition));
    await server.restart('configChange');
  }

  /** Forgets the values of a server's input variables. */
  async forgetInputs(id: string): Promise<void> {
    const server = this.servers_.get(id);
    if (server) await this.inputs.forget(server.definition, this.context.planner.placeOf(server.definition));
  }

  /** @throws FailureError */
  async describeTool(id: string, name: string): Promise<ToolDefinition> {
    return await this.required(id).request('describeTool', { name });
  }

  /** Calls a tool with exactly these arguments. Never repeated by itself (T127). @throws FailureError */
  async callTool(id: string, name: string, args: JsonObject, options: RunOptions): Promise<ToolCallResult> {
    const server = this.required(id);
    if (!isToolOffered(name, server.definition.entry?.tools ?? { deny: [] }))
      throw new FailureError({ code: 'refused', detail: 'The rules of this server leave this tool out.' });
    return await this.calls.run(
      { serverId: id, kind: 'tool', target: name },
      options,
      (callId, signal) => server.request('callTool', { callId, name, arguments: args }, signal),
      (result) => result.isError,
    );
  }

  /** @throws FailureError */
  async readResource(id: string, uri: string, options: RunOptions): Promise<ReadResourceResult> {
    const server = this.required(id);
    return await this.calls.run({ serverId: id, kind: 'resource', target: uri }, options, (callId, signal) =>
      server.request('readResource', { callId, uri }, signal),
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
    await Promise.all(this.servers().map((server) => server.stop({ kind: 'by-person' })));
  }

  dispose(): void {
    for (const server of this.servers_.values()) server.dispose();
    this.store.dispose();
  }

  private required(id: string): Server {
    const server = this.servers_.get(id);
    if (!server) throw new FailureError({ code: 'refused', detail: 'This server is no longer configured.' });
    return server;
  }

  private onFolders(): void {
    this.reload('configChange');
    for (const server of this.servers_.values())
      if (server.definition.entry?.roots === 'workspace')
        // A server that cannot be told simply keeps what it knows.
        server.request('notifyRootsChanged', undefined).catch(() => undefined);
  }

  private reload(trigger: 'open' | 'configChange'): void {
    const read = this.ports.settings.entries();
    this.settingProblems = read.problems;
    const definitions = readDefinitions(read.entries);
    const wanted = new Set(definitions.map(({ id }) => id));
    for (const [id, server] of this.servers_) if (!wanted.has(id)) this.remove(id, server);
    const before = new Map(this.servers_);
    this.servers_.clear();
    for (const definition of definitions) {
      const known = before.get(definition.id);
      const server = known ?? new Server(definition, this.context, this.listener);
      this.servers_.set(definition.id, server);
      if (!known) void this.startNew(server, trigger);
      else if (changes(known.definition, definition)) this.onRedefined(known, definition);
    }
    this.changed.fire({ kind: 'servers' });
  }

  private async startNew(server: Server, trigger: 'open' | 'configChange'): Promise<void> {
    if (this.opened) await server.start(trigger);
  }

  /** Takes effect at once, except that a running server of a workspace keeps its approved definition until the person acts (T002). */
  private onRedefined(server: Server, definition: ServerDefinition): void {
    this.withdrawApproval(server.id);
    server.redefine(definition);
    if (!isLive(server.state)) void server.start('configChange');
    else if (definition.shadowedBy !== undefined) void server.stop({ kind: 'shadowed' });
    else if (definition.scope.kind === 'user' || !definition.entry) void server.restart('configChange');
    else void this.reviewChange(server, definition);
  }

  private async reviewChange(server: Server, definition: ServerDefinition): Promise<void> {
    const { entry } = definition;
    const plan = entry && (await this.context.planner.plan(definition, entry));
    if (!plan?.ok || server.definition !== definition) return;
    const approval = this.approvals.check(definition.id, plan.value.place, plan.value.fingerprint);
    // The same launch with other limits needs no new approval.
    if (approval === 'approved') await server.restart('configChange');
    else this.requestApproval(definition, plan.value, true);
  }

  private remove(id: string, server: Server): void {
    this.withdrawApproval(id);
    this.context.sampling.forget(id);
    void server.stop({ kind: 'by-person' }).then(() => {
      server.dispose();
      this.ports.logs.remove(id);
    });
  }

  private startAll(trigger: 'open' | 'configChange'): void {
    for (const server of this.servers_.values()) void server.start(trigger);
    this.changed.fire({ kind: 'servers' });
  }

  private readonly listener = {
    onState: (server: Server): void => {
      // A server that has started again knows nothing of what is still open.
      if (server.state.kind === 'running') this.watch.renew(server.id);
      this.changed.fire({ kind: 'state', serverId: server.id });
    },
    onList: (server: Server, list: ListKind): void =>
      this.changed.fire({ kind: 'list', serverId: server.id, list }),
    onResourceUpdated: (server: Server, uri: string): void =>
      this.changed.fire({ kind: 'resource', serverId: server.id, uri }),
  };

  private readonly requestApproval = (
    definition: ServerDefinition,
    plan: LaunchPlan,
    changed: boolean,
  ): void => {
    const { id } = definition;
    if (this.asked.get(id)?.fingerprint === plan.fingerprint) return;
    this.withdrawApproval(id);
    const abort = new AbortController();
    this.asked.set(id, { fingerprint: plan.fingerprint, abort });
    void this.consent
      .ask(
        { serverId: id, serverName: definition.name },
        { kind: 'launch', review: plan.review, changed },
        { signal: abort.signal },
      )
      .then(async (outcome) => {
        if (this.asked.get(id)?.abort === abort) this.asked.delete(id);
        const server = this.servers_.get(id);
        if (outcome.kind === 'deny') await server?.stop({ kind: 'denied' });
        if (outcome.kind !== 'allow-once') return;
        // The approval is for what was shown; if the entry has changed since, starting asks again.
        await this.approvals.approve(id, plan.place, plan.fingerprint);
        await server?.restart('person');
      });
  };

  private withdrawApproval(id: string): void {
    this.asked.get(id)?.abort.abort();
    this.asked.delete(id);
  }

  private makeContext(): BringUpContext {
    const { ports } = this;
    return {
      clock: ports.clock,
      logs: ports.logs,
      workspace: ports.workspace,
      planner: new LaunchPlanner(ports.machine, ports.workspace, ports.editorPolicy, this.inputs),
      approvals: this.approvals,
      clients: ports.clients,
      reaper: ports.reaper,
      sampling: new Sampling(ports.clock, this.calls, this.consent, ports.models, ports.settings),
      clientInfo: ports.clientInfo,
      roots: () => ports.roots(),
      samplingOutsideCalls: ({ scope, entry }) =>
        ports.settings.samplingOutsideCalls ||
        // Only the person's own entry may widen this (T007).
        (scope.kind === 'user' && entry?.sampling.kind === 'ask' && entry.sampling.outsideCalls),
      requestApproval: this.requestApproval,
      onProgress: (serverId, callId, progress) => this.calls.report(serverId, callId, progress),
    };
  }
}

function changes(a: ServerDefinition, b: ServerDefinition): boolean {
  return a.written !== b.written || a.shadowedBy !== b.shadowedBy;
}
