/**
 * The tasks of this window: which calls go on as tasks, how they stand, what came of them, and those of an earlier window that may
 * still be waited for. A task is shown under its server until the person has seen its end.
 */

import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { ErrorCode } from '../protocol/errorCodes';
import { isBusy, refused, toFailure, type Failure } from '../protocol/failure';
import type { ToolCallResult } from '../protocol/content';
import { isTerminal, type Task } from '../protocol/tasks';
import { isToolOffered } from '../policy/toolRules';
import type { Calls, RunOptions } from './calls';
import type { HostPorts } from './ports';
import { resultChars } from './resultSize';
import type { Server } from './server';
import { loadTasks, saveTasks, type StoredTask } from './storedTasks';

/** How a task stands for this host. */
export type TaskState =
  /** A call waits for it. */
  | { readonly kind: 'running'; readonly callId: number }
  /** It goes on as far as is known, but nobody waits for it; `failure` tells why when that was in this window. */
  | { readonly kind: 'left'; readonly failure?: Failure }
  /** `result` is absent when there was no room left for it. */
  | {
      readonly kind: 'done';
      readonly ms: number;
      readonly isError: boolean;
      readonly result?: ToolCallResult;
    }
  | { readonly kind: 'failed'; readonly ms: number; readonly failure: Failure };

/** One task. */
export interface TaskEntry extends StoredTask {
  /** Names it in this window. */
  readonly key: number;
  /** As its server last described it. */
  readonly task?: Task;
  readonly state: TaskState;
}

/** Tasks of which the end is still shown. */
const MAX_ENDED = 50;
/** Characters of all results that are kept together. */
const MAX_RESULT_CHARS = 16_777_216;

/** What tasks need from outside the host. */
type TaskPorts = Pick<HostPorts, 'clock' | 'memory' | 'machine' | 'log'>;

export class HostTasks implements Disposable {
  /** By key: oldest first. */
  private readonly entries = new Map<number, TaskEntry>();
  private readonly byCall = new Map<number, number>();
  private readonly changed = new Emitter<string>();
  private nextKey = 1;
  private disposed = false;

  /** Fires with the id of the server whose tasks changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly ports: TaskPorts,
    private readonly calls: Calls,
    private readonly server: (id: string) => Server | undefined,
  ) {
    for (const stored of loadTasks(ports.memory, ports.clock.wall()).toReversed())
      this.put({ ...stored, key: this.nextKey++, state: { kind: 'left' } });
  }

  /** The tasks of one server, newest first. */
  of(serverId: string): readonly TaskEntry[] {
    return [...this.entries.values()]
      .filter((entry) => entry.serverId === serverId && this.isShown(entry))
      .reverse();
  }

  get(key: number): TaskEntry | undefined {
    const entry = this.entries.get(key);
    return entry && this.isShown(entry) ? entry : undefined;
  }

  /** Takes what a client tells of the task of a running call. */
  report(serverId: string, callId: number, task: Task): void {
    const call = this.calls.get(callId);
    if (call?.serverId !== serverId || call.state.kind !== 'running') return;
    const key = this.byCall.get(callId);
    const known = key === undefined ? undefined : this.entries.get(key);
    if (!known) this.dropLeft(serverId, task.id);
    const entry: TaskEntry = {
      ...(known ?? {
        key: this.nextKey++,
        serverId,
        stamp: this.stampOf(serverId),
        tool: call.target,
        id: task.id,
        startedAt: call.startedAt,
      }),
      ...(task.ttl === undefined ? {} : { ttl: task.ttl }),
      task,
      state: { kind: 'running', callId },
    };
    this.byCall.set(callId, entry.key);
    this.put(entry);
    if (!known) this.save();
    this.calls.reportTask(callId, task);
  }

  /** A running call has told how far it is, which the row of its task says: the next look at the task may be minutes away. */
  progressed(serverId: string, callId: number): void {
    const key = this.byCall.get(callId);
    const entry = key === undefined ? undefined : this.entries.get(key);
    if (entry?.serverId === serverId) this.changed.fire(serverId);
  }

  /** Records what comes of a call, if it becomes a task on its way. @throws what `work` throws */
  async track(callId: number, work: Promise<ToolCallResult>): Promise<ToolCallResult> {
    try {
      const result = await work;
      this.end(callId, (ms) => ({ kind: 'done', ms, isError: result.isError, result }));
      return result;
    } catch (error) {
      const failure = toFailure(error);
      this.end(callId, (ms, task) =>
        mayGoOn(failure, task) ? { kind: 'left', failure } : { kind: 'failed', ms, failure },
      );
      throw error;
    }
  }

  /** Waits for a task that was left, as for any call. @throws FailureError */
  async resume(key: number, options: RunOptions): Promise<ToolCallResult> {
    const { entry, server } = this.left(key);
    if (!isToolOffered(entry.tool, server.toolRules))
      throw refused('The rules of this server leave this tool out.');
    return await this.calls.run(
      { serverId: entry.serverId, kind: 'tool', target: entry.tool },
      options,
      async (callId, signal) => {
        this.byCall.set(callId, key);
        this.put({ ...entry, state: { kind: 'running', callId } });
        return await this.track(callId, server.request('resumeTask', { callId, taskId: entry.id }, signal));
      },
      (result) => result.isError,
    );
  }

