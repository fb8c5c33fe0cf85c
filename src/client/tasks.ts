/**
 * The tasks of one session: makes a task of a call where that is asked for, takes over calls that the server made a task of, and knows
 * which call a task belongs to. Whoever makes a call sees one call, however it is carried out.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { own, ownString, type JsonObject } from '../base/json';
import { FailureError, invalidResult, refused, toFailure, type Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readTask, relatedTask, withRelatedTask, type Task } from '../protocol/tasks';
import type { Progress } from '../rpc/progressTokens';
import type { InboundAnswer, RpcHandlers } from '../rpc/rpcHandlers';
import type { Connected } from './connect';
import type { CallOptions, ServerSession } from './serverSession';
import { TaskFollower } from './taskFollower';
import { CoreTask, ExtensionTask, readTold } from './taskForms';
import { TaskSubscription } from './taskSubscription';

/** For so long a task that comes late is waited for, in milliseconds: it is taken back then, and runs unseen otherwise. */
const LATE = { idle: 3_600_000, total: 3_600_000 };
/** Tasks that are followed at once; each costs its server a request now and then. */
const MAX_TASKS = 100;

interface Followed {
  readonly callId: number;
  readonly follower: TaskFollower;
}

export class Tasks {
  /** How the server tells of tasks by itself, in the stateless era. */
  readonly subscription: TaskSubscription;
  private readonly followed = new Map<string, Followed>();
  private ended: Failure | undefined;

  /** @param leastMs milliseconds for which a task is followed in any case. */
  constructor(
    private readonly session: ServerSession,
    { rpc, codec }: Pick<Connected, 'rpc' | 'codec'>,
    private readonly clock: Clock,
    private readonly leastMs: number,
    private readonly onTask: (callId: number, task: Task) => void,
  ) {
    this.subscription = new TaskSubscription(session, rpc, codec, clock, (id, isTold) =>
      this.followed.get(id)?.follower.told(isTold),
    );
  }

  /**
   * Calls a tool as a task (2025-11-25).
   * @throws FailureError
   */
  async create(params: JsonObject, options: CallOptions): Promise<JsonObject> {
    if (options.signal.aborted) throw new FailureError({ code: 'cancelled' });
    // Its token reports until the task is over, so it outlives the request (PROG4).
    const token = this.session.openProgress(options.onProgress ?? ((_: Progress) => undefined));
    try {
      const result = await this.begin(token.addTo({ ...params, task: {} }), options);
      const given = own(result, 'task');
      // A server that ignores the wish has simply answered.
      if (given === undefined) return result;
      const task = readTask(given, 'core');
      if (!task.ok) throw invalidResult(task.error);
      this.onTask(options.callId, task.value);
      return await this.follow(task.value, options, true);
    } finally {
      token.dispose();
    }
  }

  /** Such a request is never taken back; the task is, as soon as there is one that nobody waits for (CANC7). @throws FailureError */
  private async begin(params: JsonObject, options: CallOptions): Promise<JsonObject> {
    const { callId, hints, signal } = options;
    let asked: Promise<JsonObject> | undefined;
    const ask = (): Promise<JsonObject> => {
      const never = new AbortController().signal;
      const more = { callId, neverCancel: true, acts: true, deadlines: LATE, ...(hints ? { hints } : {}) };
      asked = this.session.ask(ClientMethods.tasksCall, params, never, more);
      return this.session.soon(asked);
    };
    const takeBack = (): void => {
      if (asked) this.cancelCreated(asked);
    };
    try {
      return await untilCancelled(this.session.opening(ask, options), signal, takeBack);
    } catch (error) {
      if (toFailure(error).code === 'timeout') takeBack();
      throw error;
    }
  }

