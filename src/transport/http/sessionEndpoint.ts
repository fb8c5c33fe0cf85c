/** One MCP endpoint and the session that is held with it: which headers a message has, and what a refusal means. */

import type { Clock } from '../../base/clock';
import { isUnknownMethod, type Failure } from '../../protocol/failure';
import type { JsonRpcMessage } from '../../protocol/jsonrpc';
import type { Negotiated } from '../../protocol/revisions';
import { EVENT_STREAM } from './eventStream';
import type { HttpSender, SentRequest } from './authorizedHttp';
import type { HttpReply } from './httpClient';
import { drain } from './bodies';
import { failureOf } from './replies';
import {
  MAX_SESSION_ID,
  postHeaders,
  SESSION_HEADER,
  sessionHeaders,
  type HttpSession,
} from './requestHeaders';

/** An endpoint, resolved. */
export interface RemoteEndpoint {
  readonly url: URL;
  /** Sent to this origin only. */
  readonly headers: Readonly<Record<string, string>>;
}

type Headers = readonly (readonly [name: string, value: string])[];

/** How long the server may take to hear that the session is over. */
const CLOSE_MS = 1_000;

export class SessionEndpoint {
  private session: HttpSession = {};
  /** Answers to what was sent in a session: by the time one is looked at, there may be another session, or none. */
  private readonly inSession = new WeakSet<HttpReply>();

  constructor(
    private readonly endpoint: RemoteEndpoint,
    private readonly http: HttpSender,
    private readonly clock: Clock,
  ) {}

  get host(): string {
    return this.endpoint.url.host;
  }

  /** True in the stateful era, from the end of the handshake on. */
  get isStateful(): boolean {
    return this.session.negotiated !== undefined;
  }

  /** Forgets the session: a handshake begins without one (SESS2). */
  begin(): void {
    this.session = {};
  }

  /** Takes the id that the answer to `initialize` gives the session. */
  take(reply: HttpReply): void {
    const id = reply.headers[SESSION_HEADER];
    // Visible ASCII only (SESS1); anything else could not be sent back.
    if (typeof id === 'string' && id.length <= MAX_SESSION_ID && /^[\x21-\x7e]+$/.test(id))
      this.session = { ...this.session, id };
  }

  established(negotiated: Negotiated): void {
    if (negotiated.era === 'legacy') this.session = { ...this.session, negotiated };
  }

  async post(
    message: JsonRpcMessage,
    extra: Headers,
    signal: AbortSignal,
    more: Pick<SentRequest, 'answerMs' | 'isUnattended' | 'isGoodbye'> = {},
  ): Promise<HttpReply> {
    const { headers } = this.endpoint;
    const body = JSON.stringify(message);
    const fields = postHeaders(headers, this.session, message, extra);
    return await this.send('POST', fields, signal, { body, ...more });
  }

  /** Asks for a stream of events. @param isUnattended nobody waits for it. */
  async get(extra: Headers, signal: AbortSignal, isUnattended = false): Promise<HttpReply> {
    const headers = sessionHeaders(this.endpoint.headers, this.session, [['accept', EVENT_STREAM], ...extra]);
    return await this.send('GET', headers, signal, { isUnattended });
  }

  /** Tells the server that the session is over. Never rejects, and takes no longer than a second (SESS3). */
  async end(): Promise<void> {
    if (this.session.id === undefined) return;
    const abort = new AbortController();
    const timer = this.clock.schedule(CLOSE_MS, () => abort.abort());
    try {
      const headers = sessionHeaders(this.endpoint.headers, this.session);
      drain(await this.send('DELETE', headers, abort.signal, { isGoodbye: true }), this.clock);
    } catch {
      // A server that cannot be told forgets the session by itself.
    } finally {
      timer.dispose();
    }
  }

  /** An answer that is none of MCP's. Reads its body. */
  async failure(reply: HttpReply): Promise<Failure> {
    return await failureOf(reply, this.clock, this.endpoint.headers);
  }

  /** What an answer with an error status means. Reads its body. */
  async refusal(reply: HttpReply): Promise<Failure> {
    const failure = await this.failure(reply);
    return this.inSession.has(reply) && isSessionLoss(failure) ? { code: 'session-lost' } : failure;
  }

  private async send(
    method: 'GET' | 'POST' | 'DELETE',
    headers: Record<string, string>,
    signal: AbortSignal,
    more: Pick<SentRequest, 'body' | 'answerMs' | 'isUnattended' | 'isGoodbye'>,
  ): Promise<HttpReply> {
    const hasSession = headers[SESSION_HEADER] !== undefined;
    const { url } = this.endpoint;
    const reply = await this.http.send({ method, url, headers, signal, ...more });
    if (hasSession) this.inSession.add(reply);
    return reply;
  }
}

/** What servers say of a session that they do not know with a 400: the official SDK's, when it was started again, that it is not initialized. */
const SAYS_LOST = /session|not initialized/i;

/** 404 is what the specification says, but for a method that is not known; some servers answer 400 and say it in words (SESS2, T069). */
export function isSessionLoss(failure: Failure): boolean {
  if (isUnknownMethod(failure)) return false;
  if (failure.code === 'http-error')
    return failure.status === 404 || (failure.status === 400 && SAYS_LOST.test(failure.excerpt ?? ''));
  if (failure.code !== 'server-error') return false;
  return failure.httpStatus === 404 || (failure.httpStatus === 400 && SAYS_LOST.test(failure.message));
}
