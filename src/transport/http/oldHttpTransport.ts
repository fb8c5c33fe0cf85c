/**
 * HTTP+SSE of revision 2024-11-05: one stream on which the server says everything, and an address, told by the stream's first event, to
 * which every message is posted (SSE1).
 */

import { Deferred } from '../../base/deferred';
import { FailureError, invalidResult, type Failure } from '../../protocol/failure';
import { isRequest, type JsonRpcMessage, type RequestId } from '../../protocol/jsonrpc';
import type { Transport, TransportHandlers } from '../transport';
import { EVENT_STREAM, readEvents } from './eventStream';
import { GOODBYE, takenBackBy } from './goodbye';
import type { HttpReply } from './httpClient';
import type { HttpTransportOptions } from './httpTransportOptions';
import { Intake } from './intake';
import { drain } from './bodies';
import { exchangeFailure, failureOf } from './replies';

/** How long the server may take to accept a message; the next one waits for that (T066). */
const ACCEPT_MS = 30_000;
/** Messages on their way, from which on a server counts as not taking them. */
const MANY_UNTAKEN = 100;

/** The address for messages: it goes with each of them. */
const MAX_ENDPOINT_BYTES = 8_192;

export class OldHttpTransport implements Transport {
  private readonly over = new AbortController();
  private readonly target = new Deferred<URL>();
  private readonly intake: Intake;
  private handlers: TransportHandlers | undefined;
  private posting: URL | undefined;
  private untaken = 0;
  /** Requests whose turn has not come, and the message whose turn it is. */
  private readonly waiting = new Set<RequestId>();
  private current: { readonly message: JsonRpcMessage; readonly abort: AbortController } | undefined;
  /** Messages leave one after the other: their order is all that there is of a session. */
  private last: Promise<void> = Promise.resolve();

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

  send(message: JsonRpcMessage): void {
    const to = this.posting;
    if (!to || this.over.signal.aborted) return;
    this.untaken++;
    if (isRequest(message)) this.waiting.add(message.id);
    this.last = this.last.then(() => this.take(to, message)).finally(() => this.untaken--);
  }

  /** One whose turn has not come never leaves: a tool must not be called behind the back of who has cancelled it. */
  cancel(id: RequestId): boolean {
    if (this.waiting.delete(id)) return true;
    // It may be held up by somebody who signs in, and must not leave any more; the server is told in case that it has.
    const { message, abort } = this.current ?? {};
    if (message && isRequest(message) && message.id === id) abort?.abort();
    return false;
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
    if (this.posting && this.end()) this.handlers?.onClose({ kind: 'ended' });
    else this.end();
  }

  /** The first one counts. Another origin would get what is meant for this one (T073). */
  private takeEndpoint(data: Buffer): void {
    const { url } = this.options.endpoint;
    if (this.target.isSettled) return;
    if (data.length > MAX_ENDPOINT_BYTES) throw invalidResult('its address for messages is too long');
    const text = data.toString('utf8');
    const to = URL.canParse(text, url.href) ? new URL(text, url.href) : undefined;
    if (!to || to.origin !== url.origin || to.username !== '' || to.password !== '')
      throw new FailureError({
        code: 'redirected',
        reason: 'other-origin',
        ...(to ? { to: to.origin } : {}),
      });
    this.target.resolve(to);
  }

  /** The turn of a message has come. */
  private async take(url: URL, message: JsonRpcMessage): Promise<void> {
    if (isRequest(message) && !this.waiting.delete(message.id)) return;
    const abort = new AbortController();
    this.current = { message, abort };
    await this.post(url, message, AbortSignal.any([abort.signal, this.over.signal]));
    this.current = undefined;
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
        ...(takenBackBy(message) === undefined ? { answerMs: ACCEPT_MS } : GOODBYE),
      });
      if (reply.status >= 400) failure = await failureOf(reply, clock, endpoint.headers);
      else drain(reply, clock);
    } catch (error) {
      failure = exchangeFailure(error, url.host);
    }
    if (!failure || signal.aborted) return;
    if (isRequest(message)) this.handlers?.onFailed(message.id, failure);
    else this.handlers?.onOdd(`The server did not take a message that needs no answer (${failure.code}).`);
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
