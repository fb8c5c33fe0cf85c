/** An established session with everything that works on it: lists, tasks, subscriptions, what is kept of answers. It ends as a whole. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { own, ownString, type JsonObject } from '../base/json';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import { DEFAULT_LOG_LEVEL } from '../protocol/logLevels';
import { ClientMethods, Notifications } from '../protocol/methods';
import type { RpcConnection } from '../rpc/rpcConnection';
import { isRemote } from '../transport/remoteSpec';
import { Changes } from './changes';
import { negotiationOf, type Connected } from './connect';
import type { ConnectParams, RemoteSpec } from './contract';
import { watchRemote } from './liveness';
import type { LateServerRequests } from './lateServerRequests';
import { LateTasks } from './lateTasks';
import { Lists } from './lists';
import { setLogLevel } from './logLevel';
import { renewSession } from './negotiate';
import type { Emit, Reports } from './reports';
import { ResultCache } from './resultCache';
import { ServerSession } from './serverSession';
import { SessionRenewal } from './sessionRenewal';
import { SUBSCRIPTION_ACKNOWLEDGED, Subscriptions } from './subscriptions';
import type { Tasks } from './tasks';

/** What a session needs of its client. */
interface SessionSurroundings {
  readonly clock: Clock;
  readonly emit: Emit;
  readonly reports: Reports;
  /** Aborts when the client ends. */
  readonly signal: AbortSignal;
  /** A busy server is waited for. */
  readonly onWait: (ms: number) => void;
  /** A remote server can be spoken to no more, as nothing that closed tells. */
  readonly onGone: (failure: Failure) => void;
}

export class LiveSession {
  readonly session: ServerSession;
  readonly rpc: RpcConnection;
  readonly offers: ConnectParams['offers'];
  readonly lists: Lists;
  readonly tasks: LateTasks;
  readonly subscriptions: Subscriptions;
  readonly changes: Changes;
  private readonly liveness: Disposable | undefined;

  constructor(
    private readonly connected: Connected,
    private readonly params: ConnectParams,
    private readonly requests: LateServerRequests,
    private readonly around: SessionSurroundings,
  ) {
    const { rpc, server, codec } = connected;
    const { clock, emit, reports, onWait, onGone } = around;
    const { launch, timeouts, offers, logLevel = DEFAULT_LOG_LEVEL } = params;
    const isModern = server.negotiated.era === 'modern';
    const cache = isModern ? new ResultCache(clock) : undefined;
    this.rpc = rpc;
    this.offers = offers;
    this.session = new ServerSession(server, rpc, codec, timeouts, requests, clock, {
      renewal: this.renewal(),
      cache,
      logLevel,
    });
    this.changes = new Changes(reports, cache, server.capabilities.skills === true);
    this.subscriptions = new Subscriptions(this.session, rpc, codec, clock, this.changes);
    this.lists = new Lists(this.session, clock, onWait, isRemote(launch) && isModern);
    this.tasks = new LateTasks(this.session, connected, clock, timeouts.total, (callId, task) =>
      emit('task', { callId, task }),
    );
    const { session, subscriptions } = this;
    this.liveness =
      isRemote(launch) && !isModern
        ? watchRemote({ session, rpc, subscriptions, clock }, () => onGone(silenceOf(launch)))
        : undefined;
  }

  /** Says what a session begins with. */
  begin(): void {
    this.subscriptions.open();
    this.tellLogLevel();
  }

  /** Requests go on under other credentials than before. */
  credentialsChanged(): void {
    this.changes.credentialsChanged();
    this.subscriptions.credentialsChanged();
  }

  /** Ends all of it; what still waits fails with `failure`. Idempotent. */
  end(failure: Failure): void {
    this.tasks.end(failure);
    this.subscriptions.dispose();
    this.liveness?.dispose();
  }

  onNotification(method: string, params: JsonObject): void {
    const { subscriptions, changes, session, tasks } = this;
    if (session.server.negotiated.era === 'modern') {
      if (method === Notifications.cancelled) {
        subscriptions.endedByServer(own(params, 'requestId'));
        return tasks.current?.subscription.endedByServer(own(params, 'requestId'));
      }
      if (tasks.current?.subscription.isOurs(params)) return onTold(tasks.current, method, params);
      if (!subscriptions.isOurs(params)) return;
    }
    switch (method) {
      case SUBSCRIPTION_ACKNOWLEDGED:
        return subscriptions.acknowledged(params);
      case Notifications.toolsListChanged:
        return changes.listChanged('tools');
      case Notifications.promptsListChanged:
        return changes.listChanged('prompts');
      case Notifications.resourcesListChanged:
        changes.listChanged('resources');
        return changes.listChanged('resourceTemplates');
      case Notifications.elicitationComplete:
        return this.requests.elicitationCompleted(params);
      case Notifications.taskStatus:
        return tasks.current?.onStatus(params);
      case Notifications.resourceUpdated: {
        const uri = ownString(params, 'uri') ?? '';
        return changes.resourceUpdated(uri, subscriptions.watchedFor(uri));
      }
      default:
        return;
    }
  }

  /** Asks the server something, so that a session that it has lost is opened anew although nobody wants anything now. */
  doubt(): void {
    const { signal } = new AbortController();
    this.session.ask(ClientMethods.ping, {}, signal, { hints: { isUnattended: true } }).catch(() => {
      // What comes of it is done where every request finds it out.
    });
  }

  /** Sessions that can be lost exist over HTTP only, in the stateful era. */
  private renewal(): SessionRenewal | undefined {
    const { rpc, server } = this.connected;
    const { negotiated } = server;
    if (!isRemote(this.params.launch) || negotiated.era !== 'legacy') return undefined;
    const { clock, signal } = this.around;
    const renew = async (): Promise<void> => {
      rpc.beginSession();
      try {
        await renewSession(negotiationOf(rpc, this.params, clock, signal), negotiated.revision);
      } catch (error) {
        if (toFailure(error).code !== 'unsupported-version') throw error;
        // It speaks in another way by now; whoever starts it anew finds out how (VER7).
        const failure = { code: 'session-lost' } as const;
        this.around.onGone(failure);
        throw new FailureError(failure);
      }
    };
    return new SessionRenewal(clock, renew, () => {
      this.subscriptions.renew();
      this.tellLogLevel();
    });
  }

  private tellLogLevel(): void {
    setLogLevel(this.session, this.params.logLevel, (message) => this.around.reports.odd(message));
  }
}

function silenceOf({ url }: RemoteSpec): Failure {
  return { code: 'network', problem: 'timeout', host: new URL(url).host };
}

/** What comes on the subscription for tasks. */
function onTold(tasks: Tasks, method: string, params: JsonObject): void {
  if (method === SUBSCRIPTION_ACKNOWLEDGED) tasks.subscription.acknowledged(params);
  else if (method === Notifications.task) tasks.onTold(params);
}
