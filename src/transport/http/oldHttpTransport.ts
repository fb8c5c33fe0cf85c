/**
 * HTTP+SSE of revision 2024-11-05: one stream on which the server says everything, and an address, told by the stream's first event, to
 * which every message is posted (SSE1).
 */

import { Deferred } from '../../base/deferred';
import type { Disposable } from '../../base/disposable';
import { FewAtOnce } from '../../base/fewAtOnce';
import { FailureError, invalidResult, type Failure } from '../../protocol/failure';
import {
  isNotification,
  isRequest,
  isResponse,
  type JsonRpcMessage,
  type JsonRpcRequest,
  type RequestId,
} from '../../protocol/jsonrpc';
import type { Transport, TransportHandlers } from '../transport';
import { EVENT_STREAM, readEvents } from './eventStream';
import { GOODBYE, takenBackBy } from './goodbye';
import type { HttpReply } from './httpClient';
import type { HttpTransportOptions } from './httpTransportOptions';
import { Intake } from './intake';
import { drain } from './bodies';
import { originOf } from './redirects';
import { exchangeFailure, failureOf, requestFailure } from './replies';
import { isSessionLoss } from './sessionEndpoint';

/** How long the server may take to accept a message that has no answer; what follows a notification waits for that (T066). */
const ACCEPT_MS = 30_000;
/** How long the server may take to accept a request that it has answered already. */
const AFTER_ANSWER_MS = 2_000;
/** One-way messages on their way, from which on a server counts as not taking them. */
const MANY_UNTAKEN = 100;
/** Answers to the server that are posted at once (T056). */
const POSTED_AT_ONCE = 4;

/** The address for messages: it goes with each of them. */
const MAX_ENDPOINT_BYTES = 8_192;

export class OldHttpTransport implements Transport {
  private readonly over = new AbortController();
  private readonly target = new Deferred<URL>();
  private readonly intake: Intake;
  private handlers: TransportHandlers | undefined;
  private posting: URL | undefined;
  /** Before that, a refusal is the server's answer to the handshake. */
  private isEstablished = false;
  private untaken = 0;
  /** Requests whose turn has not come, and those that the server has not taken yet. */
  private readonly waiting = new Set<RequestId>();
  private readonly posted = new Map<RequestId, { readonly abort: AbortController; ending?: Disposable }>();
  /**
   * Done when the server has taken all notifications so far: what follows them builds on them. Nothing waits for a request to be taken, as
   * some servers take it when they have carried it out; and what they ask meanwhile has to be answered.
   */
  private last: Promise<void> = Promise.resolve();
  private readonly answering = new FewAtOnce(POSTED_AT_ONCE);

  constructor(private readonly options: HttpTransportOptions) {
    this.intake = new Intake(options.limits, this.over.signal);
  }

  /** @throws FailureError when the server has no such stream */
  async start(handlers: TransportHandlers): Promise<void> {
    this.handlers = handlers;
    const { endpoint, http, clock } = this.options;
    let reply: HttpReply;
    try {
      reply = await http.send({
        method: 'GET',
        url: endpoint.url,
        headers: { ...endpoint.headers, accept: EVENT_STREAM },
        signal: this.over.signal,
      });
    } catch (error) {
      throw new FailureError(exchangeFailure(error, endpoint.url.host));
    }
    if (reply.status !== 200 || reply.contentType !== EVENT_STREAM)
      throw new FailureError(await failureOf(reply, clock, endpoint.headers));
    void this.listen(reply);
    this.posting = await this.target.promise;
  }

  established(): void {
    this.isEstablished = true;
  }

  send(message: JsonRpcMessage): void {
    const to = this.posting;
    if (!to || this.over.signal.aborted) return;
    if (isRequest(message)) {
      this.waiting.add(message.id);
      void this.last.then(() => this.request(to, message));
      return;
    }
    this.untaken++;
    const post = (): Promise<void> => this.post(to, message, this.over.signal);
    const taken = isResponse(message) ? this.answering.run(post) : this.last.then(post);
    if (isNotification(message)) this.last = taken;
    void taken.then(() => this.untaken--);
  }

  /** One whose turn has not come never leaves: a tool must not be called behind the back of who has cancelled it. */
  cancel(id: RequestId): boolean {
    if (this.waiting.delete(id)) return true;
    // It may be held up by somebody who signs in, and must not leave any more; the server is told in case that it has.
    this.posted.get(id)?.abort.abort();
    return false;
  }

