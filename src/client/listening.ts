/**
 * One `subscriptions/listen` of the stateless era, kept as one while what it asks for changes: each change is another request. It
 * knows nothing of what is asked and told, nor of when an ended one is opened again.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
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

/** How long a server may take to acknowledge a subscription before it is believed to be open without that. */
const ACKNOWLEDGE_MS = 5_000;

/** One request. */
interface Open<Filter> {
  readonly filter: Filter;
  readonly abort: AbortController;
  readonly since: number;
  id?: RequestId;
  isAcknowledged: boolean;
}

export class Listening<Filter extends JsonObject> {
  /** By their ids; there are two while one takes the place of another. */
  private readonly open = new Map<RequestId, Open<Filter>>();
  private current: Open<Filter> | undefined;
  /** The one before, on which the server is heard until it tells on the new one. */
  private before: Open<Filter> | undefined;
  private timer: Disposable | undefined;

  /** @param onEnd is called when it ended otherwise than by `listen` and `stop`; no failure when the server ended it in order. */
  constructor(
    private readonly rpc: RpcConnection,
    private readonly codec: EraCodec,
    private readonly clock: Clock,
    private readonly onEnd: (asked: Filter, failure: Failure | undefined) => void,
  ) {}

  /** Another filter is another subscription: the old one is cancelled when the server has taken the new one, so that nothing is missed. */
  listen(filter: Filter): void {
    const since = this.clock.monotonic();
    const old = this.current;
    const current: Open<Filter> = { filter, abort: new AbortController(), since, isAcknowledged: false };
    this.current = current;
    void this.request(current);
    if (!old) return;
    if (!old.isAcknowledged && since - old.since < ACKNOWLEDGE_MS) return old.abort.abort(NO_LONGER);
    this.letGo();
    this.before = old;
    this.timer = this.clock.schedule(ACKNOWLEDGE_MS, () => this.letGo());
  }

  stop(): void {
    this.current?.abort.abort(NO_LONGER);
    this.current = undefined;
    this.letGo();
  }

  /** What the subscription asks for that a notification came on; undefined when that is none of ours (STDIO5, SUBS3). */
  askedFor(params: JsonObject): Filter | undefined {
    return this.named(params)?.filter;
  }

  /** The same of an acknowledgement: it is open from now on. */
  acknowledged(params: JsonObject): Filter | undefined {
    const named = this.named(params);
    if (named) named.isAcknowledged = true;
    if (named && named === this.current) this.letGo();
    return named?.filter;
  }

  /** `notifications/cancelled` of the stateless era ends one of our subscriptions, and nothing else (CANC5). */
  endedByServer(id: unknown): void {
    if (isRequestId(id) && this.open.has(id)) this.rpc.abandon(id);
  }

  private named(params: JsonObject): Open<Filter> | undefined {
    const meta = own(params, '_meta');
    const id = isObject(meta) ? own(meta, SUBSCRIPTION_ID) : undefined;
    return isRequestId(id) ? this.open.get(id) : undefined;
  }

  private letGo(): void {
    this.timer?.dispose();
    this.before?.abort.abort(NO_LONGER);
    this.before = undefined;
  }

  private async request(open: Open<Filter>): Promise<void> {
    const { filter, abort } = open;
    let failure: Failure | undefined;
    try {
      await this.rpc.request(ClientMethods.listen.method, this.codec.dress({ notifications: filter }), {
        deadlines: NO_DEADLINE,
        hints: { isUnattended: true },
        signal: abort.signal,
        onSent: (sent) => {
          open.id = sent;
          this.open.set(sent, open);
        },
      });
    } catch (error) {
      failure = toFailure(error);
    }
    if (open.id !== undefined) this.open.delete(open.id);
    if (this.current !== open) return;
    this.current = undefined;
    this.letGo();
    this.onEnd(filter, failure);
  }
}

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || typeof id === 'number';
}
