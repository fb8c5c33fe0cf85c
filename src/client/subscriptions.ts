/**
 * Which resources this client watches, and how the server is told: `resources/subscribe` in the stateful era, one
 * `subscriptions/listen` in the stateless one, whose filter also opts in to list changes.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { jittered } from '../base/jitter';
import { own, type JsonObject } from '../base/json';
import { isAuthorizationFailure } from '../protocol/authorizationProblem';
import type { EraCodec } from '../protocol/codec';
import { ErrorCode } from '../protocol/errorCodes';
import type { Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { LIST_KINDS } from '../protocol/model';
import type { RpcConnection } from '../rpc/rpcConnection';
import type { Changes } from './changes';
import { Listening } from './listening';
import { isLostOnTheWay, pauseAskedFor } from './losses';
import { isBelow } from './resultCache';
import type { ServerSession } from './serverSession';
import { listenFilter, listsIn, shortfall } from './subscriptionFilter';

/**
 * Waits between attempts to listen again after the server ended a subscription (T062). The last one is repeated for as long as the server
 * cannot be reached or is busy: no network lasts for ever. Each may be a fifth longer, so that makes a minute at most.
 */
const RELISTEN_MS = [1_000, 5_000, 30_000, 50_000] as const;
const LAST = RELISTEN_MS.length - 1;

/** A subscription that lasted this long counts as a success: the waits start again from the first. Some hosts of servers end each after 30 s. */
const LASTING_MS = 20_000;

/** How long a server may take to acknowledge a subscription before it is believed to be open without that. */
const ACKNOWLEDGE_MS = 5_000;

/** The first notification of every subscription of the stateless era: what the server agreed to tell of (SUBS2). */
export const SUBSCRIPTION_ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

export class Subscriptions {
  /** URI → the number of the request that watches it: what fails late must not end a newer one. */
  private readonly watched = new Map<string, number>();
  private lastWatch = 0;
  /** The last thing that was asked about a resource, while it is not answered. */
  private readonly turns = new Map<string, Promise<void>>();
  /** The subscription of the stateless era, and since when it is this one. */
  private readonly listening: Listening<JsonObject>;
  private listeningSince = 0;
  private attempt = 0;
  private timer: Disposable | undefined;
  /** Changes since the server ended a subscription were told to nobody. */
  private missed = false;
  private missedTimer: Disposable | undefined;
  private shortfallTold = false;
  /** It ended again and again, and is not asked for by itself any more (T062). */
  private isGivenUp = false;
  /** The host was told so, and of no subscription since. */
  private isUnheard = false;
  /** It was refused for who asks. Nobody is asked for its sake; whoever signs in for a call will do (T070). */
  private isBarred = false;
  /** Disposed, or the server does not know subscriptions. */
  private over = false;

  constructor(
    private readonly session: ServerSession,
    rpc: RpcConnection,
    codec: EraCodec,
    private readonly clock: Clock,
    private readonly changes: Changes,
  ) {
    this.listening = new Listening<JsonObject>(rpc, codec, clock, (_, failure) => this.onEnd(failure));
  }

  /** Opens the stateless era's subscription when there is anything to hear. */
  open(): void {
    if (this.session.server.negotiated.era === 'modern') this.relisten();
  }

  /** True when the server can tell of changes to a resource. */
  get canWatch(): boolean {
    return this.session.server.capabilities.resources?.subscribe === true;
  }

  /** True while a resource is watched. */
  get isWatching(): boolean {
    return this.watched.size > 0;
  }

  /** Watches a resource; does nothing where the server cannot. @throws FailureError */
  async watch(uri: string, signal: CancelSignal): Promise<void> {
    if (!this.canWatch || this.watched.has(uri)) return;
    const watch = ++this.lastWatch;
    this.watched.set(uri, watch);
    if (this.session.server.negotiated.era === 'modern') return this.relisten();
    try {
      await this.inTurn(uri, () => this.session.ask(ClientMethods.subscribe, { uri }, signal));
    } catch (error) {
      if (this.watched.get(uri) === watch) this.watched.delete(uri);
      throw error;
    }
  }

  /** The server has forgotten everything: it is told again what is watched, and all of it may have changed. */
  renew(): void {
    // Those of skills change with the resources.
    for (const kind of LIST_KINDS) if (kind !== 'skills') this.changes.listChanged(kind);
    for (const uri of this.watched.keys()) {
      this.changes.resourceUpdated(uri, [uri]);
      // What cannot be watched any more is still shown; it only no longer follows.
      this.session
        .ask(ClientMethods.subscribe, { uri }, new AbortController().signal)
        .catch(() => this.changes.odd('A resource could not be watched again in the new session.'));
    }
  }

  /** Stops watching. @throws FailureError */
  async unwatch(uri: string, signal: CancelSignal): Promise<void> {
    if (!this.watched.delete(uri)) return;
    if (this.session.server.negotiated.era === 'modern') return this.relisten();
    await this.inTurn(uri, () => this.session.ask(ClientMethods.unsubscribe, { uri }, signal));
  }

