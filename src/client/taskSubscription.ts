/**
 * The subscription by which a server of the stateless era tells of the tasks that are followed (TASKX8): one for all of them, and apart
 * from the one for lists and resources, so that a server that refuses it loses nothing else. It knows nothing of what is told.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { EraCodec } from '../protocol/codec';
import { toFailure, type Failure } from '../protocol/failure';
import type { RequestId } from '../protocol/jsonrpc';
import { ClientMethods } from '../protocol/methods';
import type { RpcConnection } from '../rpc/rpcConnection';
import { isLostOnTheWay } from './losses';
import type { ServerSession } from './serverSession';
import { isRequestId, subscriptionOf } from './subscriptionFilter';

/** Milliseconds after which a subscription that the server ended is opened again; the tasks are looked at meanwhile. */
const AGAIN_MS = 30_000;
const NO_LONGER = 'no longer needed';
/** A subscription has no deadline (SUBS7). */
const NO_DEADLINE = { idle: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };

export class TaskSubscription {
  /** Tasks to hear of. */
  private readonly wanted = new Set<string>();
  /** Open subscriptions, and which tasks each is about. */
  private readonly open = new Map<RequestId, ReadonlySet<string>>();
  private listening: AbortController | undefined;
  private again: Disposable | undefined;
  private hasWorked = false;
  private over = false;

  /** @param onTold says whether the server tells of a task from now on. */
  constructor(
    private readonly session: ServerSession,
    private readonly rpc: RpcConnection,
    private readonly codec: EraCodec,
    private readonly clock: Clock,
    private readonly onTold: (taskId: string, isTold: boolean) => void,
  ) {}

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
    const id = subscriptionOf(params);
    return id !== undefined && this.open.has(id);
  }

  /** Takes the acknowledgement of one of our subscriptions (SUBS2). */
  acknowledged(params: JsonObject): void {
    const id = subscriptionOf(params);
    const asked = id === undefined ? undefined : this.open.get(id);
    if (!asked) return;
    const agreed = taskIds(own(params, 'notifications'));
    for (const task of asked) this.onTold(task, agreed.has(task));
    if (agreed.size > 0) this.hasWorked = true;
    // A server that never agreed to anything does not do this.
    else if (!this.hasWorked) this.end();
  }

  /** The server ends one of our subscriptions (CANC5). */
  endedByServer(id: unknown): void {
    if (isRequestId(id) && this.open.has(id)) this.rpc.abandon(id);
  }

  /** Ends it for good. */
  end(): void {
    this.over = true;
    this.wanted.clear();
    this.stop();
  }

  private stop(): void {
    this.again?.dispose();
    this.listening?.abort(NO_LONGER);
    this.listening = undefined;
  }

  /** Another filter is another subscription: the new one is opened before the old one is cancelled, so that nothing is missed. */
  private listen(): void {
    const old = this.listening;
    this.again?.dispose();
    const abort = new AbortController();
    this.listening = abort;
    void this.request(new Set(this.wanted), abort);
    old?.abort(NO_LONGER);
  }

  private async request(asked: ReadonlySet<string>, abort: AbortController): Promise<void> {
    const params = this.codec.dress({ notifications: { taskIds: [...asked] } });
    let id: RequestId | undefined;
    let failure: Failure | undefined;
    try {
      await this.rpc.request(ClientMethods.listen.method, params, {
        deadlines: NO_DEADLINE,
        signal: abort.signal,
        onSent: (sent) => {
          id = sent;
          this.open.set(sent, asked);
        },
      });
    } catch (error) {
      failure = toFailure(error);
    }
    if (id !== undefined) this.open.delete(id);
    if (this.listening !== abort) return;
    this.listening = undefined;
    for (const task of asked) this.onTold(task, false);
    if (mayWorkAgain(failure)) this.again = this.clock.schedule(AGAIN_MS, () => this.listen());
    else this.end();
  }
}

/** False when the server said no, or is gone. */
function mayWorkAgain(failure: Failure | undefined): boolean {
  return failure === undefined || failure.code === 'cancelled' || isLostOnTheWay(failure);
}

function taskIds(agreed: JsonValue | undefined): ReadonlySet<JsonValue> {
  const given = isObject(agreed) ? own(agreed, 'taskIds') : undefined;
  return new Set(Array.isArray(given) ? (given as readonly JsonValue[]) : []);
}
