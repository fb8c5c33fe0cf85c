/**
 * The servers of this window, kept in step with the settings: what is new starts, what changed changes, what is gone ends. It decides
 * what a change means for a running server; whether a launch may start is not decided here.
 */

import type { Disposable } from '../base/disposable';
import type { StartTrigger } from '../policy/startDecision';
import type { EntryScope, ServerEntry } from '../policy/serverEntry';
import type { BringUpContext } from './bringUp';
import { readDefinitions, type ServerDefinition } from './definitions';
import type { LaunchConsent } from './launchConsent';
import type { LaunchPlan } from './launchPlan';
import type { HostPorts, RawEntry } from './ports';
import { Server } from './server';
import type { ServerListener } from './serverListener';
import { isLive } from './serverState';

/** A whole scope of `mcpHost.servers`, or a part of it, that is not used. */
export interface ScopeProblem {
  readonly scope: EntryScope;
  readonly message: string;
}

export class ServerRegistry implements Disposable {
  /** By id, in the order of their definitions. */
  private byId: ReadonlyMap<string, Server> = new Map();
  /** Servers that are no longer configured, until nothing of them is left. */
  private readonly leaving = new Set<Server>();
  private scopeProblems: readonly ScopeProblem[] = [];
  /** What was read last, for scopes that cannot be read now. */
  private entries: readonly RawEntry[] = [];
  /** The editor's own rules as they were read last. */
  private policy = '';
  private phase: 'new' | 'open' | 'closed' = 'new';

  constructor(
    private readonly ports: Pick<HostPorts, 'settings' | 'editorPolicy' | 'logs' | 'log'>,
    private readonly context: BringUpContext,
    private readonly launchConsent: LaunchConsent,
    private readonly listener: ServerListener<Server>,
    /** Called when servers came, went or changed places. */
    private readonly onChange: () => void,
  ) {}

  /** In the order of their definitions. */
  all(): readonly Server[] {
    return [...this.byId.values()];
  }

  get(id: string): Server | undefined {
    return this.byId.get(id);
  }

  get problems(): readonly ScopeProblem[] {
    return this.scopeProblems;
  }

  /** Reads the settings for the first time, and starts what starts by itself. */
  open(): void {
    if (this.phase === 'new') this.phase = 'open';
    this.read('open');
  }

  /** Reads the settings again. */
  reload(): void {
    const before = this.policy;
    this.read('configChange');
    if (!this.ports.settings.restartAfterCrash) for (const server of this.all()) server.giveUpRestart();
    if (before !== this.policy) for (const server of this.all()) void this.applyPolicy(server);
  }

  /** Starts what may start, after the workspace was trusted. */
  startAll(): void {
    if (this.phase !== 'open') return;
    for (const server of this.byId.values()) void server.start('open');
    this.onChange();
  }

  /** Asks again about changed entries of running servers, those that were denied included. */
  async reviewChanges(): Promise<void> {
    // The person's own entries need no approval: a changed one is on its way already.
    const changed = this.all().filter(
      ({ runsOldDefinition, definition }) => runsOldDefinition && definition.scope.kind !== 'user',
    );
    await Promise.all(
      changed.map(async (server) => {
        const { definition } = server;
        if (definition.entry) await this.review(server, definition, definition.entry);
      }),
    );
  }

  /** No to a change leaves alone what was approved before and runs. */
  deny(id: string): void {
    const server = this.byId.get(id);
    const keeps = server?.state.kind === 'running' || server?.state.kind === 'starting';
    if (!keeps) void server?.stop({ kind: 'denied' });
  }

  /** Ends all servers for good, all at once. */
  async close(): Promise<void> {
    this.phase = 'closed';
    await Promise.all([...this.byId.values(), ...this.leaving].map((server) => server.retire()));
  }

  dispose(): void {
    this.phase = 'closed';
    for (const server of [...this.byId.values(), ...this.leaving]) server.dispose();
  }

