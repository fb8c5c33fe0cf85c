/**
 * One `subscriptions/listen` of the stateless era, kept as one while what it asks for changes: each change is another request. It
 * knows nothing of what is asked and told, nor of when an ended one is opened again.
 */

import { isObject, own, type JsonObject } from '../base/json';
import { SUBSCRIPTION_ID, type EraCodec } from '../protocol/codec';
import { toFailure, type Failure } from '../protocol/failure';
import type { RequestId } from '../protocol/jsonrpc';
import { ClientMethods } from '../protocol/methods';
import type { RpcConnection } from '../rpc/rpcConnection';

/** Why a subscription is cancelled, for the server. */
const NO_LONGER = 'no longer needed';

/** A subscription has no deadline (SUBS7). */
const NO_DEADLINE = { idle: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };

export class Listening<Filter extends JsonObject> {
  /** What each open request asks for; there are two while one takes the place of another. */
  private readonly open = new Map<RequestId, Filter>();
  private current: AbortController | undefined;

  /** @param onEnd is called when it ended otherwise than by `listen` and `stop`; no failure when the server ended it in order. */
  constructor(
    private readonly rpc: RpcConnection,
    private readonly codec: EraCodec,
    private readonly onEnd: (asked: Filter, failure: Failure | undefined) => void,
  ) {}

  /** Another filter is another subscription: the new one is opened before the old one is cancelled, so that nothing is missed. */
  listen(filter: Filter): void {
    const old = this.current;
    const abort = new AbortController();
    this.current = abort;
    void this.request(filter, abort);
    old?.abort(NO_LONGER);
  }

  stop(): void {
    this.current?.abort(NO_LONGER);
    this.current = undefined;
  }

  /** What the subscription asks for that a notification came on; undefined when that is none of ours (STDIO5, SUBS3). */
  askedFor(params: JsonObject): Filter | undefined {
    const meta = own(params, '_meta');
    const id = isObject(meta) ? own(meta, SUBSCRIPTION_ID) : undefined;
    return isRequestId(id) ? this.open.get(id) : undefined;
  }

  /** `notifications/cancelled` of the stateless era ends one of our subscriptions, and nothing else (CANC5). */
  endedByServer(id: unknown): void {
    if (isRequestId(id) && this.open.has(id)) this.rpc.abandon(id);
  }

  private async request(filter: Filter, abort: AbortController): Promise<void> {
    let id: RequestId | undefined;
    let failure: Failure | undefined;
    try {
      await this.rpc.request(ClientMethods.listen.method, this.codec.dress({ notifications: filter }), {
        deadlines: NO_DEADLINE,
        hints: { isUnattended: true },
        signal: abort.signal,
        onSent: (sent) => {
          id = sent;
          this.open.set(sent, filter);
        },
      });
    } catch (error) {
      failure = toFailure(error);
    }
    if (id !== undefined) this.open.delete(id);
    if (this.current !== abort) return;
    this.current = undefined;
    this.onEnd(filter, failure);
  }
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number';
}