  /** Asks the server to end a task. @throws FailureError when nobody waits for it and the server does not take it. */
  async cancel(key: number): Promise<void> {
    const entry = this.get(key);
    if (entry?.state.kind === 'running') return this.calls.cancel(entry.state.callId);
    if (entry?.state.kind !== 'left') return;
    await this.left(key).server.request('cancelTask', { taskId: entry.id });
    this.finish(entry, { kind: 'failed', ms: this.lasted(entry), failure: { code: 'cancelled' } });
  }

  /** Forgets a task that is not running. */
  dismiss(key: number): void {
    const entry = this.entries.get(key);
    if (!entry || entry.state.kind === 'running') return;
    this.entries.delete(key);
    this.save();
    this.changed.fire(entry.serverId);
  }

  dispose(): void {
    // What still runs is cut off by the end of the window: that is no reason to forget it.
    this.disposed = true;
    this.changed.dispose();
  }

  private left(key: number): { readonly entry: TaskEntry; readonly server: Server } {
    const entry = this.get(key);
    const server = entry && this.server(entry.serverId);
    if (entry?.state.kind !== 'left' || !server) throw refused('This task is over or waited for already.');
    if (server.state.kind !== 'running')
      throw refused('The server of this task is not running. Start it first.');
    return { entry, server };
  }

  /** A task of another definition of the server is not this server's. */
  private isShown({ state, serverId, stamp }: TaskEntry): boolean {
    return state.kind !== 'left' || (stamp !== '' && stamp === this.stampOf(serverId));
  }

  /** A server that gives an id to a new task no longer knows an earlier one by it. */
  private dropLeft(serverId: string, id: string): void {
    for (const [key, entry] of this.entries)
      if (entry.serverId === serverId && entry.id === id && entry.state.kind === 'left')
        this.entries.delete(key);
  }

  private end(callId: number, stateAfter: (ms: number, task: Task | undefined) => TaskState): void {
    const key = this.byCall.get(callId);
    this.byCall.delete(callId);
    const entry = key === undefined ? undefined : this.entries.get(key);
    if (entry) this.finish(entry, stateAfter(this.lasted(entry), entry.task));
  }

  private finish(entry: TaskEntry, state: TaskState): void {
    // The newest end goes last, so that the oldest one gives way.
    this.entries.delete(entry.key);
    this.put({ ...entry, state });
    this.makeRoom();
    this.save();
  }

  private makeRoom(): void {
    const ended = [...this.entries.values()].filter(({ state }) => isEnded(state)).reverse();
    for (const { key } of ended.slice(MAX_ENDED)) this.entries.delete(key);
    let chars = 0;
    for (const entry of ended.slice(0, MAX_ENDED)) {
      if (entry.state.kind !== 'done' || !entry.state.result) continue;
      chars += resultChars(entry.state.result);
      const { result: _, ...without } = entry.state;
      if (chars > MAX_RESULT_CHARS) this.entries.set(entry.key, { ...entry, state: without });
    }
  }

  private put(entry: TaskEntry): void {
    this.entries.set(entry.key, entry);
    this.changed.fire(entry.serverId);
  }

  /** Only what may go on is kept beyond this window. */
  private save(): void {
    if (this.disposed) return;
    const open = [...this.entries.values()].filter(({ state }) => !isEnded(state)).reverse();
    const stored = open.map(({ serverId, stamp, tool, id, startedAt, ttl }) => ({
      ...{ serverId, stamp, tool, id, startedAt },
      ...(ttl === undefined ? {} : { ttl }),
    }));
    saveTasks(this.ports.memory, stored).catch(() =>
      this.ports.log.warn('Running tasks could not be kept for the next window.'),
    );
  }

  private stampOf(serverId: string): string {
    const server = this.server(serverId);
    // What runs is no longer what is written down, so nobody could tell later whose task it was.
    if (!server || server.runsOldDefinition) return '';
    return this.ports.machine.sha256(server.definition.written);
  }

  private lasted({ startedAt }: TaskEntry): number {
    return Math.max(0, this.ports.clock.wall() - startedAt);
  }
}

function isEnded(state: TaskState): boolean {
  return state.kind === 'done' || state.kind === 'failed';
}

/** True for a failure that says nothing of the task itself: only looking at it failed (TASKX7). */
function mayGoOn(failure: Failure, task: Task | undefined): boolean {
  switch (failure.code) {
    case 'authorization':
    case 'redirected':
    case 'connection-closed':
    case 'network':
    case 'http-error':
    case 'answer-lost':
    case 'session-lost':
    case 'timeout':
      return true;
    case 'server-error':
      // An error of the task itself is told when the task is said to be over, and a server without the method knows no tasks.
      if (task && !isTerminal(task) && failure.rpcCode !== ErrorCode.methodNotFound) return true;
      return isBusy(failure);
    default:
      return false;
  }
}
