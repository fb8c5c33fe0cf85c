/**
 * Signing in to remote servers: keeps what it leaves in the secret store, one window at a time, and lets a browser open only for
 * what a person has just allowed. It knows no OAuth; what is kept is text of the client's making.
 */

import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type {
  HostRequests,
  SignInGrant,
  SignInReply,
  SignInRequest,
  SignOutOutcome,
} from '../client/contract';
import { refused } from '../protocol/failure';
import { browserTrouble } from '../policy/browserUrl';
import type { ConsentQueue } from './consentQueue';
import { guardedSecrets } from './guardedSecrets';
import type { LocksPort, PendingRedirect, SecretsPort, SignInPort } from './ports';
import type { HostHandlers } from './serverConnection';

/** How long a question about signing in waits, and how long a browser may take (T075). */
const EXPIRES_MS = 300_000;
/** Longest record (T095). */
const MAX_RECORD = 65_536;

/** The server that is signed in to. */
export interface SignInSubject {
  readonly serverId: string;
  readonly serverName: string;
  /** Host, with its port, of the configured address. */
  readonly host: string;
  /** Names the credentials in the secret store; another address or place has others (T094). */
  readonly credentials: string;
  /** What the entry says the redirect must be. */
  readonly redirectUri?: string;
}

/** What signing in needs from outside. */
interface SignInPorts {
  readonly clock: Clock;
  readonly secrets: SecretsPort;
  readonly locks: LocksPort;
  readonly signIn: SignInPort;
}

/** What a person is expected to do: say whether a browser may open, or sign in there. */
export type AwaitedSignIn = 'answer' | 'browser';

type Handlers = Pick<
  HostHandlers,
  | 'loadCredentials'
  | 'saveCredentials'
  | 'lockCredentials'
  | 'unlockCredentials'
  | 'beginSignIn'
  | 'openSignIn'
>;

export class SignIns {
  /** Servers whose next question the person has answered already, by clicking Sign In; and which click that was. */
  private readonly wanted = new Map<string, number>();
  private clicks = 0;
  private readonly awaiting = new Set<{ readonly serverId: string; readonly what: AwaitedSignIn }>();
  private readonly changed = new Emitter<string>();

  /** Names a server for which it has changed what a person is expected to do. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly ports: SignInPorts,
    private readonly queue: ConsentQueue,
  ) {}

  /** The person clicked Sign In: the next question of this server is put before them at once. */
  want(serverId: string): void {
    this.wanted.set(serverId, ++this.clicks);
  }

  /** Whatever has been asked by now, nothing is wanted any more. */
  forgetWanted(serverId: string): void {
    this.wanted.delete(serverId);
  }

  /** What a person is expected to do before this server goes on. */
  awaited(serverId: string): AwaitedSignIn | undefined {
    return [...this.awaiting].findLast((one) => one.serverId === serverId)?.what;
  }

  /** Forgets what is kept for a server, and tells nobody. @throws FailureError when the store fails */
  async forget(credentials: string): Promise<SignOutOutcome> {
    const { secrets, locks } = this.ports;
    // A window that is just renewing tokens would store them behind this.
    const release = await locks.acquire(credentials, new AbortController().signal);
    try {
      if ((await guarded(secrets.get(credentials))) === undefined) return 'complete';
      await guarded(secrets.delete(credentials));
      return 'here-only';
    } finally {
      release();
    }
  }

  /**
   * The host's side of one connection.
   * @param isRunning false while the server is still being connected to: nobody is asked then who has not clicked Sign In.
   */
  session(subject: SignInSubject, isRunning: () => boolean): SignInSession {
    const { serverId } = subject;
    const click = this.wanted.get(serverId);
    return new SignInSession(this.ports, this.queue, subject, isRunning, {
      // A connection that another click is about to end must not take what is meant for the next one.
      takeWanted: () =>
        click !== undefined && this.wanted.get(serverId) === click && this.wanted.delete(serverId),
      whileAwaited: async (what, work) => {
        const one = { serverId, what };
        this.awaiting.add(one);
        this.changed.fire(serverId);
        try {
          return await work();
        } finally {
          this.awaiting.delete(one);
          this.changed.fire(serverId);
        }
      },
    });
  }
}

/** What one connection shares with the others. */
interface Shared {
  /** @returns whether the person has clicked Sign In for this connection; from then on they have not. */
  takeWanted(): boolean;
  /** Nothing goes on before the person has done this. */
  whileAwaited<T>(what: AwaitedSignIn, work: () => Promise<T>): Promise<T>;
}

/** One connection's part of signing in. */
export class SignInSession implements Disposable {
  private readonly leases = new Map<number, () => void>();
  private readonly redirects = new Map<string, PendingRedirect>();
  /** Ends those that are never used. */
  private readonly unused = new Map<string, Disposable>();
  private readonly watching = new DisposableStore();
  private nextId = 1;
  private disposed = false;

