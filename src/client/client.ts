/**
 * One client: one connection to one server, served to the host over the link. It knows neither the host's other servers nor the
 * editor; everything it learns from its server goes through here, bounded and read.
 */

import type { Clock } from '../base/clock';
import { own, ownString, type JsonObject } from '../base/json';
import { LogRate } from '../base/logRate';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import { Notifications } from '../protocol/methods';
import { readToolCallResult } from '../protocol/readContent';
import type { Negotiated } from '../protocol/revisions';
import { latePart } from '../transport/latePart';
import type { RpcConnection } from '../rpc/rpcConnection';
import { SessionClock } from '../rpc/sessionClock';
import type { Handler, LinkHandlers } from '../rpc/link';
import type { RpcHandlers } from '../rpc/rpcHandlers';
import type { TransportClose, WatchedStream } from '../transport/transport';
import { isRemote } from '../transport/remoteSpec';
import type { AccountAuthorization } from './accountAuthorization';
import { complete } from './completion';
import { closedFailure, connect, violationOr, type Connected, type OpenTransport } from './connect';
import type { AuthorizationHost } from '../authorization/contract';
import type { RequestAuthorizer } from '../transport/http/authorizedHttp';
import type { ClientRequests, ConnectParams, LaunchSpec, RemoteSpec } from './contract';
import { HeldTexts } from './heldTexts';
import { LiveSession } from './liveSession';
import { getPrompt, readResource, type Reader } from './readCalls';
import { pausing } from './pausing';
import { Reports, type Emit } from './reports';
import type { LoadAuthorization, ServerAuthorization } from './serverAuthorization';
import { LateServerRequests } from './lateServerRequests';
import type { HostServices } from './serverRequests';
import { callTool } from './toolCalls';

/** What a client gets from outside. */
export interface ClientEnvironment {
  readonly clock: Clock;
  readonly emit: Emit;
  /** Where the transport shares it. */
  readonly logRate?: LogRate;
  readonly host: HostServices;
  /** `onSpawned` must be called as soon as the process exists. */
  readonly openTransport: (
    launch: LaunchSpec | RemoteSpec,
    onSpawned: (pid: number) => void,
    form?: 'oldHttp',
    authorizer?: RequestAuthorizer,
  ) => ReturnType<OpenTransport>;
  /** The host's part of signing in to a remote server. */
  readonly authorization: AuthorizationHost;
  readonly loadAuthorization: LoadAuthorization;
  /** The value of `Authorization` of the editor's account that a remote server is used with. */
  readonly accountHeader: () => Promise<string | undefined>;
}

export class Client {
  private readonly held = new HeldTexts();
  private readonly reports: Reports;
  private trying: RpcConnection | undefined;
  private live: LiveSession | undefined;
  private authorization: ServerAuthorization | AccountAuthorization | undefined;
  private ownStream: WatchedStream | undefined;
  private connecting = false;
  private closing = false;
  /** Found out by this side, before anything closed. */
  private lost: Failure | undefined;
  private readonly abortConnect = new AbortController();

  constructor(private readonly environment: ClientEnvironment) {
    const { clock, emit, logRate = new LogRate(clock) } = environment;
    this.reports = new Reports(clock, emit, logRate);
  }

