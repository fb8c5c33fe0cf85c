/** One launched client with its server process: the link, and the process to watch. Created running, ended once, never reused. */

import { abortSignalOf, type CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import type {
  ClientEnd,
  ClientEvents,
  ClientRequests,
  ConnectParams,
  HostRequests,
  SignedIn,
  Unheard,
} from '../client/contract';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import type { ConnectedServer, ListKind } from '../protocol/model';
import { Link, type Handler } from '../rpc/link';
import type { LinkPort } from '../rpc/linkPort';
import type { ReaperPort } from './ports';
import { untilAborted } from './untilAborted';

/** The host's end of a link. */
type HostLink = Link<ClientRequests, HostRequests, object, ClientEvents>;

/** What answers a client's requests. The signals are the platform's own, because they are combined with others. */
export type HostHandlers = {
  readonly [K in keyof HostRequests]: (
    params: HostRequests[K]['params'],
    signal: AbortSignal,
  ) => Promise<HostRequests[K]['result']>;
};

/** How a connection ended without being asked to. */
export type ConnectionLoss =
  | { readonly kind: 'ended'; readonly end: ClientEnd }
  | { readonly kind: 'client-lost'; readonly detail: string };

/** What the connection reports. After `close` was called, or after a loss, nothing but secrets and `onReleased`. */
export interface ConnectionHandlers {
  readonly requests: HostHandlers;
  /** A process exists; what was written to stderr before belongs to another one. */
  onSpawned(): void;
  onStderr(lines: readonly string[], dropped: number): void;
  readonly onWire: (note: ClientEvents['wire']) => void;
  readonly onLogMessage: (message: ClientEvents['logMessage']) => void;
  /** Comes before anything that the server could say about them. */
  readonly onSecrets: (told: ClientEvents['secrets']) => void;
  /** Takes out of a failure what its server must not be quoted with. */
  readonly cleanFailure: (failure: Failure) => Failure;
  readonly onProgress: (progress: ClientEvents['progress']) => void;
  readonly onTask: (report: ClientEvents['task']) => void;
  onListChanged(kind: ListKind): void;
  onResourceUpdated(uri: string): void;
  onUnheard(unheard: Unheard | undefined): void;
  onSignedIn(account: SignedIn | undefined): void;
  /** The client is gone: nothing that it has asked for matters any more. */
  onReleased(): void;
  onLost(loss: ConnectionLoss): void;
}

/** What the client may use for its own stop ladder before the host ends it. */
const CLOSE_MS = 2_700;

/** What an exchange with an authorization server may still take then, which has a deadline of ten seconds of its own (T088). */
const SETTLE_MS = 11_000;

/** When all of it must be over, whoever ends it. */
const OVER_MS = 3_000;
/** The client had the call, and may have sent it (T127). */
const CALL_GONE: Failure = { code: 'connection-closed', mayHaveActed: true };

export class ServerConnection {
  private readonly link: HostLink;
  /** Of the newest process of this launch; it replaces one that died of the negotiation's probe. */
  private pid: number | undefined;
  /** Nothing is reported any more. */
  private over = false;
  /** Under way since a close or a loss. */
  private ending: Promise<void> | undefined;
  /** Present once the client was ended: settles when nothing of the server is left. */
  private released: Promise<void> | undefined;
  /** Aborts what the server has asked for and this side still works on. */
  private readonly closing = new AbortController();

  constructor(
    port: LinkPort,
    private readonly reaper: ReaperPort,
    /** Marks every process of this launch; undefined for a remote server, of which none is here. */
    private readonly token: string | undefined,
    private readonly clock: Clock,
    private readonly handlers: ConnectionHandlers,
  ) {
    const live =
      <T>(report: (value: T) => void) =>
      (value: T): void => {
        if (!this.over) report(value);
      };
    const served =
      <K extends keyof HostRequests>(name: K): Handler<HostRequests[K]> =>
      (params, signal) =>
        handlers.requests[name](params, this.untilClosing(signal));
    // Before anything of the server can exist: it may come to life without its pid ever being heard of here.
    if (token !== undefined) this.reaper.watch(token);
    this.link = new Link<ClientRequests, HostRequests, object, ClientEvents>(port, {
      requests: {
        sample: served('sample'),
        elicit: served('elicit'),
        awaitElicitation: served('awaitElicitation'),
        roots: served('roots'),
        loadCredentials: served('loadCredentials'),
        saveCredentials: served('saveCredentials'),
        lockCredentials: served('lockCredentials'),
        unlockCredentials: served('unlockCredentials'),
        accountHeader: served('accountHeader'),
        beginSignIn: served('beginSignIn'),
        openSignIn: served('openSignIn'),
      },
      events: {
        spawned: ({ pid }) => this.onSpawned(pid),
        stderr: live(({ lines, dropped }) => handlers.onStderr(lines, dropped)),
        wire: live(handlers.onWire),
        logMessage: live(handlers.onLogMessage),
        secrets: handlers.onSecrets,
        progress: live(handlers.onProgress),
        task: live(handlers.onTask),
        listChanged: live(({ kind }) => handlers.onListChanged(kind)),
        resourceUpdated: live(({ uri }) => handlers.onResourceUpdated(uri)),
        unheard: live(({ unheard }) => handlers.onUnheard(unheard && this.cleanFailureOf(unheard))),
        signedIn: live(({ account }) => handlers.onSignedIn(account)),
        ended: live((end) => this.lose({ kind: 'ended', end: this.cleanFailureOf(end) })),
      },
      onClose: (detail) => this.lose({ kind: 'client-lost', detail }),
    });
  }

  get processId(): number | undefined {
    return this.pid;
  }

  /** Starts the server and negotiates. After a rejection call `close`. @throws FailureError */
  async connect(params: ConnectParams, signal: AbortSignal): Promise<ConnectedServer> {
    return await this.ask('connect', params, signal);
  }

  /** Sends a request to the client. @throws FailureError */
  async request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    if (this.over) throw new FailureError({ code: 'connection-closed' });
    return await this.ask(name, params, signal);
  }

  private async ask<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    try {
      return await this.link.request(name, params, signal, name === 'callTool' ? CALL_GONE : undefined);
    } catch (error) {
      throw new FailureError(this.handlers.cleanFailure(toFailure(error)));
    }
  }

  private cleanFailureOf<T extends { readonly failure?: Failure }>(told: T): T {
    return told.failure ? { ...told, failure: this.handlers.cleanFailure(told.failure) } : told;
  }

  /**
   * Ends server and client within 3 s, or, where tokens are just being exchanged, once they are stored; after a loss it waits for what ends
   * them already. Idempotent, never rejects.
   */
  async close(): Promise<void> {
    this.stopReporting();
    await (this.ending ??= this.finish());
  }

  /** Ends everything at once, for a host that has no time left. */
  kill(): void {
    this.stopReporting();
    void this.release();
  }

  private onSpawned(pid: number): void {
    this.pid = pid;
    const { token } = this;
    if (token === undefined) return;
    // One before it stays watched until the end: it may have left something behind.
    this.reaper.watch(token, pid);
    // It was on its way while the client was being ended.
    if (this.released) void this.reaper.unwatch(token);
    else if (!this.over) this.handlers.onSpawned();
  }

  /** Nobody is asked for a server that is ending, even when its client no longer says anything. */
  private stopReporting(): void {
    if (this.over) return;
    this.over = true;
    this.closing.abort();
  }

  private untilClosing(signal: CancelSignal): AbortSignal {
    return AbortSignal.any([abortSignalOf(signal), this.closing.signal]);
  }

  private lose(loss: ConnectionLoss): void {
    if (this.over) return;
    this.stopReporting();
    try {
      this.handlers.onLost(loss);
    } finally {
      // The client of a lost server is in the middle of its stop ladder, which it must be given the time for.
      void this.close();
    }
  }

  private async finish(): Promise<void> {
    const startedAt = this.clock.monotonic();
    const seenOff = await this.within(CLOSE_MS, (signal) => this.link.request('close', undefined, signal));
    if (seenOff && this.token === undefined)
      await this.within(SETTLE_MS, (signal) => this.link.request('settle', undefined, signal));
    const released = this.release();
    // A client that answers has seen the last of its server; that of any other is left to the reaper.
    if (seenOff) return;
    await this.within(startedAt + OVER_MS - this.clock.monotonic(), (signal) =>
      untilAborted(released, signal),
    );
  }

  /** @returns whether `work` succeeded in time. */
  private async within(ms: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<boolean> {
    const abort = new AbortController();
    const timer = this.clock.schedule(ms, () => abort.abort());
    try {
      await work(abort.signal);
      return true;
    } catch {
      // It took too long, or the client is gone.
      return false;
    } finally {
      timer.dispose();
    }
  }

  /** Ends the client, and has the reaper end whatever is left of the server, wherever it went. */
  private release(): Promise<void> {
    if (!this.released) {
      this.link.close();
      this.handlers.onReleased();
      this.released = this.token === undefined ? Promise.resolve() : this.reaper.unwatch(this.token);
    }
    return this.released;
  }
}
