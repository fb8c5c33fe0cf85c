/**
 * Which resources this client watches, and how the server is told: `resources/subscribe` in the stateful era, one
 * `subscriptions/listen` in the stateless one, whose filter also opts in to list changes.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { isObject, own, type JsonObject } from '../base/json';
import { SUBSCRIPTION_ID } from '../protocol/codec';
import { toFailure } from '../protocol/failure';
import type { RequestId } from '../protocol/jsonrpc';
import { ClientMethods } from '../protocol/methods';
import type { ConnectedServer } from '../protocol/model';
import type { RpcConnection } from '../rpc/rpcConnection';
import type { EraCodec } from '../protocol/codec';
import type { ServerSession } from './serverSession';

/** Waits between attempts to listen again after the server ended a subscription (T062). */
const RELISTEN_MS = [1_000, 5_000, 30_000, 60_000] as const;

/** A subscription that lasted this long counts as a success: the waits start again from the first. */
const LASTING_MS = 60_000;

/** Why a subscription is cancelled, for the server. */
const NO_LONGER = 'no longer needed';

/** A subscription has no deadline (SUBS7). */
const NO_DEADLINE = { idle: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };

export class Subscriptions {
  private readonly watched = new Set<string>();
  private listening: AbortController | undefined;
  private readonly ids = new Set<RequestId>();
  private attempt = 0;
  private timer: Disposable | undefined;
  private disposed = false;

  constructor(
    private readonly session: ServerSession,
    private readonly rpc: RpcConnection,
    private readonly codec: EraCodec,
    private readonly clock: Clock,
    private readonly onOdd: (message: string) => void,
  ) {}

  /** Opens the stateless era's subscription when there is anything to hear. */
  open(): void {
    if (this.session.server.negotiated.era === 'modern') this.relisten();
  }

  /** True when the server can tell of changes to a resource. */
  get canWatch(): boolean {
    return this.session.server.capabilities.resources?.subscribe === true;
  }

  /** Watches a resource; does nothing where the server cannot. @throws FailureError */
  async watch(uri: string, signal: AbortSignal): Promise<void> {
    if (!this.canWatch || this.watched.has(uri)) return;
    this.watched.add(uri);
    if (this.session.server.negotiated.era === 'modern') return this.relisten();
    try {
      await this.session.ask(ClientMethods.subscribe, { uri }, signal);
    } catch (error) {
      this.watched.delete(uri);
      throw error;
    }
  }

  /** Stops watching. @throws FailureError */
  async unwatch(uri: string, signal: AbortSignal): Promise<void> {
    if (!this.watched.delete(uri)) return;
    if (this.session.server.negotiated.era === 'modern') return this.relisten();
    await this.session.ask(ClientMethods.unsubscribe, { uri }, signal);
  }

  /** The watched resource that an update belongs to: itself, or one it lies under (RSRC6). */
  watchedFor(uri: string): string | undefined {
    if (this.watched.has(uri)) return uri;
    for (const known of this.watched)
      if (uri.startsWith(known.endsWith('/') ? known : `${known}/`)) return known;
    return undefined;
  }

  /** True when a notification of the stateless era belongs to a subscription of ours (STDIO5). */
  isOurs(params: JsonObject): boolean {
    const meta = own(params, '_meta');
    const id = isObject(meta) ? own(meta, SUBSCRIPTION_ID) : undefined;
    return (typeof id === 'string' || typeof id === 'number') && this.ids.has(id);
  }

  /** `notifications/cancelled` of the stateless era ends one of our subscriptions, and nothing else (CANC5). */
  endedByServer(id: unknown): void {
    if ((typeof id === 'string' || typeof id === 'number') && this.ids.has(id)) this.rpc.abandon(id);
  }

  dispose(): void {
    this.disposed = true;
    this.timer?.dispose();
    this.listening?.abort(NO_LONGER);
  }

  /** Another filter is another subscription: the new one is opened before the old one is cancelled, so that nothing is missed. */
  private relisten(): void {
    this.timer?.dispose();
    const old = this.listening;
    this.listening = undefined;
    const filter = listenFilter(this.session.server, [...this.watched]);
    if (filter && !this.disposed) {
      const abort = new AbortController();
      this.listening = abort;
      void this.listen(filter, abort);
    }
    old?.abort(NO_LONGER);
  }

  private async listen(filter: JsonObject, abort: AbortController): Promise<void> {
    let id: RequestId | undefined;
    const startedAt = this.clock.monotonic();
    try {
      await this.rpc.request(ClientMethods.listen.method, this.codec.dress({ notifications: filter }), {
        deadlines: NO_DEADLINE,
        signal: abort.signal,
        onSent: (sent) => {
          id = sent;
          this.ids.add(sent);
        },
      });
    } catch (error) {
      const failure = toFailure(error);
      // A server without subscriptions is fine; it is not asked again.
      if (failure.code === 'server-error' && !this.disposed) {
        this.attempt = RELISTEN_MS.length;
        this.onOdd('The server does not take subscriptions.');
      }
    } finally {
      if (id !== undefined) this.ids.delete(id);
    }
    if (this.clock.monotonic() - startedAt >= LASTING_MS) this.attempt = 0;
    if (this.listening === abort && !this.disposed) this.listenLater();
  }

  private listenLater(): void {
    const wait = RELISTEN_MS[this.attempt++];
    if (wait === undefined) return;
    this.timer = this.clock.schedule(wait, () => this.relisten());
  }
}

/** What to hear of: the lists the server says change, and the watched resources. Undefined when there is nothing. */
function listenFilter(server: ConnectedServer, watched: readonly string[]): JsonObject | undefined {
  const { tools, resources, prompts } = server.capabilities;
  const filter: JsonObject = {
    ...(tools?.listChanged ? { toolsListChanged: true } : {}),
    ...(prompts?.listChanged ? { promptsListChanged: true } : {}),
    ...(resources?.listChanged ? { resourcesListChanged: true } : {}),
    ...(watched.length > 0 ? { resourceSubscriptions: watched } : {}),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}