  private read(trigger: StartTrigger): void {
    if (this.phase !== 'open') return;
    if (this.context.workspace.isTrusted) this.policy = JSON.stringify(this.ports.editorPolicy.read());
    const read = this.ports.settings.entries();
    // A scope that cannot be read, perhaps because it is being written, keeps what it had (T012).
    const kept = this.entries.filter(({ scope }) =>
      read.problems.some((problem) => placeOf(problem.scope) === placeOf(scope)),
    );
    this.entries = [...read.entries, ...kept];
    const { definitions, problems } = readDefinitions(this.entries);
    this.scopeProblems = [...read.problems, ...problems];
    const before = this.byId;
    this.byId = new Map(definitions.map((one) => [one.id, before.get(one.id) ?? this.makeServer(one)]));
    // Only now that the list is whole: whoever is told of the following must not see half of it.
    for (const server of before.values()) if (!this.byId.has(server.id)) this.remove(server);
    for (const definition of definitions) {
      const server = this.byId.get(definition.id);
      if (!before.has(definition.id)) void server?.start(trigger);
      else if (server && changes(server.definition, definition)) this.redefine(server, definition);
    }
    this.onChange();
  }

  /** A server whose entry comes back starts when nothing is left of the one before: there are never two of it (T037). */
  private makeServer(definition: ServerDefinition): Server {
    const predecessor = [...this.leaving].findLast(({ id }) => id === definition.id);
    return new Server(definition, this.context, this.listener, predecessor?.retire());
  }

  /** Takes effect at once, except that a running server of a workspace keeps its approved definition until the person acts (T002). */
  private redefine(server: Server, definition: ServerDefinition): void {
    this.launchConsent.withdraw(server.id);
    server.redefine(definition);
    // What is only being prepared begins again by itself; what the person stopped stays so.
    if (server.isPreparing || server.isHeldByPerson) return;
    if (!isLive(server.state)) void server.start('configChange');
    else if (definition.shadowedBy !== undefined) void server.stop({ kind: 'shadowed' });
    else if (definition.scope.kind === 'user' || !definition.entry) void server.renew();
    else void this.review(server, definition, definition.entry);
  }

  /** What the editor's own rules forbid now ends; what they forbade until now may start. */
  private async applyPolicy(server: Server): Promise<void> {
    const { definition, state } = server;
    if (state.kind === 'stopped' && state.why.kind === 'policy') return await server.start('configChange');
    if (!isLive(state) || !definition.entry) return;
    const plan = await this.plan(definition, definition.entry);
    if (plan?.access.kind !== 'denied' || server.definition !== definition || !isLive(server.state)) return;
    await server.stop({ kind: 'policy', reason: plan.access.reason });
  }

  private async review(server: Server, definition: ServerDefinition, entry: ServerEntry): Promise<void> {
    const plan = await this.plan(definition, entry);
    // Meanwhile it may have been removed, changed again, stopped, or ended by itself.
    if (!plan || server.definition !== definition || server.isHeldByPerson) return;
    if (!isLive(server.state)) return await server.restart('configChange');
    const approval = this.context.approvals.check(definition.id, plan.place, plan.fingerprint);
    // The same launch with other limits needs no new approval.
    if (approval === 'approved') await server.renew();
    else this.launchConsent.request(definition, plan, true);
  }

  /** A plan, or undefined when there is none: what runs then goes on, and a restart tells what is wrong. */
  private async plan(definition: ServerDefinition, entry: ServerEntry): Promise<LaunchPlan | undefined> {
    try {
      const plan = await this.context.planner.plan(definition, entry);
      return plan.ok ? plan.value : undefined;
    } catch {
      // The reason comes from the system and may name paths.
      this.ports.log.warn('A changed entry could not be looked at.');
      return undefined;
    }
  }

  private remove(server: Server): void {
    const { id } = server;
    this.launchConsent.withdraw(id);
    this.leaving.add(server);
    void server.retire().then(() => {
      this.leaving.delete(server);
      server.dispose();
      if (!this.byId.has(id)) this.ports.logs.remove(id);
    });
  }
}

function placeOf(scope: EntryScope): string {
  return scope.kind === 'folder' ? scope.uri : scope.kind;
}

function changes(a: ServerDefinition, b: ServerDefinition): boolean {
  return a.written !== b.written || a.shadowedBy !== b.shadowedBy;
}
