/**
 * The supervisor of one server: owns its state, and follows the latest intent (run or stop) one step at a time, so that starts,
 * stops and changed settings never race. It knows one server; the host knows all of them.
 */

import type { Disposable } from '../base/disposable';
import type { ClientRequests } from '../client/contract';
import { FailureError } from '../protocol/failure';
import type { ConnectedServer, ListKind } from '../protocol/model';
import type { StartTrigger } from '../policy/startDecision';
import { Catalog } from './catalog';
import type { ServerDefinition } from './definitions';
import { bringUp, lossCause, type BringUpContext } from './bringUp';
import type { ConnectionLoss, ServerConnection } from './serverConnection';
import { isLive, type FailureCause, type ServerState, type StopReason } from './serverState';

/** Told of everything that changes. */
export interface ServerListener {
  onState(server: Server): void;
  onList(server: Server, kind: ListKind): void;
  onResourceUpdated(server: Server, uri: string): void;
}

type Intent =
  | { readonly kind: 'run'; readonly trigger: StartTrigger; readonly seq: number }
  | { readonly kind: 'stop'; readonly why: StopReason; readonly seq: number };

export class Server implements Disposable {
  private current: ServerState = { kind: 'stopped', why: { kind: 'idle' } };
  private intent: Intent = { kind: 'stop', why: { kind: 'idle' }, seq: 0 };
  private following: Promise<void> | undefined;
  private attempt = new AbortController();
  private connection: ServerConnection | undefined;
  private lists: Catalog | undefined;
  /** The definition the running process was started from. */
  private startedFrom: ServerDefinition | undefined;
  private disposed = false;

  constructor(
    private latest: ServerDefinition,
    private readonly context: BringUpContext,
    private readonly listener: ServerListener,
  ) {}

  get id(): string {
    return this.latest.id;
  }

  get definition(): ServerDefinition {
    return this.latest;
  }

  get state(): ServerState {
    return this.current;
  }

  /** The lists, while the server runs. */
  get catalog(): Catalog | undefined {
    return this.lists;
  }

  /** True while what runs is not what the settings say now. */
  get runsOldDefinition(): boolean {
    return (
      isLive(this.current) &&
      this.startedFrom !== undefined &&
      this.startedFrom.written !== this.latest.written
    );
  }

  /** Takes a changed entry. What this means for a running server is the host's decision. */
  redefine(definition: ServerDefinition): void {
    this.latest = definition;
    this.listener.onState(this);
  }

  /** Wants the server to run; resolves when the attempt has come to an end, whatever it is. */
  async start(trigger: StartTrigger): Promise<void> {
    await this.follow({ kind: 'run', trigger, seq: this.intent.seq + 1 });
  }

  /** Wants the server to stop. */
  async stop(why: StopReason): Promise<void> {
    this.attempt.abort();
    await this.follow({ kind: 'stop', why, seq: this.intent.seq + 1 });
  }

  /** Stops, then starts with the latest definition. */
  async restart(trigger: StartTrigger): Promise<void> {
    await this.stop({ kind: 'by-person' });
    await this.start(trigger);
  }

  /** Sends a request to the running client. @throws FailureError */
  async request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    if (this.current.kind !== 'running' || !this.connection)
      throw new FailureError({ code: 'refused', detail: 'The server is not running.' });
    return await this.connection.request(name, params, signal);
  }

  /** Ends everything at once; used when there is no time for an orderly stop. */
  dispose(): void {
    this.disposed = true;
    this.attempt.abort();
    this.lists?.dispose();
    this.connection?.kill();
    this.connection = undefined;
  }

  private async follow(intent: Intent): Promise<void> {
    this.intent = intent;
    this.following ??= this.converge().finally(() => (this.following = undefined));
    await this.following;
  }

  /** One step at a time towards the latest intent. */
  private async converge(): Promise<void> {
    for (;;) {
      if (this.disposed) return;
      const { intent } = this;
      if (intent.kind === 'stop') await this.bringDown(intent.why);
      else if (this.current.kind !== 'running') await this.tryToRun(intent.trigger);
      if (this.intent.seq === intent.seq) return;
    }
  }

  private async tryToRun(trigger: StartTrigger): Promise<void> {
    const definition = this.latest;
    this.attempt = new AbortController();
    const { signal } = this.attempt;
    const outcome = await bringUp(this.context, definition, trigger, {
      signal,
      onStarting: (connection) => {
        this.connection = connection;
        this.startedFrom = definition;
        this.set({ kind: 'starting', since: this.context.clock.wall() });
      },
      onLost: (loss, stderr) => this.onLost(loss, stderr),
      onListChanged: (kind) => void this.lists?.refresh(kind),
      onResourceUpdated: (uri) => this.listener.onResourceUpdated(this, uri),
    });
    if (this.disposed) return;
    switch (outcome.kind) {
      case 'stopped':
        return this.set({ kind: 'stopped', why: outcome.why });
      case 'failed':
        await this.connection?.close();
        this.connection = undefined;
        if (!signal.aborted) this.fail(outcome.cause);
        return;
      case 'running':
        return this.onRunning(outcome.connection, outcome.server);
    }
  }

  private onRunning(connection: ServerConnection, server: ConnectedServer): void {
    const pid = connection.processId;
    this.lists = this.makeCatalog(connection, server);
    this.set({
      kind: 'running',
      since: this.context.clock.wall(),
      server,
      ...(pid === undefined ? {} : { pid }),
    });
    void this.lists.loadAll();
  }

  private makeCatalog(connection: ServerConnection, server: ConnectedServer): Catalog {
    return new Catalog(
      server,
      this.startedFrom?.entry?.tools ?? { deny: [] },
      this.context.clock,
      (kind, signal) => connection.request('list', { kind }, signal),
      (kind) => this.listener.onList(this, kind),
    );
  }

  private async bringDown(why: StopReason): Promise<void> {
    const { connection } = this;
    this.dropLists();
    if (connection) {
      this.set({ kind: 'stopping' });
      await connection.close();
      this.connection = undefined;
    }
    this.startedFrom = undefined;
    this.set({ kind: 'stopped', why });
  }

  private onLost(loss: ConnectionLoss, stderr: readonly string[]): void {
    if (this.current.kind !== 'running') return; // While starting, the attempt itself ends with the failure.
    this.dropLists();
    this.connection = undefined;
    this.intent = { kind: 'stop', why: { kind: 'ended-by-itself' }, seq: this.intent.seq + 1 };
    this.fail(lossCause(loss, stderr));
  }

  private fail(cause: FailureCause): void {
    this.set({ kind: 'failed', at: this.context.clock.wall(), cause });
  }

  private dropLists(): void {
    this.lists?.dispose();
    this.lists = undefined;
  }

  private set(state: ServerState): void {
    this.current = state;
    this.listener.onState(this);
  }
}
