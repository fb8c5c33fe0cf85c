/** The only way from authorization to the network: bounded, no redirects, checked addresses, and no header of the entry (T068, T080). */

import { allowInsecureRequests, customFetch } from 'oauth4webapi';

import type { Clock } from '../base/clock';
import { isLoopback } from '../base/loopback';
import { FailureError } from '../protocol/failure';
import type { AddressKind } from '../transport/http/address';
import type { AddressRule } from '../transport/http/addressGuard';
import type { HttpClient } from '../transport/http/httpClient';
import { NetworkError } from '../transport/http/networkFailure';
import { readBody } from '../transport/http/bodies';
import { exchangeFailure } from '../transport/http/replies';
import type { KindOfHost } from './contract';
import { ElsewhereError, problem } from './problem';
import { isSecure } from './urls';

/** Bytes of an answer, and how long a request and its whole answer may take. */
const MAX_BODY = 1_000_000;
const DEADLINE_MS = 10_000;
/** What of an answer is handed on; the rest, as a challenge of the token endpoint, says nothing that its body does not. */
const KEPT_HEADERS = ['content-type', 'dpop-nonce', 'retry-after'] as const;
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** What a request consists of. */
export interface GuardedRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: URLSearchParams | string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the library is told to use this. */
interface LibraryOptions {
  readonly [customFetch]: (url: string, request: GuardedRequest) => Promise<Response>;
  readonly [allowInsecureRequests]: boolean;
  readonly signal?: AbortSignal;
}

export class GuardedFetch {
  private serverKind: AddressKind | undefined;

  constructor(
    private readonly http: Pick<HttpClient, 'send'>,
    private readonly clock: Clock,
    private readonly serverUrl: URL,
    private readonly kindOf: KindOfHost,
    private readonly privateHosts: readonly string[] = [],
  ) {}

  /**
   * Sends a request and reads its whole answer.
   * @throws ElsewhereError (`network`) for a redirect; FailureError `network`, `cancelled`, or `authorization` for an unsafe URL or a body that has no end.
   */
  async send(address: string | URL, request: GuardedRequest): Promise<Response> {
    const url = new URL(address);
    if (!isSecure(url)) throw problem('unsafe-url', `${url.host} is not asked over https`);
    const outer = request.signal ?? new AbortController().signal;
    const late = new AbortController();
    const timer = this.clock.schedule(DEADLINE_MS, () => late.abort(new NetworkError('timeout', url.host)));
    try {
      return await this.exchange(url, request, AbortSignal.any([outer, late.signal]));
    } catch (error) {
      if (error instanceof FailureError) throw error;
      if (outer.aborted) throw new FailureError({ code: 'cancelled' });
      const failure = exchangeFailure(late.signal.aborted ? late.signal.reason : error, url.host);
      if (failure.code === 'redirected') throw new ElsewhereError(url.host, failure.to);
      throw new FailureError(failure.code === 'network' ? { ...failure, forSignIn: true } : failure);
    } finally {
      timer.dispose();
    }
  }

  /** Options with which the library sends through here, to an endpoint that `safeUrl` has let pass. */
  options(endpoint: URL, signal?: AbortSignal): LibraryOptions {
    return {
      [customFetch]: (url, request) => this.send(url, request),
      [allowInsecureRequests]: endpoint.protocol === 'http:' && isLoopback(endpoint.hostname),
      ...(signal === undefined ? {} : { signal }),
    };
  }

  private async exchange(url: URL, request: GuardedRequest, signal: AbortSignal): Promise<Response> {
    const { 'user-agent': _, ...headers } = request.headers;
    const reply = await this.http.send({
      method: request.method === 'GET' ? 'GET' : 'POST',
      url,
      headers,
      ...(request.body === undefined ? {} : { body: request.body.toString() }),
      signal,
      addresses: await this.ruleFor(url),
      maxHops: 0,
    });
    const body = await readBody(reply, MAX_BODY);
    if (body === undefined) throw problem('metadata-invalid', `${url.host} sent too much`);
    if (reply.status < 200 || reply.status > 599) throw new NetworkError('not-http', url.host);
    const kept = KEPT_HEADERS.flatMap((name) => {
      const value = reply.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    return new Response(BODILESS.has(reply.status) ? null : new Uint8Array(body), {
      status: reply.status,
      headers: kept,
    });
  }

  /**
   * A server leads to public addresses only; one on this machine or in a private network also to itself, and the person's own settings
   * wherever they like (T080).
   */
  private async ruleFor(url: URL): Promise<AddressRule> {
    if (this.privateHosts.includes(url.host)) return 'any';
    this.serverKind ??= await this.kindOf(this.serverUrl.hostname);
    const kind = this.serverKind;
    if (kind === undefined || kind === 'public') return 'public';
    if (url.hostname === this.serverUrl.hostname) return 'any';
    return kind === 'loopback' && isLoopback(url.hostname) ? 'any' : 'public';
  }
}
