/**
 * The restarts of one server that crashed, or whose stream was cut: tells that from other ends, remembers it, over reloads of the window too,
 * and waits. Whether the server may start when its time has come is not decided here.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { isObject, own, type JsonValue } from '../base/json';
import {
  decideAfterCrash,
  decideAfterCut,
  recentCrashes,
  type AfterCrash,
  type Crash,
} from '../policy/crashRestart';
import { comesBack, type StartTrigger } from '../policy/startDecision';
import type { ServerEntry } from '../policy/serverEntry';
import { isCrash, isCutOff } from './attemptOutcome';
import type { StatePort } from './ports';
import type { FailureCause } from './serverState';

/** What all servers share of this. */
export interface RestartContext {
  readonly clock: Clock;
  /** Of this workspace. */
  readonly memory: StatePort;
  /** Whether the person wants crashed servers to be started again. */
  readonly restartsAfterCrash: () => boolean;
}

/** A remote server whose stream lasted this long, in milliseconds, was worth connecting to: what cuts streams that say nothing is no crash loop. */
const LASTING_MS = 30_000;

/** Ends with the version of the record. */
const KEY = 'crashes/1';
const MAX_SERVERS = 100;

export class CrashRestarts {
  private timer: Disposable | undefined;
  /** By the monotonic clock. */
  private runningSince = 0;
  /** Not read again: what cannot be stored counts all the same. */
  private known: readonly Crash[] | undefined;

  /** @param restart is called when the time has come. */
  constructor(
    private readonly serverId: string,
    private readonly context: RestartContext,
    private readonly restart: () => void,
  ) {}

  /** The server is ready. */
  began(): void {
    this.runningSince = this.context.clock.monotonic();
  }

  /** What follows the end of a server that was ready: undefined for one that is left alone. */
  afterLoss(cause: FailureCause, entry: ServerEntry | undefined): AfterCrash | undefined {
    // A remote one that says nothing any more is the person's to start; a stream that ended is opened again.
    const isSilent = cause.kind === 'failure' && cause.failure.code !== 'connection-closed';
    if (entry?.launch.kind === 'remote' && isSilent) return undefined;
    return this.after(cause, entry, this.context.clock.monotonic() - this.runningSince);
  }

  /** One that has never been ready is not started again and again; one that was, and now cannot come up, is. */
  afterFailedStart(
    cause: FailureCause,
    entry: ServerEntry | undefined,
    trigger: StartTrigger,
  ): AfterCrash | undefined {
    if (trigger !== 'restartAfterCrash' || !this.hasCrashed) return undefined;
    return this.after(cause, entry, 0);
  }

  /** True when it has crashed lately and nobody has started it anew since. */
  private get hasCrashed(): boolean {
    return this.crashes().length > 0;
  }

  private after(cause: FailureCause, entry: ServerEntry | undefined, ranMs: number): AfterCrash | undefined {
    if (!entry || !comesBack(entry.start)) return undefined;
    const isRemote = entry.launch.kind === 'remote';
    return (isRemote ? isCutOff : isCrash)(cause) ? this.crashed(ranMs, isRemote) : undefined;
  }

  /**
   * Counts a crash, and sets the time of the restart.
   * @param ranMs how long the server had been running
   * @returns undefined when the person does not want restarts
   */
  private crashed(ranMs: number, isRemote: boolean): AfterCrash | undefined {
    this.cancel();
    const { clock, restartsAfterCrash } = this.context;
    if (!restartsAfterCrash()) return undefined;
    const now = clock.wall();
    const before = isRemote && ranMs >= LASTING_MS ? [] : this.crashes();
    const crashes = recentCrashes([...before, { at: now, ranMs }], now);
    this.store(crashes);
    const next = (isRemote ? decideAfterCut : decideAfterCrash)(crashes, Math.random());
    if (next.kind === 'restart')
      this.timer = clock.schedule(next.inMs, () => {
        this.timer = undefined;
        this.restart();
      });
    return next;
  }

  /** Does not start it again after all. */
  cancel(): void {
    this.timer?.dispose();
    this.timer = undefined;
  }

  /** The person starts it, or its entry is another: what was before does not count any more. */
  forget(): void {
    if (this.hasCrashed) this.store([]);
  }

  private crashes(): readonly Crash[] {
    this.known ??= this.load();
    return recentCrashes(this.known, this.context.clock.wall());
  }

  private load(): readonly Crash[] {
    const stored = this.context.memory.get(KEY);
    const mine = isObject(stored) ? own(stored, this.serverId) : undefined;
    return Array.isArray(mine) ? (mine as readonly JsonValue[]).flatMap((each) => readCrash(each) ?? []) : [];
  }

  private store(crashes: readonly Crash[]): void {
    this.known = crashes;
    const { memory } = this.context;
    const stored = memory.get(KEY);
    const all = new Map(isObject(stored) ? Object.entries(stored) : []);
    all.delete(this.serverId);
    if (crashes.length > 0)
      all.set(
        this.serverId,
        crashes.map(({ at, ranMs }) => ({ at, ranMs })),
      );
    for (const oldest of all.keys()) {
      if (all.size <= MAX_SERVERS) break;
      all.delete(oldest);
    }
    // Without it only a reload of the window begins to count anew.
    memory.set(KEY, Object.fromEntries(all)).catch(() => undefined);
  }
}

function readCrash(stored: JsonValue): Crash | undefined {
  if (!isObject(stored)) return undefined;
  const at = own(stored, 'at');
  const ranMs = own(stored, 'ranMs');
  return typeof at === 'number' && typeof ranMs === 'number' ? { at, ranMs } : undefined;
}