  abandon(id: RequestId): void {
    const posted = this.posted.get(id);
    if (posted) posted.ending ??= this.options.clock.schedule(AFTER_ANSWER_MS, () => posted.abort.abort());
  }

  pause(): void {
    this.intake.pause();
  }

  resume(): void {
    this.intake.resume();
  }

  get isCongested(): boolean {
    return this.untaken >= MANY_UNTAKEN;
  }

  close(): Promise<void> {
    if (this.end()) this.handlers?.onClose({ kind: 'closed' });
    return Promise.resolve();
  }

  private async listen(reply: HttpReply): Promise<void> {
    const { limits } = this.options;
    let failure: Failure = { code: 'connection-closed' };
    try {
      await readEvents(reply, limits.line, { sawMessage: false }, async ({ type, data }) => {
        if (type === 'endpoint') this.takeEndpoint(data);
        else if (type === 'message' && this.target.isSettled && this.handlers)
          await this.intake.take(data, this.handlers);
      });
    } catch (error) {
      if (error instanceof FailureError) failure = error.failure;
    }
    this.target.reject(new FailureError(failure));
    if (this.posting) this.cut();
    else this.end();
  }

  /** The session is over, since its stream is, or the server says so. */
  private cut(): void {
    if (!this.end()) return;
    // Their turn has not come: nobody may have acted on them.
    for (const id of this.waiting) this.handlers?.onFailed(id, { code: 'connection-closed' });
    this.waiting.clear();
    this.handlers?.onClose({ kind: 'ended', ...(this.isEstablished ? { isCut: true } : {}) });
  }

  /** The first one counts. Another origin would get what is meant for this one (T073). */
  private takeEndpoint(data: Buffer): void {
    const { url } = this.options.endpoint;
    if (this.target.isSettled) return;
    if (data.length > MAX_ENDPOINT_BYTES) throw invalidResult('its address for messages is too long');
    const text = data.toString('utf8');
    const to = URL.canParse(text, url.href) ? new URL(text, url.href) : undefined;
    if (!to || to.origin !== url.origin || to.username !== '' || to.password !== '') {
      const origin = to && originOf(to);
      const named = origin === undefined || origin === url.origin ? {} : { to: origin };
      throw new FailureError({ code: 'redirected', reason: 'messages', ...named });
    }
    this.target.resolve(to);
  }

  /** The turn of a request has come. */
  private async request(url: URL, message: JsonRpcRequest): Promise<void> {
    const { id } = message;
    if (!this.waiting.delete(id)) return;
    const posted: { readonly abort: AbortController; ending?: Disposable } = { abort: new AbortController() };
    this.posted.set(id, posted);
    await this.post(url, message, AbortSignal.any([posted.abort.signal, this.over.signal]));
    posted.ending?.dispose();
    this.posted.delete(id);
  }

  private async post(url: URL, message: JsonRpcMessage, signal: AbortSignal): Promise<void> {
    const { endpoint, http, clock } = this.options;
    let failure: Failure | undefined;
    try {
      const reply = await http.send({
        method: 'POST',
        url,
        headers: { ...endpoint.headers, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(message),
        signal,
        ...howLong(message),
      });
      if (reply.status >= 400) throw new FailureError(await failureOf(reply, clock, endpoint.headers));
      drain(reply, clock);
    } catch (error) {
      failure = isRequest(message)
        ? requestFailure(error, url.host, message.method, false)
        : exchangeFailure(error, url.host);
    }
    if (!failure || signal.aborted) return;
    // Before the end is told, which those requests fail with that the server has taken.
    if (isRequest(message)) this.handlers?.onFailed(message.id, failure);
    if (this.isEstablished && isSessionLoss(failure)) this.cut();
    else if (!isRequest(message))
      this.handlers?.onOdd(`The server did not take a message that needs no answer (${failure.code}).`);
  }

  /** @returns false when it was over already */
  private end(): boolean {
    if (this.over.signal.aborted) return false;
    this.over.abort();
    this.intake.resume();
    this.options.http.close();
    return true;
  }
}

/** A request has deadlines of its own, which are the person's to set. */
function howLong(message: JsonRpcMessage): { readonly answerMs?: number; readonly isGoodbye?: true } {
  if (isRequest(message)) return {};
  return takenBackBy(message) === undefined ? { answerMs: ACCEPT_MS } : GOODBYE;
}