  constructor(
    private readonly ports: SignInPorts,
    private readonly queue: ConsentQueue,
    private readonly subject: SignInSubject,
    private readonly isRunning: () => boolean,
    private readonly shared: Shared,
  ) {}

  readonly requests: Handlers = {
    loadCredentials: () => guarded(this.ports.secrets.get(this.subject.credentials)),
    saveCredentials: async ({ record }) => {
      const { secrets } = this.ports;
      const { credentials } = this.subject;
      if (record !== undefined && record.length > MAX_RECORD)
        throw refused('What signing in left is too large to keep.');
      await guarded(record === undefined ? secrets.delete(credentials) : secrets.set(credentials, record));
      return undefined;
    },
    lockCredentials: async (_, signal) => {
      const release = await this.ports.locks.acquire(this.subject.credentials, signal);
      const lease = this.nextId++;
      if (this.disposed) release();
      else this.leases.set(lease, release);
      return lease;
    },
    unlockCredentials: ({ lease }) => {
      this.leases.get(lease)?.();
      this.leases.delete(lease);
      return Promise.resolve(undefined);
    },
    beginSignIn: (request, signal) => this.begin(request, signal),
    openSignIn: (params, signal) => this.open(params, signal),
  };

  /** Tells when what is kept for this server changes, by whichever window, until this is disposed. */
  onKept(listener: () => void): void {
    this.watching.add(
      this.ports.secrets.onDidChange((key) => {
        if (key === this.subject.credentials) listener();
      }),
    );
  }

  dispose(): void {
    this.disposed = true;
    this.watching.dispose();
    for (const release of this.leases.values()) release();
    for (const redirect of this.redirects.values()) redirect.dispose();
    for (const timer of this.unused.values()) timer.dispose();
    this.leases.clear();
    this.redirects.clear();
    this.unused.clear();
  }

  private async begin(request: SignInRequest, signal: AbortSignal): Promise<SignInGrant> {
    const clicked = this.shared.takeWanted();
    if (!clicked && !this.isRunning()) return { kind: 'later' };
    const { serverId, serverName, host } = this.subject;
    const outcome = await this.shared.whileAwaited('answer', () =>
      this.queue.ask(
        { serverId, serverName },
        { kind: 'sign-in', request, host, clicked },
        { signal, expiresAfterMs: EXPIRES_MS },
      ),
    );
    if (outcome.kind !== 'allow-once') return { kind: outcome.kind === 'deny' ? 'denied' : 'later' };
    const redirect = await this.ports.signIn.expectRedirect(
      this.subject.redirectUri,
      request.earlierRedirect,
    );
    const ticket = String(this.nextId++);
    if (this.disposed || signal.aborted) {
      redirect.dispose();
      return { kind: 'later' };
    }
    this.keep(ticket, redirect);
    return { kind: 'begin', ticket, redirectUri: redirect.uri };
  }

  /** A way back that nobody takes, because the client could not even be registered, is not kept open for longer than an answer would be. */
  private keep(ticket: string, redirect: PendingRedirect): void {
    this.redirects.set(ticket, redirect);
    const drop = (): void => {
      this.redirects.delete(ticket);
      this.unused.delete(ticket);
      redirect.dispose();
    };
    this.unused.set(ticket, this.ports.clock.schedule(EXPIRES_MS, drop));
  }

  private async open(
    { ticket, url, state }: HostRequests['openSignIn']['params'],
    signal: AbortSignal,
  ): Promise<SignInReply> {
    const redirect = this.redirects.get(ticket);
    if (!redirect) return { kind: 'late' };
    this.redirects.delete(ticket);
    this.unused.get(ticket)?.dispose();
    this.unused.delete(ticket);
    try {
      const trouble = browserTrouble(url);
      if (trouble !== undefined) throw refused(trouble);
      return await this.answer(redirect, url, state, signal);
    } finally {
      redirect.dispose();
    }
  }

  private async answer(
    redirect: PendingRedirect,
    url: string,
    state: string,
    signal: AbortSignal,
  ): Promise<SignInReply> {
    const late = new AbortController();
    const timer = this.ports.clock.schedule(EXPIRES_MS, () => late.abort());
    const end = AbortSignal.any([signal, late.signal]);
    try {
      const callback = await this.shared.whileAwaited('browser', () =>
        redirect.open(url, state, this.subject.serverName, end),
      );
      if (callback !== undefined) return { kind: 'callback', url: callback };
      return { kind: end.aborted ? 'late' : 'dismissed' };
    } finally {
      timer.dispose();
    }
  }
}

function guarded<T>(work: Promise<T>): Promise<T> {
  return guardedSecrets(work, 'it is not known who is signed in');
}

/** For a server that nobody signs in to. */
export const noSignIn = {
  loadCredentials: () => Promise.resolve(undefined),
  saveCredentials: refuse,
  lockCredentials: refuse,
  unlockCredentials: refuse,
  beginSignIn: refuse,
  openSignIn: refuse,
} satisfies Handlers;

function refuse(): Promise<never> {
  return Promise.reject(refused('Nobody signs in to this server.'));
}
