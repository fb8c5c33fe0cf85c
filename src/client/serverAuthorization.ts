/**
 * Who this client is to its remote server. What signs in is loaded when a server asks for it, or when there is something to show: most
 * servers never do.
 */

import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import { refused, type Failure } from '../protocol/failure';
import type { HttpClient } from '../transport/http/httpClient';
import type { Challenge, RequestAuthorizer } from '../transport/http/authorizedHttp';
import type { AuthorizationHost, SignOutOutcome } from '../authorization/contract';
import type { Authorizer } from '../authorization/authorizer';
import type { RemoteSpec } from './contract';
import { Late, latePart } from '../transport/latePart';
import { SessionIds } from './sessionIds';

/** Loads what signs in. */
export type LoadAuthorization = () => Promise<{ readonly Authorizer: typeof Authorizer }>;

type Fields = Awaited<ReturnType<RequestAuthorizer['headersFor']>>;

export class ServerAuthorization implements RequestAuthorizer {
  /** Its own, because it carries nothing of the entry. */
  private http: HttpClient | undefined;
  private readonly host: AuthorizationHost;
  private readonly turns = new Set<Promise<unknown>>();
  private readonly sessions: SessionIds;
  private readonly engine = new Late<Authorizer>(() => this.start());
  private known = this.unknown();
  private others = new Deferred<void>();

  constructor(
    private readonly spec: RemoteSpec,
    host: AuthorizationHost,
    private readonly load: LoadAuthorization,
    private readonly clock: Clock,
    /** Told whenever requests go on under other credentials than before. */
    private readonly onTokens: () => void,
  ) {
    this.host = {
      ...host,
      exclusively: (work, signal) => this.turn(host.exclusively(work, signal)),
    };
    this.sessions = new SessionIds(spec.url, (ids) => host.holds('session', ids));
  }

  async headersFor(
    request: Parameters<RequestAuthorizer['headersFor']>[0],
    signal: AbortSignal,
  ): Promise<Fields> {
    this.sessions.asked(request.url);
    if (!this.engine.ifAsked && !(await this.isKnown())) return [];
    return await (await this.engine.get()).headersFor(request, signal);
  }

  async challenged(challenge: Challenge, signal: AbortSignal): Promise<'retry' | Failure> {
    if (!this.spec.authorization)
      return this.hasOwnHeader
        ? { code: 'authorization', problem: 'header-refused' }
        : { code: 'http-error', status: challenge.status, isPage: false };
    return await (await this.engine.get()).challenged(challenge, signal);
  }

  noted(headers: Challenge['headers']): void {
    this.sessions.answered(headers);
    void this.engine.ifAsked?.then((engine) => engine.noted(headers)).catch(() => undefined); // Whoever started it is told.
  }

  changed(): Promise<void> {
    return this.others.promise;
  }

  /** Forgets who is signed in. @throws FailureError */
  async signOut(): Promise<SignOutOutcome> {
    if (!this.spec.authorization) throw refused('There is nobody to sign out.');
    return await (await this.engine.get()).signOut();
  }

  /** Goes on with what another window has stored. @returns true when somebody has signed out there. @throws FailureError */
  async follow(): Promise<boolean> {
    this.known = this.unknown();
    return (await (await this.engine.ifAsked)?.follow()) ?? false;
  }

  /** Ends once whatever was handed in for tokens is answered, and what came back is stored (T088). */
  async close(): Promise<void> {
    await Promise.allSettled(this.turns);
    this.http?.close();
  }

  /** What works on the stored credentials while no other window does. */
  private async turn<T>(work: Promise<T>): Promise<T> {
    this.turns.add(work);
    try {
      return await work;
    } finally {
      this.turns.delete(work);
    }
  }

  /** Someone signed in before, or nobody has to. */
  private async isKnown(): Promise<boolean> {
    const { authorization } = this.spec;
    if (!authorization || this.hasOwnHeader) return false;
    if ((authorization.grant ?? 'authorization_code') !== 'authorization_code') return true;
    return await this.known.get();
  }

  private unknown(): Late<boolean> {
    return new Late(async () => (await this.host.load()) !== undefined);
  }

  private get hasOwnHeader(): boolean {
    return Object.keys(this.spec.headers).some((name) => name.toLowerCase() === 'authorization');
  }

  private async start(): Promise<Authorizer> {
    const { spec, host, clock } = this;
    const module = await this.load();
    const { HttpClient } = await latePart(() => import('../transport/http/httpClient'));
    this.http = new HttpClient(spec.network, clock);
    return new module.Authorizer({
      serverUrl: new URL(spec.url),
      settings: spec.authorization ?? {},
      http: this.http,
      host,
      clock,
      hasOwnAuthorization: this.hasOwnHeader,
      onTokens: () => {
        this.onTokens();
        const { others } = this;
        this.others = new Deferred();
        others.resolve();
      },
    });
  }
}