  /** What is asked about one resource leaves one after the other: a server may carry out what comes at once in any order. */
  private async inTurn(uri: string, ask: () => Promise<unknown>): Promise<void> {
    const before = this.turns.get(uri);
    const asked = (async () => {
      await before?.catch(() => undefined);
      await ask();
    })();
    this.turns.set(uri, asked);
    try {
      await asked;
    } finally {
      if (this.turns.get(uri) === asked) this.turns.delete(uri);
    }
  }

  /** The watched resources that an update belongs to: itself, and all that it lies under (RSRC6). */
  watchedFor(uri: string): readonly string[] {
    return [...this.watched.keys()].filter((known) => known === uri || isBelow(uri, known));
  }

  /** True when a notification of the stateless era belongs to a subscription of ours (STDIO5). */
  isOurs(params: JsonObject): boolean {
    return this.listening.askedFor(params) !== undefined;
  }

  /** Takes the acknowledgement of one of our subscriptions. */
  acknowledged(params: JsonObject): void {
    const asked = this.listening.acknowledged(params);
    if (!asked) return;
    const missing = shortfall(asked, own(params, 'notifications'));
    if (missing !== undefined && !this.shortfallTold) {
      this.shortfallTold = true;
      this.changes.odd(
        `The server does not tell of all changes it was asked about, it left out: ${missing}.`,
      );
    }
    this.catchUp(asked);
  }

  /** `notifications/cancelled` of the stateless era ends one of our subscriptions, and nothing else (CANC5). */
  endedByServer(id: unknown): void {
    this.listening.endedByServer(id);
  }

  /** Requests go on under other credentials than before. */
  credentialsChanged(): void {
    if (this.isBarred) this.relisten();
  }

  /** The person wants to know what there is now: a subscription that was given up is tried anew. */
  tryAnew(): void {
    if (!this.isGivenUp) return;
    this.attempt = 0;
    this.relisten();
  }

  dispose(): void {
    this.over = true;
    this.timer?.dispose();
    this.missedTimer?.dispose();
    this.listening.stop();
  }

  private relisten(): void {
    if (this.over) return;
    this.isBarred = false;
    this.isGivenUp = false;
    this.timer?.dispose();
    this.missedTimer?.dispose();
    const filter = listenFilter(this.session.server, [...this.watched.keys()]);
    if (!filter) {
      this.noLongerUnheard();
      return this.listening.stop();
    }
    this.listeningSince = this.clock.monotonic();
    this.listening.listen(filter);
    if (this.missed) this.missedTimer = this.clock.schedule(ACKNOWLEDGE_MS, () => this.catchUp(filter));
  }

  private onEnd(failure: Failure | undefined): void {
    if (failure) this.onRefused(failure);
    if (this.over) return;
    this.missed = true;
    this.missedTimer?.dispose();
    if (this.clock.monotonic() - this.listeningSince >= LASTING_MS) this.attempt = 0;
    this.isBarred = failure !== undefined && isAuthorizationFailure(failure);
    if (!this.isBarred) this.listenLater(failure);
  }

  private onRefused(failure: Failure): void {
    if (failure.code !== 'server-error') return;
    if (failure.rpcCode !== ErrorCode.methodNotFound)
      return this.changes.odd(`The server ended a subscription with error ${failure.rpcCode}.`);
    // A server without subscriptions is fine; it is not asked again.
    this.dispose();
    this.changes.odd('The server does not take subscriptions.');
  }

  private listenLater(failure: Failure | undefined): void {
    const isAway = failure !== undefined && failure.code !== 'answer-lost' && isLostOnTheWay(failure);
    const wait = RELISTEN_MS[isAway ? Math.min(this.attempt, LAST) : this.attempt];
    this.attempt = isAway ? Math.min(this.attempt + 1, LAST) : this.attempt + 1;
    if (wait === undefined) return this.giveUp(failure);
    this.timer = this.clock.schedule(jittered(Math.max(wait, pauseAskedFor(failure))), () => this.relisten());
  }

  private giveUp(failure: Failure | undefined): void {
    this.isGivenUp = true;
    this.isUnheard = true;
    this.changes.odd(
      'The subscription cannot be kept open; changes of the server are not listened to any more.',
    );
    this.changes.unheard(failure ? { failure } : {});
  }

  /** There is a subscription again, or nothing to hear. */
  private noLongerUnheard(): void {
    if (this.isUnheard) this.changes.unheard(undefined);
    this.isUnheard = false;
  }

  /** Reports everything a subscription is about as changed, when it may have changed while there was none (SUBS5). */
  private catchUp(filter: JsonObject): void {
    this.missedTimer?.dispose();
    if (!this.missed) return;
    this.missed = false;
    this.noLongerUnheard();
    for (const kind of listsIn(filter)) this.changes.listChanged(kind);
    for (const uri of this.watched.keys()) this.changes.resourceUpdated(uri, [uri]);
  }
}