  /** The requests this client serves over the link. */
  readonly requests: LinkHandlers<ClientRequests, object>['requests'] = {
    connect: (params, signal) => this.connect(params, signal),
    close: () => this.close(),
    settle: async () => {
      await this.authorization?.close();
      return undefined;
    },
    list: ({ kind, fresh = false }, signal) =>
      this.listing(fresh).list(kind, signal, { fresh, isFirst: true }),
    relist: async ({ kind, fresh = false, known }, signal) => {
      const listing = await this.listing(fresh).list(kind, signal, { fresh });
      const { digestOf } = await latePart(() => import('./listDigest'));
      const digest = digestOf(listing);
      return digest === known ? undefined : { ...listing, digest };
    },
    describeTool: ({ name }, signal) => this.required().lists.describeTool(name, signal),
    callTool: (params, signal) =>
      callTool({ live: this.required(), reports: this.reports, keep: this.held.keeper() }, params, signal),
    resumeTask: (params, signal) => this.resumeTask(params, signal),
    cancelTask: async ({ taskId }) => {
      await this.required().tasks.requestCancel(taskId);
      return undefined;
    },
    readResource: (params, signal) => readResource(this.reader, params, signal),
    readSkillFile: async (params, signal) => {
      const { session, lists } = this.required();
      const { readSkillFile } = await latePart(() => import('./skillFiles'));
      const { callId } = params;
      return await readSkillFile(session, lists.skills, params, { callId, signal }, this.held.keeper());
    },
    getPrompt: (params, signal) => getPrompt(this.reader, params, signal),
    complete: (params, signal) => complete(this.required().session, params, signal),
    subscribe: async ({ uri }, signal) => {
      await this.required().subscriptions.watch(uri, signal);
      return undefined;
    },
    unsubscribe: async ({ uri }, signal) => {
      await this.required().subscriptions.unwatch(uri, signal);
      return undefined;
    },
    signOut: async (launch) => {
      this.authorization ??= launch && (await this.authorizationOf(launch, this.environment.authorization));
      return (await this.authorization?.signOut()) ?? 'complete';
    },
    followCredentials: async () => ({ isSignedOut: (await this.authorization?.follow()) ?? false }),
    notifyRootsChanged: () => {
      const { rpc, session, offers } = this.required();
      if (offers.roots && session.server.negotiated.era === 'legacy')
        rpc.notify(Notifications.rootsListChanged);
      return Promise.resolve(undefined);
    },
    readHeld: ({ handle, offset, length }) => Promise.resolve(this.held.read(handle, offset, length)),
    releaseHeld: ({ handle }) => {
      this.held.release(handle);
      return Promise.resolve(undefined);
    },
  };

  /** Ends the session and the process. Idempotent. */
  async close(): Promise<undefined> {
    this.closing = true;
    this.abortConnect.abort();
    this.live?.end({ code: 'connection-closed' });
    this.reports.dispose();
    await (this.live?.rpc ?? this.trying)?.close();
    return undefined;
  }

  private readonly connect: Handler<ClientRequests['connect']> = async (params, signal) => {
    if (this.connecting || this.closing)
      throw new FailureError({ code: 'internal', detail: 'a client connects once' });
    this.connecting = true;
    // A close in the middle must not look like a server that died of the probe and is started again.
    signal.addEventListener('abort', () => this.abortConnect.abort(), { once: true });
    const sessionClock = new SessionClock(this.environment.clock, params.longestPauseMs);
    const requests = this.serverRequests(params, sessionClock);
    this.authorization = await this.authorizationOf(
      params.launch,
      pausing(this.environment.authorization, sessionClock),
    );
    const connected = await connect({
      params,
      clock: this.environment.clock,
      sessionClock,
      signal: this.abortConnect.signal,
      openTransport: async (form) => {
        const { openTransport, emit } = this.environment;
        const spawned = (pid: number): void => emit('spawned', { pid });
        const transport = await openTransport(params.launch, spawned, form, this.authorization);
        this.ownStream = transport.ownStream;
        if (this.ownStream) this.ownStream.onGivenUp = (is) => this.reports.unheard(is ? {} : undefined);
        return transport;
      },
      onTrying: (rpc) => (this.trying = rpc),
      handlers: {
        onRequest: (...asked) => {
          const serve: RpcHandlers['onRequest'] = (...each) => requests.answerRequest(...each);
          return this.live ? this.live.tasks.serve(serve, ...asked) : serve(...asked);
        },
        onNotification: (method, given) => this.onNotification(method, given),
        onOdd: (message, excerpt) => this.reports.odd(message, excerpt),
        onDoubt: () => this.live?.doubt(),
        onStderr: (lines, dropped) => this.reports.stderr(lines, dropped),
        onClose: (close) => this.onClose(close),
      },
    });
    if (this.abortConnect.signal.aborted) throw new FailureError({ code: 'connection-closed' });
    this.live = this.open(connected, params, requests);
    this.live.begin();
    return connected.server;
  };

