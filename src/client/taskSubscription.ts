/**
 * The subscription by which a server of the stateless era tells of the tasks that are followed (TASKX8): one for all of them, and apart
 * from the one for lists and resources, so that a server that refuses it loses nothing else. It knows nothing of what is told.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { jittered } from '../base/jitter';
import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { EraCodec } from '../protocol/codec';
import type { Failure } from '../protocol/failure';
import type { RpcConnection } from '../rpc/rpcConnection';
import { Listening } from './listening';
import { isLostOnTheWay, pauseAskedFor } from './losses';
import type { ServerSession } from './serverSession';

/** Milliseconds after which a subscription that the server ended is opened again; the tasks are looked at meanwhile. */
const AGAIN_MS = 30_000;

/** Tasks to hear of. */
type TaskFilter = { readonly taskIds: readonly string[] };

export class TaskSubscription {
  /** Tasks to hear of. */
  private readonly wanted = new Set<string>();
  private readonly listening: Listening<TaskFilter>;
  private again: Disposable | undefined;
  private hasWorked = false;
  private over = false;

  /** @param onTold says whether the server tells of a task from now on. */
  constructor(
    private readonly session: ServerSession,
    rpc: RpcConnection,
    codec: EraCodec,
    private readonly clock: Clock,
    private readonly onTold: (taskId: string, isTold: boolean) => void,
  ) {
    this.listening = new Listening<TaskFilter>(rpc, codec, clock, ({ taskIds }, failure) =>
      this.onEnd(taskIds, failure),
    );
  }

  /** Asks the server to tell of one more task, where it has the extension. */
  add(taskId: string): void {
    const { negotiated, capabilities } = this.session.server;
    if (this.over || negotiated.era !== 'modern' || !capabilities.taskExtension) return;
    this.wanted.add(taskId);
    this.listen();
  }

  /** The last task takes the subscription with it; others leave it as it is, because nothing more is told of a task that is over. */
  remove(taskId: string): void {
    this.wanted.delete(taskId);
    if (this.wanted.size === 0) this.stop();
  }

  /** True for a notification on a subscription of ours. */
  isOurs(params: JsonObject): boolean {
    return this.listening.askedFor(params) !== undefined;
  }

  /** Takes the acknowledgement of one of our subscriptions (SUBS2). */
  acknowledged(params: JsonObject): void {
    const asked = this.listening.acknowledged(params);
    if (!asked) return;
    const agreed = agreedTasks(own(params, 'notifications'));
    for (const task of asked.taskIds) this.onTold(task, agreed.has(task));
    if (agreed.size > 0) this.hasWorked = true;
    // A server that never agreed to anything does not do this.
    else if (!this.hasWorked) this.end();
  }

  /** The server ends one of our subscriptions (CANC5). */
  endedByServer(id: unknown): void {
    this.listening.endedByServer(id);
  }

  /** Ends it for good. */
  end(): void {
    this.over = true;
    this.wanted.clear();
    this.stop();
  }

  private stop(): void {
    this.again?.dispose();
    this.listening.stop();
  }

  private listen(): void {
    this.again?.dispose();
    this.listening.listen({ taskIds: [...this.wanted] });
  }

  private onEnd(asked: readonly string[], failure: Failure | undefined): void {
    for (const task of asked) this.onTold(task, false);
    if (!mayWorkAgain(failure)) return this.end();
    this.again = this.clock.schedule(jittered(Math.max(AGAIN_MS, pauseAskedFor(failure))), () =>
      this.listen(),
    );
  }
}

/** False when the server said no, or is gone. */
function mayWorkAgain(failure: Failure | undefined): boolean {
  return failure === undefined || failure.code === 'cancelled' || isLostOnTheWay(failure);
}

function agreedTasks(agreed: JsonValue | undefined): ReadonlySet<JsonValue> {
  const given = isObject(agreed) ? own(agreed, 'taskIds') : undefined;
  return new Set(Array.isArray(given) ? (given as readonly JsonValue[]) : []);
}