  /**
   * Follows a task, which was told of, until its call has a result.
   * @param isNew false for a task of an earlier session, of which nothing is known but the id.
   * @throws FailureError
   */
  async follow(task: Task, options: CallOptions, isNew: boolean): Promise<JsonObject> {
    const { callId, signal } = options;
    if (this.ended) throw new FailureError(this.ended);
    if (this.followed.has(task.id)) throw refused('This task is waited for already.');
    if (this.followed.size >= MAX_TASKS) {
      this.cancel(task.id);
      throw refused('Too many tasks at once.');
    }
    const isLegacy = this.session.server.negotiated.era === 'legacy';
    const wire = new (isLegacy ? CoreTask : ExtensionTask)(this.session, task.id, callId, this.clock);
    const onTask = (now: Task): void => this.onTask(callId, now);
    const follow = { clock: this.clock, leastMs: this.leastMs, signal, onTask };
    const follower = new TaskFollower(task, wire, follow);
    this.followed.set(task.id, { callId, follower });
    this.subscription.add(task.id);
    try {
      return await follower.run(isNew);
    } catch (error) {
      // A host that goes away takes nothing back: the task goes on, and can be waited for later (TASKX7).
      if (isGivenUp(toFailure(error)) && !this.isOver()) this.cancel(task.id);
      throw whileItRan(error);
    } finally {
      this.followed.delete(task.id);
      this.subscription.remove(task.id);
    }
  }

  /** Asks the server to end a task; it may end otherwise all the same (TASKX6). */
  cancel(taskId: string): void {
    this.requestCancel(taskId).catch(() => undefined); // It is over already, or cannot be ended.
  }

  /** As {@link cancel}, and tells whether the server took it. @throws FailureError */
  async requestCancel(taskId: string): Promise<void> {
    await this.session.ask(ClientMethods.tasksCancel, { taskId }, new AbortController().signal);
  }

  /** Takes `notifications/tasks` of a subscription of ours; one that cannot be read is a reason to look. */
  onTold(params: JsonObject): void {
    const follower = this.followed.get(ownString(params, 'taskId') ?? '')?.follower;
    const read = readTold(params);
    if (read.ok) follower?.tell(read.value);
    else follower?.hint();
  }

  /** Takes `notifications/tasks/status`. */
  onStatus(params: JsonObject): void {
    this.followed.get(ownString(params, 'taskId') ?? '')?.follower.hint();
  }

  /** The connection is gone: everybody who waits for a task is told so. */
  end(failure: Failure): void {
    this.ended = failure;
    this.subscription.end();
    for (const { follower } of [...this.followed.values()]) follower.end(failure);
  }

  /** Serves a server's request as one of the call whose task it names, and names the task in the answer (TASKL6). */
  async serve(
    serve: RpcHandlers['onRequest'],
    ...[method, params, signal, led]: Parameters<RpcHandlers['onRequest']>
  ): Promise<InboundAnswer> {
    const taskId = relatedTask(params);
    const followed = taskId === undefined ? undefined : this.followed.get(taskId);
    if (taskId === undefined || !followed) return await serve(method, params, signal, led);
    const answer = await serve(method, params, signal, followed.callId);
    return answer.kind === 'result' ? { ...answer, result: withRelatedTask(answer.result, taskId) } : answer;
  }

  private isOver(): boolean {
    return this.ended !== undefined;
  }

  /** The call was cancelled before it was known which task it is. */
  private cancelCreated(created: Promise<JsonObject>): void {
    created.then(
      (result) => {
        const task = readTask(own(result, 'task'), 'core');
        if (task.ok && !this.ended) this.cancel(task.value.id);
      },
      () => undefined, // There is no task to be cancelled.
    );
  }
}

/** What an answer of the server tells, or a word of ours that says all. */
const TOLD: ReadonlySet<Failure['code']> = new Set([
  'server-error',
  'task-ended',
  'timeout',
  'cancelled',
  'refused',
]);

/** Without an answer a task has begun all the same (T127). */
function whileItRan(error: unknown): FailureError {
  const failure = toFailure(error);
  return new FailureError(TOLD.has(failure.code) ? failure : { ...failure, mayHaveActed: true });
}

/** True for a call that is given up while its task runs. One that got lost on the way can be waited for again. */
function isGivenUp(failure: Failure): boolean {
  switch (failure.code) {
    case 'task-ended':
      return failure.reason === 'too-long';
    case 'cancelled':
    case 'refused':
    case 'invalid-result':
    case 'message-refused':
    case 'internal':
      return true;
    default:
      return false;
  }
}

async function untilCancelled<T>(work: Promise<T>, signal: CancelSignal, onCancel: () => void): Promise<T> {
  let onAbort = (): void => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      onCancel();
      reject(new FailureError({ code: 'cancelled' }));
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