  /** What tells a remote server who we are; loaded with the first of these. */
  private async authorizationOf(
    launch: ConnectParams['launch'],
    host: AuthorizationHost,
  ): Promise<Client['authorization']> {
    if (!isRemote(launch)) return undefined;
    const { authorizationOf } = await latePart(() => import('./remoteAuthorization'));
    return authorizationOf(launch, host, this.environment, () => this.live?.credentialsChanged());
  }

  private serverRequests({ offers }: ConnectParams, sessionClock: SessionClock): LateServerRequests {
    const { host, clock } = this.environment;
    const negotiated = (): Negotiated | undefined => this.live?.session.server.negotiated;
    return new LateServerRequests(offers, negotiated, async () => {
      const { ServerRequests } = await latePart(() => import('./serverRequests'));
      return new ServerRequests(host, offers, sessionClock, clock, negotiated);
    });
  }

  private open(connected: Connected, params: ConnectParams, requests: LateServerRequests): LiveSession {
    const { clock, emit } = this.environment;
    return new LiveSession(connected, params, requests, {
      clock,
      emit,
      reports: this.reports,
      signal: this.abortConnect.signal,
      onWait: this.onWait,
      onGone: (failure) => this.onGone(connected.rpc, failure),
    });
  }

  /** What waits for the server fails of it, and the host hears of it as of any other end. */
  private onGone(rpc: RpcConnection, failure: Failure): void {
    this.lost = failure;
    void rpc.close(failure);
  }

  private get reader(): Reader {
    const { clock } = this.environment;
    const { session } = this.required();
    return { session, held: this.held, reports: this.reports, clock, onWait: this.onWait };
  }

  private readonly onWait = (ms: number): void =>
    this.reports.odd(`The server is busy. It is asked again in ${Math.ceil(ms / 1_000)} s, as it wants.`);

  private readonly resumeTask: Handler<ClientRequests['resumeTask']> = async ({ callId, taskId }, signal) => {
    const task = { id: taskId, status: 'working' } as const;
    const result = await this.required().tasks.follow(task, { callId, signal }, false);
    return readToolCallResult(result, this.held.keeper());
  };

  private onNotification(method: string, params: JsonObject): void {
    // A server may log before the handshake is over (LIFE4); nothing else it says then concerns the host.
    if (method === Notifications.message) this.onLogMessage(params);
    else this.live?.onNotification(method, params);
  }

  private onLogMessage(params: JsonObject): void {
    const level = ownString(params, 'level') ?? 'info';
    this.reports.log(level, ownString(params, 'logger'), own(params, 'data') ?? null);
  }

  private onClose(close: TransportClose): void {
    this.live?.end(toFailure(closedFailure(close)));
    this.reports.dispose();
    // The calls that fail of it go first: they tell how the process ended, and the host waits for nothing behind this.
    setImmediate(() => {
      if (!this.closing) this.environment.emit('ended', this.lost ? { failure: this.lost } : endOf(close));
    });
  }

  /** The person wants to know what there is now: what tells of changes and was given up is tried anew. */
  private listing(fresh: boolean): LiveSession['lists'] {
    const { lists, subscriptions } = this.required();
    if (fresh) {
      subscriptions.tryAnew();
      this.ownStream?.tryAnew();
    }
    return lists;
  }

  private required(): LiveSession {
    if (!this.live) throw new FailureError({ code: 'connection-closed' });
    return this.live;
  }
}

function endOf(close: TransportClose): {
  failure: Failure;
  exit?: { code: number | null; signal: string | null };
} {
  const exit = close.kind === 'violation' ? undefined : close.exit;
  return {
    failure: toFailure(violationOr(close, closedFailure(close))),
    ...(exit === undefined ? {} : { exit }),
  };
}
