/** Everything a person asked of servers: what runs, and what has ended, newest last and bounded. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { refused, toFailure, type Failure } from '../protocol/failure';
import type { Task } from '../protocol/tasks';
import type { Progress } from '../rpc/progressTokens';

/** What kind of request a call is. */
type CallKind = 'tool' | 'resource' | 'prompt' | 'skill';

/** How a call stands. */
type CallState =
  /** `task`: as its server last described the task that it became. */
  | { readonly kind: 'running'; readonly progress?: Progress; readonly task?: Task }
  | { readonly kind: 'done'; readonly ms: number; readonly isError: boolean }
  | { readonly kind: 'failed'; readonly ms: number; readonly failure: Failure };

/** One call. */
export interface Call {
  readonly id: number;
  readonly serverId: string;
  readonly kind: CallKind;
  /** The tool's or prompt's name, or the URI of the resource or skill: raw text of the server. */
  readonly target: string;
  readonly startedAt: number;
  /** The host's own doing, such as reading an open resource again: no call of the person's. */
  readonly background: boolean;
  readonly state: CallState;
}

/** Ended calls that are kept. */
const MAX_ENDED = 200;
/** Calls of the person that run at one server: each may hold a connection, and descriptors belong to the whole process. */
const MAX_RUNNING = 64;

/** How something is asked of a server. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  /** True for what no person asked for: it never entitles a server to ask anything (T138). */
  readonly background?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly onTask?: (task: Task) => void;
}

/** How a resource is read. */
export interface ReadOptions extends RunOptions {
  /** Asks the server also when it said that its last answer may be used again. */
  readonly fresh?: boolean;
}

/** The calls of this window. */
export class Calls implements Disposable {
  private readonly calls = new Map<number, Call>();
  private readonly running = new Map<
    number,
    { readonly abort: AbortController; readonly options: Pick<RunOptions, 'onProgress' | 'onTask'> }
  >();
  private readonly changed = new Emitter<Call>();
  private nextId = 1;

  readonly onDidChange = this.changed.event;

  constructor(private readonly clock: Clock) {}

  /** Running calls of the person to one server, oldest first. */
  runningOf(serverId: string): readonly Call[] {
    return [...this.running.keys()]
      .map((id) => this.calls.get(id))
      .filter((call): call is Call => call?.serverId === serverId && !call.background);
  }

  get(id: number): Call | undefined {
    return this.calls.get(id);
  }

  /** Runs one call and records it. @throws what `work` throws, or a FailureError when too many of the person's run there */
  async run<T>(
    what: { readonly serverId: string; readonly kind: CallKind; readonly target: string },
    options: RunOptions,
    work: (callId: number, signal: AbortSignal) => Promise<T>,
    isError: (result: T) => boolean = () => false,
  ): Promise<T> {
    // Nothing waits in line: behind calls that hang it would look as if it ran, and end with nobody who expects it.
    if (options.background !== true && this.runningOf(what.serverId).length >= MAX_RUNNING)
      throw refused(`${MAX_RUNNING} calls to this server are running. Wait for one of them, or cancel some.`);
    const id = this.nextId++;
    const abort = new AbortController();
    const onAbort = (): void => abort.abort();
    if (options.signal?.aborted) abort.abort();
    options.signal?.addEventListener('abort', onAbort, { once: true });
    this.running.set(id, { abort, options });
    this.record({
      id,
      ...what,
      startedAt: this.clock.wall(),
      background: options.background ?? false,
      state: { kind: 'running' },
    });
    const startedAt = this.clock.monotonic();
    const end = (state: CallState): void => {
      this.running.delete(id);
      options.signal?.removeEventListener('abort', onAbort);
      this.update(id, state);
    };
    try {
      const result = await work(id, abort.signal);
      end({ kind: 'done', ms: this.clock.monotonic() - startedAt, isError: isError(result) });
      return result;
    } catch (error) {
      end({ kind: 'failed', ms: this.clock.monotonic() - startedAt, failure: toFailure(error) });
      throw error;
    }
  }

  /** Takes a progress report of a server; reports for ended calls are ignored. */
  report(serverId: string, callId: number, progress: Progress): void {
    const call = this.calls.get(callId);
    if (call?.serverId !== serverId || call.state.kind !== 'running') return;
    this.update(callId, { ...call.state, progress });
    this.running.get(callId)?.options.onProgress?.(progress);
  }

  /** Takes what is known of the task that a running call became. */
  reportTask(callId: number, task: Task): void {
    const state = this.calls.get(callId)?.state;
    if (state?.kind !== 'running') return;
    this.update(callId, { ...state, task });
    this.running.get(callId)?.options.onTask?.(task);
  }

  /** Cancels a running call. */
  cancel(callId: number): void {
    this.running.get(callId)?.abort.abort();
  }

  dispose(): void {
    for (const { abort } of this.running.values()) abort.abort();
    this.changed.dispose();
  }

  private update(id: number, state: CallState): void {
    const call = this.calls.get(id);
    if (call) this.record({ ...call, state });
  }

  private record(call: Call): void {
    this.calls.set(call.id, call);
    const ended = this.calls.size - this.running.size - MAX_ENDED;
    if (ended > 0)
      for (const [id, old] of this.calls)
        if (old.state.kind !== 'running') {
          this.calls.delete(id);
          break;
        }
    this.changed.fire(call);
  }
}
