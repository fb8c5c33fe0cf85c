/**
 * Follows one task to its end: looks at it, takes what its server tells of it by itself, serves what it waits for, and gives up when it
 * lasts, or cannot be reached, beyond all bounds. It tells an era by its wire form only.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { JsonObject } from '../base/json';
import { FailureError, isBusy, toFailure, type Failure } from '../protocol/failure';
import { isTerminal, type Task } from '../protocol/tasks';
import { Losses } from './losses';
import type { TaskLook, TaskWire } from './taskForms';
import { TaskPace } from './taskPace';

/** No task is followed longer, in milliseconds. */
const LONGEST_TASK_MS = 86_400_000;

interface FollowOptions {
  readonly clock: Clock;
  /** Milliseconds for which a task is followed even when its server claims to keep it for less. */
  readonly leastMs: number;
  readonly signal: CancelSignal;
  readonly onTask: (task: Task) => void;
}

export class TaskFollower {
  private readonly stop = new AbortController();
  private readonly over = new Deferred<JsonObject>();
  private readonly pace: TaskPace;
  private readonly losses: Losses;

  /** @param task as it was first described. */
  constructor(
    private task: Task,
    private readonly wire: TaskWire,
    private readonly options: FollowOptions,
  ) {
    this.pace = new TaskPace(options.clock);
    this.losses = new Losses(options.clock);
  }

  /**
   * @param isNew false for a task of which nothing but the id is known: it is looked at before anything else.
   * @throws FailureError `task-ended` for a task without a result, `cancelled`, or why it cannot be followed.
   */
  async run(isNew: boolean): Promise<JsonObject> {
    const { clock, signal, leastMs } = this.options;
    const bound = Math.min(LONGEST_TASK_MS, Math.max(leastMs, this.task.ttl ?? LONGEST_TASK_MS));
    const deadline = clock.schedule(bound, () => this.end(this.whyUnfinished()));
    const onAbort = (): void => this.end({ code: 'cancelled' });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void this.follow(isNew).catch((error: unknown) => this.over.reject(error));
    try {
      return await this.over.promise;
    } finally {
      this.stop.abort();
      this.pace.wake();
      deadline.dispose();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The server says that something has changed: only a reason to look sooner (TASKL5). */
  hint(): void {
    this.pace.hint();
  }

  /** Whether the server tells of the task by itself, so that it is looked at only in case that fails. */
  told(isTold: boolean): void {
    this.pace.told(isTold);
  }

  /** What the server tells by itself counts like a look (TASKX8), but for a flood, which only makes the next look come sooner. */
  tell(look: TaskLook): void {
    if (!isTerminal(look.task) && !this.pace.admit()) return this.pace.hint();
    this.take(look).catch((error: unknown) => this.over.reject(error));
  }

  /** Ends the following from outside. */
  end(failure: Failure): void {
    this.over.reject(new FailureError(failure));
    this.stop.abort();
    this.pace.wake();
  }

  private async follow(isNew: boolean): Promise<void> {
    let wait = isNew && this.task.status === 'working' ? this.pace.intervalFor(this.task) : 0;
    while (!this.isOver()) {
      if (wait > 0) await this.pace.pause(wait);
      if (!this.isOver()) wait = await this.look();
    }
  }

  /** @returns milliseconds until the next look. @throws FailureError */
  private async look(): Promise<number> {
    this.pace.begin();
    try {
      await this.take(await this.wire.look(this.stop.signal));
      this.losses.end();
      return this.pace.intervalFor(this.task);
    } catch (error) {
      const failure = toFailure(error);
      const wait = this.losses.pauseAfter(failure, this.pace.intervalFor(this.task));
      if (wait === undefined) throw error;
      if (isBusy(failure)) this.pace.holdOff(wait);
      return wait;
    }
  }

  private async take(look: TaskLook): Promise<void> {
    if (this.isOver()) return;
    this.task = look.task;
    this.options.onTask(look.task);
    if (isTerminal(look.task)) this.over.resolve(await this.outcome(look));
    else if (look.task.status === 'input_required') this.serve(look);
  }

  private async outcome(look: TaskLook): Promise<JsonObject> {
    if (look.task.status === 'cancelled') throw new FailureError({ code: 'task-ended', reason: 'cancelled' });
    return await this.wire.result(look, this.stop.signal);
  }

  /** While it is served, the task goes on being looked at: it may end without the answer. */
  private serve(look: TaskLook): void {
    this.wire.serve(look, this.stop.signal).then(
      (served) => {
        if (served.kind === 'result') this.over.resolve(served.result);
        else if (served.kind === 'failed') this.fail(served.failure);
        else if (served.kind === 'lost') this.pace.within(served.againInMs);
      },
      (error: unknown) => this.over.reject(error),
    );
  }

  /** The task is over with it, whatever was last said of it. */
  private fail(failure: Failure): void {
    if (this.isOver()) return;
    this.task = { ...this.task, status: 'failed' };
    this.options.onTask(this.task);
    this.over.reject(new FailureError(failure));
  }

  /** A task that is over is not asked to end: what is told is why its result is not to be had. */
  private whyUnfinished(): Failure {
    const lost = isTerminal(this.task) ? this.losses.last : undefined;
    return lost ?? { code: 'task-ended', reason: 'too-long' };
  }

  private isOver(): boolean {
    return this.stop.signal.aborted || this.over.isSettled;
  }
}
