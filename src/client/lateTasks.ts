/** The tasks of one session, whose code is loaded with the first of them: most servers have none. */

import type { Clock } from '../base/clock';
import type { JsonObject } from '../base/json';
import type { Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { Task } from '../protocol/tasks';
import { latePart } from '../transport/latePart';
import type { InboundAnswer, RpcHandlers } from '../rpc/rpcHandlers';
import type { Connected } from './connect';
import type { CallOptions, ServerSession } from './serverSession';
import type { Tasks } from './tasks';

export class LateTasks {
  private tasks: Tasks | undefined;
  private ended: Failure | undefined;

  /** @param leastMs milliseconds for which a task is followed in any case. */
  constructor(
    private readonly session: ServerSession,
    private readonly connected: Pick<Connected, 'rpc' | 'codec'>,
    private readonly clock: Clock,
    private readonly leastMs: number,
    private readonly onTask: (callId: number, task: Task) => void,
  ) {}

  /** Present since the first task: what a server says of tasks before concerns none of ours. */
  get current(): Tasks | undefined {
    return this.tasks;
  }

  /** True when a tool can be called as a task of 2025-11-25 (TASKL2). */
  get canCreate(): boolean {
    return this.session.offers(ClientMethods.tasksCall);
  }

  /** Calls a tool as a task (2025-11-25). @throws FailureError */
  async create(params: JsonObject, options: CallOptions): Promise<JsonObject> {
    return await (await this.load()).create(params, options);
  }

  /**
   * Follows a task until its call has a result.
   * @param isNew false for a task of an earlier session, of which nothing is known but the id.
   * @throws FailureError
   */
  async follow(task: Task, options: CallOptions, isNew: boolean): Promise<JsonObject> {
    // Told before the code is there: the connection may end meanwhile, and the task can be waited for in the next one.
    this.onTask(options.callId, task);
    return await (await this.load()).follow(task, options, isNew);
  }

  /** Asks the server to end a task; it may end otherwise all the same (TASKX6). @throws FailureError */
  async requestCancel(taskId: string): Promise<void> {
    await (await this.load()).requestCancel(taskId);
  }

  /** Serves a server's request as one of the call whose task it names (TASKL6). */
  serve(
    serve: RpcHandlers['onRequest'],
    ...asked: Parameters<RpcHandlers['onRequest']>
  ): Promise<InboundAnswer> {
    return this.tasks ? this.tasks.serve(serve, ...asked) : serve(...asked);
  }

  /** The connection is gone: everybody who waits for a task is told so. */
  end(failure: Failure): void {
    this.ended = failure;
    this.tasks?.end(failure);
  }

  private async load(): Promise<Tasks> {
    const loaded = await latePart(() => import('./tasks'));
    this.tasks ??= new loaded.Tasks(this.session, this.connected, this.clock, this.leastMs, this.onTask);
    if (this.ended) this.tasks.end(this.ended);
    return this.tasks;
  }
}
