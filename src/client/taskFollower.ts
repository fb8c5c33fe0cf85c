/**
 * Follows one task to its end: looks at it as often as its server asks, within bounds, serves what it waits for, and gives up when it
 * lasts beyond all bounds. It tells an era by its wire form only.
 */

import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { JsonObject } from '../base/json';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import { isTerminal, type Task } from '../protocol/tasks';
import type { TaskLook, TaskWire } from './taskForms';

/** Milliseconds between two looks, whatever the server wants. */
const SHORTEST_MS = 500;
const LONGEST_MS = 60_000;
const DEFAULT_MS = 1_000;
/** No task is followed longer, in milliseconds. */
const LONGEST_TASK_MS = 86_400_000;
/** Looks in a row that may be lost on the way: a task outlives a broken connection. */
const MAX_MISSES = 3;

export interface FollowOptions {
  readonly clock: Clock;
  /** Milliseconds for which a task is followed even when its server claims to keep it for less. */
  readonly leastMs: number;
  readonly signal: AbortSignal;
  readonly onTask: (task: Task) => void;
}

export class TaskFollower {
  private readonly stop = new AbortController();
  private readonly over = new Deferred<JsonObject>();
  private wake: (() => void) | undefined;
  private lookedAt: number;
  private misses = 0;

  /** @param task as it was first described. */
  constructor(
    private task: Task,
    private readonly wire: TaskWire,
    private readonly options: FollowOptions,
  ) {
    this.lookedAt = options.clock.monotonic();
  }

  /**
   * @param isNew false for a task of which nothing but the id is known: it is looked at before anything else.
   * @throws FailureError `task-ended` for a task without a result, `cancelled`, or why it cannot be followed.
   */
  async run(isNew: boolean): Promise<JsonObject> {
    const { clock, signal, leastMs } = this.options;
    const bound = Math.min(LONGEST_TASK_MS, Math.max(leastMs, this.task.ttl ?? LONGEST_TASK_MS));
    const deadline = clock.schedule(bound, () => this.end({ code: 'task-ended', reason: 'too-long' }));
    const onAbort = (): void => this.end({ code: 'cancelled' });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void this.follow(isNew).catch((error: unknown) => this.over.reject(error));
    try {
      return await this.over.promise;
    } finally {
      this.stop.abort();
      this.wake?.();
      deadline.dispose();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The server says that something has changed: only a reason to look sooner (TASKL5). */
  hint(): void {
    const { clock } = this.options;
    if (clock.monotonic() - this.lookedAt >= SHORTEST_MS) this.wake?.();
  }

  /** Ends the following from outside. */
  end(failure: Failure): void {
    this.over.reject(new FailureError(failure));
    this.stop.abort();
    this.wake?.();
  }

  private async follow(isNew: boolean): Promise<void> {
    this.options.onTask(this.task);
    if (isNew && this.task.status === 'working') await this.pause();
    while (!this.isOver()) {
      const look = await this.look();
      if (this.isOver()) return;
      if (look) {
        this.task = look.task;
        this.options.onTask(look.task);
        if (isTerminal(look.task)) return this.over.resolve(await this.outcome(look));
        if (look.task.status === 'input_required') this.serve(look);
      }
      await this.pause();
    }
  }

  /** @returns nothing when the answer was lost on the way. @throws FailureError */
  private async look(): Promise<TaskLook | undefined> {
    this.lookedAt = this.options.clock.monotonic();
    try {
      const look = await this.wire.look(this.stop.signal);
      this.misses = 0;
      return look;
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code === 'server-error' && failure.rpcCode === ErrorCode.invalidParams)
        throw new FailureError({ code: 'task-ended', reason: 'expired' });
      if (!isLostOnTheWay(failure) || ++this.misses > MAX_MISSES) throw error;
      return undefined;
    }
  }

  private async outcome(look: TaskLook): Promise<JsonObject> {
    if (look.task.status === 'cancelled') throw new FailureError({ code: 'task-ended', reason: 'cancelled' });
    return await this.wire.result(look, this.stop.signal);
  }

  /** While it is served, the task goes on being looked at: it may end without the answer. */
  private serve(look: TaskLook): void {
    this.wire.serve(look, this.stop.signal).then(
      (result) => {
        if (result) this.over.resolve(result);
      },
      (error: unknown) => this.over.reject(error),
    );
  }

  private async pause(): Promise<void> {
    if (this.isOver()) return;
    const { clock } = this.options;
    const wanted = this.task.pollMs ?? DEFAULT_MS;
    const done = new Deferred<void>();
    const timer = clock.schedule(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wanted)), () => done.resolve());
    this.wake = () => done.resolve();
    await done.promise;
    timer.dispose();
    this.wake = undefined;
  }

  private isOver(): boolean {
    return this.stop.signal.aborted || this.over.isSettled;
  }
}

function isLostOnTheWay(failure: Failure): boolean {
  switch (failure.code) {
    case 'network':
    case 'answer-lost':
    case 'timeout':
      return true;
    case 'http-error':
      return failure.status === 429 || failure.status >= 500;
    default:
      return false;
  }
}
