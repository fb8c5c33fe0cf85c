/**
 * The supervisor of one server: owns its state, and follows the latest intent (run or stop) one step at a time, so that starts,
 * stops and changed settings never race. It knows one server; the host knows all of them.
 */

import type { Disposable } from '../base/disposable';
import type { AfterCrash } from '../policy/crashRestart';
import type { ToolRules } from '../policy/serverEntry';
import type { StartTrigger } from '../policy/startDecision';
import type { Catalog } from './catalog';
import { lossCause, type AttemptOutcome } from './attemptOutcome';
import type { ServerDefinition } from './definitions';
import { bringUp, type BringUpContext } from './bringUp';
import { CrashRestarts } from './crashRestarts';
import type { ConnectionLoss } from './serverConnection';
import type { SharedFolders } from './roots';
import { joins, type Intent } from './serverIntent';
import type { ServerListener } from './serverListener';
import { ServerRun } from './serverRun';
import type { AwaitedSignIn } from './signIns';
import {
  isLive,
  isSameStop,
  runningState,
  withNews,
  type FailureCause,
  type ServerState,
  type LastWords,
  type RunningNews,
  type StopReason,
} from './serverState';

export class Server implements Disposable {
  private current: ServerState = { kind: 'stopped', why: { kind: 'idle' } };
  private intent: Intent = { kind: 'stop', why: { kind: 'idle' }, seq: 0 };
  /** What runs must end before the intent is followed: somebody wants a new process. */
  private renewing = false;
  private converging = false;
  private following: Promise<void> = Promise.resolve();
  private attempt = new AbortController();
  private readonly run: ServerRun;
  private retirement: Promise<void> | undefined;
  private readonly restarts: CrashRestarts;
  private disposed = false;

