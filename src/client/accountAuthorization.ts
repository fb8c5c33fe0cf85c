/** Requests in the name of an account that the editor knows. The host has its session; here it is only kept while it is good. */

import { refused, type Failure } from '../protocol/failure';
import type { Challenge, RequestAuthorizer } from '../transport/http/authorizedHttp';
import type { AuthorizationHost } from '../authorization/contract';
import { SessionIds } from './sessionIds';

type Fields = Awaited<ReturnType<RequestAuthorizer['headersFor']>>;

/** A refused request is sent again once, with a session that was renewed meanwhile. */
const MAX_ATTEMPTS = 2;

export class AccountAuthorization implements RequestAuthorizer {
  private known: Promise<string | undefined> | undefined;
  /** The value of the last request's field. */
  private latest: string | undefined;
  private readonly origin: string;
  private readonly sessions: SessionIds;

  constructor(
    url: string,
    host: Pick<AuthorizationHost, 'holds'>,
    /** The value of `Authorization` as the session is now; undefined when there is none any more. */
    private readonly ask: () => Promise<string | undefined>,
    /** Told whenever requests go on under other credentials than before. */
    private readonly onTokens: () => void,
  ) {
    this.origin = new URL(url).origin;
    this.sessions = new SessionIds(url, (ids) => host.holds('session', ids));
  }

  async headersFor({ url }: Parameters<RequestAuthorizer['headersFor']>[0]): Promise<Fields> {
    this.sessions.asked(url);
    if (url.origin !== this.origin) return [];
    const header = await (this.known ?? this.renew());
    return header === undefined ? [] : [['authorization', header]];
  }

  /** A session lives for an hour or so: the editor may have another one than that which was refused. */
  async challenged({ status, used, attempt }: Challenge): Promise<'retry' | Failure> {
    if (status === 403) return { code: 'authorization', problem: 'insufficient-scope' };
    const refused = used.find(([name]) => name === 'authorization')?.[1];
    const now = await (this.latest === refused ? this.renew() : this.known);
    if (now !== undefined && now !== refused && attempt < MAX_ATTEMPTS) return 'retry';
    return { code: 'authorization', problem: 'account-refused' };
  }

  noted(headers: Challenge['headers']): void {
    this.sessions.answered(headers);
  }

  /** Goes on with the session as it is now. @returns true when there is none any more */
  async follow(): Promise<boolean> {
    return (await this.renew()) === undefined;
  }

  signOut(): Promise<never> {
    const detail =
      'It is used with an account of the editor. Sign out of that account in the editor instead.';
    return Promise.reject(refused(detail));
  }

  close(): Promise<void> {
    this.known = undefined;
    return Promise.resolve();
  }

  private renew(): Promise<string | undefined> {
    const known = this.ask().then((header) => {
      const isOther = this.latest !== undefined && header !== this.latest;
      this.latest = header;
      if (isOther) this.onTokens();
      return header;
    });
    // The next request asks again.
    known.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    this.known = known;
    return known;
  }
}
