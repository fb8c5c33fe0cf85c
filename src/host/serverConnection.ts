/** One launched client with its server process: the link, the process to watch, the lists. Created running, ended once, never reused. */

import type { Clock } from '../base/clock';
import type {
  ClientEnd,
  ClientEvents,
  ClientRequests,
  ConnectParams,
  HostRequests,
} from '../client/contract';
import type { ConnectedServer, ListKind } from '../protocol/model';
import { Link, type LinkHandlers } from '../rpc/link';
import type { LinkPort } from '../rpc/linkPort';
import type { ReaperPort } from './ports';

/** The host's end of a link. */
export type HostLink = Link<ClientRequests, HostRequests, object, ClientEvents>;

/** How a connection ended without being asked to. */
export type ConnectionLoss =
  | { readonly kind: 'ended'; readonly end: ClientEnd }
  | { readonly kind: 'client-lost'; readonly detail: string };

/** What the connection reports. Nothing is reported after `close` was called or after a loss. */
export interface ConnectionHandlers {
  readonly requests: LinkHandlers<HostRequests, object>['requests'];
  /** A process exists; what was written to stderr before belongs to another one. */
  onSpawned(): void;
  onStderr(lines: readonly string[], dropped: number): void;
  readonly onWire: (note: ClientEvents['wire']) => void;
  readonly onLogMessage: (message: ClientEvents['logMessage']) => void;
  readonly onProgress: (progress: ClientEvents['progress']) => void;
  onListChanged(kind: ListKind): void;
  onResourceUpdated(uri: string): void;
  onLost(loss: ConnectionLoss): void;
}

/** What the client may use for its own stop ladder before the host ends it. */
const CLOSE_MS = 2_700;

export class ServerConnection {
  private readonly link: HostLink;
  /** Of every process of this launch; a second one replaces a first one that died of the negotiation's probe. */
  private readonly pids: number[] = [];
  private over = false;
  /** Aborts what the server has asked for and this side still works on. */
  private readonly closing = new AbortController();

  constructor(
    port: LinkPort,
    private readonly reaper: ReaperPort,
    /** Marks every process of this launch. */
    private readonly token: string,
    private readonly clock: Clock,
    handlers: ConnectionHandlers,
  ) {
    const live =
      <T>(report: (value: T) => void) =>
      (value: T): void => {
        if (!this.over) report(value);
      };
    this.link = new Link<ClientRequests, HostRequests, object, ClientEvents>(port, {
      requests: {
        sample: (params, signal) => handlers.requests.sample(params, this.untilClosing(signal)),
        roots: (params, signal) => handlers.requests.roots(params, this.untilClosing(signal)),
      },
      events: {
        spawned: ({ pid }) => {
          // To unwatch the one before would end this one too: it carries the same token.
          this.pids.push(pid);
          this.reaper.watch(pid, this.token);
          handlers.onSpawned();
        },
        stderr: live(({ lines, dropped }) => handlers.onStderr(lines, dropped)),
        wire: live(handlers.onWire),
        logMessage: live(handlers.onLogMessage),
        progress: live(handlers.onProgress),
        listChanged: live(({ kind }) => handlers.onListChanged(kind)),
        resourceUpdated: live(({ uri }) => handlers.onResourceUpdated(uri)),
        ended: live((end) => this.lose({ kind: 'ended', end }, handlers)),
      },
      onClose: (detail) => this.lose({ kind: 'client-lost', detail }, handlers),
    });
  }

  get processId(): number | undefined {
    return this.pids.at(-1);
  }

  /** Starts the server and negotiates. After a rejection call `close`. @throws FailureError */
  async connect(params: ConnectParams, signal: AbortSignal): Promise<ConnectedServer> {
    return await this.link.request('connect', params, signal);
  }

  /** Sends a request to the client. @throws FailureError */
  async request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    return await this.link.request(name, params, signal);
  }

  /** Ends server and client within 3 s. Never rejects. */
  async close(): Promise<void> {
    this.over = true;
    // Nobody is asked for a server that is being stopped, even when its client no longer says anything.
    this.closing.abort();
    await this.askToClose();
    this.end();
  }

  /** Ends everything at once, for a host that has no time left. */
  kill(): void {
    this.over = true;
    this.end();
  }

  private untilClosing(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.closing.signal]);
  }

  private async askToClose(): Promise<void> {
    const abort = new AbortController();
    const timer = this.clock.schedule(CLOSE_MS, () => abort.abort());
    try {
      await this.link.request('close', undefined, abort.signal);
    } catch {
      // It did not answer in time, or it is gone: either way it is ended below, and its server with it.
    } finally {
      timer.dispose();
    }
  }

  private lose(loss: ConnectionLoss, handlers: ConnectionHandlers): void {
    if (this.over) return;
    this.over = true;
    this.end();
    handlers.onLost(loss);
  }

  private end(): void {
    this.link.close();
    // Whatever is left of the process group, or left it, is killed by the reaper.
    for (const pid of this.pids.splice(0)) this.reaper.unwatch(pid, this.token);
  }
}