  /** @param predecessor resolves when nothing is left of an earlier server of the same identity. */
  constructor(
    private latest: ServerDefinition,
    private readonly context: BringUpContext,
    private readonly listener: ServerListener<Server>,
    private predecessor?: Promise<void>,
  ) {
    this.restarts = new CrashRestarts(latest.id, context, () => void this.start('restartAfterCrash'));
    this.run = new ServerRun(context.clock, (kind, isSame) => listener.onList(this, kind, isSame));
  }

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
    return this.run.catalog;
  }

  /** The rules of the definition that runs, which a changed entry does not loosen before it is used. */
  get toolRules(): ToolRules {
    return this.run.toolRules;
  }

  /** True while a process of the server may exist. */
  get isLive(): boolean {
    return isLive(this.current);
  }

  /** True while what runs is not what the settings say now. */
  get runsOldDefinition(): boolean {
    return isLive(this.current) && this.run.isOther(this.latest);
  }

  /** True while an attempt is being decided, approved or resolved: no process exists yet. */
  get isPreparing(): boolean {
    return this.converging && this.intent.kind === 'run' && !isLive(this.current);
  }

  /** What a person is expected to do before it goes on. */
  get awaitedSignIn(): AwaitedSignIn | undefined {
    return this.context.signIns.awaited(this.id);
  }

  /** What it may know of the workspace while it runs; undefined where it never may. */
  get sharedFolders(): SharedFolders | undefined {
    return this.context.roots.sharedWith(this.id);
  }

  /** True while it is to be started again after a crash. */
  get awaitsRestart(): boolean {
    return this.current.kind === 'failed' && this.current.next?.kind === 'restart';
  }

  /** True while it is meant to run, whether it does or not. */
  get isWanted(): boolean {
    return this.intent.kind === 'run';
  }

  /** True when the person stopped it and nobody has started it since. */
  get isHeldByPerson(): boolean {
    return this.intent.kind === 'stop' && this.intent.why.kind === 'by-person';
  }

  /**
   * Takes a changed entry. What this means for a running server is the host's decision; an attempt that has not started anything
   * yet begins again with what the entry says now.
   */
  redefine(definition: ServerDefinition): void {
    this.latest = definition;
    this.restarts.forget();
    if (!this.isPreparing) return;
    this.attempt.abort();
    void this.follow({ ...this.intent, seq: this.intent.seq + 1 });
  }

  /**
   * Wants the server to run; resolves when the attempt has come to an end, whatever it is. An attempt that is under way is joined,
   * unless the trigger may start what the attempt's own may not.
   */
  async start(trigger: StartTrigger): Promise<void> {
    if (trigger === 'person') this.restarts.forget();
    const { intent } = this;
    const joined =
      this.converging && (joins(trigger, intent) || (this.isWanted && this.current.kind === 'starting'));
    await (joined ? this.following : this.follow({ kind: 'run', trigger, seq: intent.seq + 1 }));
  }

  /** Wants the server to stop. */
  async stop(why: StopReason): Promise<void> {
    this.attempt.abort();
    await this.follow({ kind: 'stop', why, seq: this.intent.seq + 1 });
  }

  /** Ends what runs, then starts with the latest definition; a stop that comes later wins. */
  async restart(trigger: StartTrigger): Promise<void> {
    if (trigger === 'person') this.restarts.forget();
    this.renewing = true;
    this.attempt.abort();
    await this.follow({ kind: 'run', trigger, seq: this.intent.seq + 1 });
  }

  /** As {@link restart}, for the reason it runs for now. */
  async renew(): Promise<void> {
    await this.restart(this.intent.kind === 'run' ? this.intent.trigger : 'configChange');
  }

  /** Stops for good: whatever is still on its way cannot start it again. */
  retire(): Promise<void> {
    this.retirement ??= this.stop({ kind: 'by-person' });
    return this.retirement;
  }

  /** Leaves it as it is after a crash, if it was to be started again. */
  giveUpRestart(): void {
    const { current } = this;
    if (current.kind !== 'failed' || current.next?.kind !== 'restart') return;
    this.restarts.cancel();
    const { next: _, ...rest } = current;
    this.set(rest);
  }

  /** Sends a request to the running client. @throws FailureError */
  readonly request: ServerRun['request'] = (name, params, signal) => this.run.request(name, params, signal);

  /** Ends everything at once; used when there is no time for an orderly stop. */
  dispose(): void {
    this.disposed = true;
    this.restarts.cancel();
    this.attempt.abort();
    this.run.dispose();
  }

  private follow(intent: Intent): Promise<void> {
    if (this.retirement && intent.kind === 'run') return this.retirement;
    // Whatever is wanted now, it is not that any more.
    this.restarts.cancel();
    this.intent = intent;
    if (!this.converging) {
      this.converging = true;
      this.following = this.converge();
    }
    return this.following;
  }

  /** One step at a time towards the latest intent. */
  private async converge(): Promise<void> {
    try {
      if (this.predecessor) await this.predecessor;
      this.predecessor = undefined;
      for (;;) {
        if (this.disposed) return;
        const { intent } = this;
        if (intent.kind === 'stop') await this.bringDown(intent.why);
        else if (this.renewing) await this.bringDown({ kind: 'idle' });
        // What was lost is still being ended; nothing is started beside it.
        else if (this.current.kind !== 'running') await this.endConnection();
        if (this.intent.seq !== intent.seq) continue;
        if (intent.kind === 'run' && this.current.kind !== 'running') await this.tryToRun(intent.trigger);
        if (this.intent.seq === intent.seq) return;
      }
    } finally {
      // In the same turn as the last look at the intent, or one that comes in between would be followed by nobody.
      this.converging = false;
    }
  }

  private async tryToRun(trigger: StartTrigger): Promise<void> {
    const definition = this.latest;
    this.attempt = new AbortController();
    const { signal } = this.attempt;
    const outcome = await bringUp(this.context, definition, trigger, {
      signal,
      onStarting: (connection) => {
        this.run.begin(connection, definition);
        this.set({ kind: 'starting' });
      },
      onLost: (loss, stderr) => this.onLost(loss, stderr),
      onListChanged: (kind) => void this.run.catalog?.refresh(kind),
      onResourceUpdated: (uri) => this.listener.onResourceUpdated(this, uri),
      onNews: (news) => this.onNews(news),
      onSignedOut: () => void this.stop({ kind: 'sign-in' }),
    });
    if (this.disposed) return;
    if (signal.aborted) return await this.endConnection();
    switch (outcome.kind) {
      case 'stopped':
        return this.set({ kind: 'stopped', why: outcome.why });
      case 'failed':
        await this.run.close();
        // Stopped while it was being ended.
        if (!this.attempt.signal.aborted)
          this.fail(outcome.cause, this.restarts.afterFailedStart(outcome.cause, definition.entry, trigger));
        return;
      case 'running':
        return this.onRunning(outcome);
    }
  }

  private onRunning({ connection, server, account }: Extract<AttemptOutcome, { kind: 'running' }>): void {
    const lists = this.run.ready(connection, server);
    this.restarts.began();
    this.set(runningState(server, connection.processId, account));
    void lists.loadAll();
  }

  private onNews(news: RunningNews): void {
    if (this.current.kind !== 'running') return;
    this.set(withNews(this.current, news));
    if (news.account) this.run.renewLists();
  }

  private async bringDown(why: StopReason): Promise<void> {
    await this.endConnection();
    this.renewing = false;
    this.set({ kind: 'stopped', why });
  }

  private async endConnection(): Promise<void> {
    this.run.unready();
    if (this.run.exists && isLive(this.current)) this.set({ kind: 'stopping' });
    await this.run.close();
  }

  private onLost(loss: ConnectionLoss, words: LastWords): void {
    if (this.current.kind !== 'running') return; // While starting, the attempt itself ends with the failure.
    this.run.unready();
    const cause = lossCause(loss, words);
    // Somebody may have wanted something else in this very moment; that is followed next.
    if (this.converging) return this.fail(cause);
    this.intent = { kind: 'stop', why: { kind: 'ended-by-itself' }, seq: this.intent.seq + 1 };
    this.fail(cause, this.restarts.afterLoss(cause, this.run.entry));
  }

  private fail(cause: FailureCause, next?: AfterCrash): void {
    this.set({ kind: 'failed', cause, ...(next ? { next } : {}) });
  }

  private set(state: ServerState): void {
    const same = isSameStop(this.current, state);
    this.current = state;
    // Whoever asks a server to start whenever it tells of a stop would otherwise do so for ever.
    if (!same && !this.disposed) this.listener.onState(this);
  }
}
