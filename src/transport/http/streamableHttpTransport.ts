/**
 * Streamable HTTP in both forms: each message is a POST of its own, answered by JSON or by a stream of events. In the stateful era
 * (2025-03-26 to 2025-11-25) there are sessions, a stream of the server's own, and streams that are taken up again; in the stateless one
 * (2026-07-28) a message carries all it needs, and closing its stream takes it back.
 */

import type { Disposable } from '../../base/disposable';
import { FewAtOnce } from '../../base/fewAtOnce';
import { pauseFor } from '../../base/pauseFor';
import { FailureError, invalidResult, type Failure } from '../../protocol/failure';
import {
  isNotification,
  isRequest,
  isResponse,
  type JsonRpcMessage,
  type JsonRpcRequest,
  type RequestId,
} from '../../protocol/jsonrpc';
import type { Negotiated } from '../../protocol/revisions';
import { subjectOfItem, type WireItem } from '../wireItems';
import type { SendHints, Transport, TransportHandlers } from '../transport';
import { readAnswerStream } from './answerStream';
import { EVENT_STREAM } from './eventStream';
import { GOODBYE, takenBackBy } from './goodbye';
import type { HttpReply } from './httpClient';
import type { HttpTransportOptions } from './httpTransportOptions';
import { Intake } from './intake';
import { discard, drain, readBody } from './bodies';
import { againIfCut } from './networkFailure';
import { exchangeFailure, requestFailure } from './replies';
import { isModern } from './requestHeaders';
import { SessionEndpoint } from './sessionEndpoint';
import { OwnStream } from './ownStream';
import { keepServerStream } from './serverStream';
import { EventTooLarge } from './sseParser';

/** A request on its way. */
interface Exchange {
  readonly abort: AbortController;
  readonly modern: boolean;
  /** Aborts when its session is over. */
  readonly session: AbortSignal;
  answered: boolean;
}

/** One-way messages on their way, from which on a server counts as not taking them. */
const MANY_UNTAKEN = 100;
/** Answers to the server that are posted at once: each takes a connection, and of these the whole process has only so many (T056). */
const POSTED_AT_ONCE = 4;
/** How long the server may take to accept a message that needs no answer (T066). */
const ACCEPT_MS = 30_000;
/** What a stream may still have to say behind its answer. */
const AFTER_ANSWER_MS = 2_000;

export class StreamableHttpTransport implements Transport {
  readonly ownStream = new OwnStream();
  private readonly exchanges = new Map<RequestId, Exchange>();
  private readonly over = new AbortController();
  private readonly intake: Intake;
  private readonly endpoint: SessionEndpoint;
  private handlers: TransportHandlers | undefined;
  /** Over when another session begins, or none: its own stream ends then, and what was to be said in it is left unsaid (SESS2). */
  private session = new AbortController();
  /** Done when the server has taken `notifications/initialized`, or refused it: some refuse what comes before. */
  private ready: Promise<void> = Promise.resolve();
  private untaken = 0;
  private readonly posting = new FewAtOnce(POSTED_AT_ONCE);

  constructor(private readonly options: HttpTransportOptions) {
    this.intake = new Intake(options.limits, this.over.signal);
    this.endpoint = new SessionEndpoint(options.endpoint, options.http, options.clock);
  }

  start(handlers: TransportHandlers): Promise<void> {
    this.handlers = handlers;
    return Promise.resolve();
  }

  send(message: JsonRpcMessage, hints: SendHints = {}): void {
    if (this.over.signal.aborted) return;
    if (isRequest(message)) void this.request(message, hints);
    else this.sendOneWay(message);
  }

  established(negotiated: Negotiated): void {
    this.endpoint.established(negotiated);
  }

  cancel(id: RequestId): boolean {
    // A server of the stateful era is told with a message: there, a lost connection takes nothing back (HTTPL8).
    if (this.exchanges.get(id)?.modern !== true) return false;
    this.abandon(id);
    return true;
  }

  abandon(id: RequestId): void {
    this.exchanges.get(id)?.abort.abort();
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

  async close(): Promise<void> {
    if (this.over.signal.aborted) return;
    this.over.abort();
    this.session.abort();
    for (const { abort } of this.exchanges.values()) abort.abort();
    this.intake.resume();
    await this.endpoint.end();
    this.options.http.close();
    this.handlers?.onClose({ kind: 'closed' });
  }

  private async request(message: JsonRpcRequest, { headers = [], ...how }: SendHints): Promise<void> {
    const { id, method } = message;
    if (method === 'initialize') this.beginSession();
    const abort = new AbortController();
    const session = this.session.signal;
    const exchange: Exchange = { abort, modern: isModern(message), session, answered: false };
    const { signal } = abort;
    this.exchanges.set(id, exchange);
    let failure: Failure | undefined;
    let reply: HttpReply | undefined;
    try {
      if (method !== 'initialize' && !exchange.modern) await this.ready;
      const send = (): Promise<HttpReply> => this.endpoint.post(message, headers, signal, how);
      // The connection that the probe has left is closed by some servers just as it is used again, and a session may begin twice.
      reply = await (method === 'initialize' ? againIfCut(send) : send());
      if (method === 'initialize') this.endpoint.take(reply);
      await this.takeReply(id, exchange, reply, signal);
      failure = reply.contentType === EVENT_STREAM ? LOST : this.failureOf(NO_ANSWER, method, true);
    } catch (error) {
      failure = this.failureOf(error, method, reply !== undefined && reply.status < 400);
    }
    if (this.exchanges.get(id) === exchange) this.exchanges.delete(id);
    if (!exchange.answered && !signal.aborted) this.handlers?.onFailed(id, failure);
  }

  private beginSession(): void {
    this.session.abort();
    this.session = new AbortController();
    this.endpoint.begin();
  }

  /** Hands over what an answer holds. @throws FailureError, NetworkError or EventTooLarge */
  private async takeReply(
    id: RequestId,
    exchange: Exchange,
    reply: HttpReply,
    signal: AbortSignal,
  ): Promise<void> {
    if (reply.status >= 400) throw new FailureError(await this.endpoint.refusal(reply));
    if (reply.contentType === EVENT_STREAM) return await this.takeStream(id, exchange, reply, signal);
    if (reply.contentType !== 'application/json' && reply.status !== 202 && reply.status !== 204)
      throw new FailureError(await this.endpoint.failure(reply));
    const body = await readBody(reply, this.options.limits.line);
    if (!body) throw new EventTooLarge();
    if (body.length > 0) await this.takeBytes(body, id, exchange);
  }

  private async takeStream(
    id: RequestId,
    exchange: Exchange,
    first: HttpReply,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, limits } = this.options;
    let ending: Disposable | undefined;
    try {
      await readAnswerStream(first, {
        clock,
        maxBytes: limits.line,
        signal,
        isResumable: !exchange.modern,
        take: async (data) => {
          await this.takeBytes(data, id, exchange);
          // The answer ends the stream; one that stays open behind it is closed from here.
          if (exchange.answered) ending ??= clock.schedule(AFTER_ANSWER_MS, () => exchange.abort.abort());
        },
        isAnswered: () => exchange.answered,
        open: async (extra) => {
          // In another session the position of this stream says nothing.
          if (exchange.session.aborted) throw new FailureError({ code: 'session-lost' });
          return await this.endpoint.get(extra, signal);
        },
        refusal: async (reply) => {
          if (reply.status >= 400) return await this.endpoint.refusal(reply);
          discard(reply);
          return LOST;
        },
      });
    } finally {
      ending?.dispose();
    }
  }

  private async takeBytes(bytes: Buffer, during?: RequestId, exchange?: Exchange): Promise<void> {
    if (!this.handlers) return;
    await this.intake.take(bytes, this.handlers, during, (item) => {
      if (exchange && answers(item, during)) exchange.answered = true;
    });
  }

  private sendOneWay(message: JsonRpcMessage): void {
    const before = this.ready;
    const { signal } = this.session;
    const id = takenBackBy(message);
    // Before the server is told: a call that waits for the handshake, or for somebody who signs in, must not leave any more.
    if (id !== undefined) this.abandon(id);
    const taken = (async (): Promise<HttpReply | undefined> => {
      this.untaken++;
      try {
        // An answer is part of whatever the server is doing; it may do it before it takes the handshake's last word.
        if (isResponse(message)) return await this.posting.run(() => this.post(message, signal));
        await before;
        return await this.post(message, signal);
      } catch (error) {
        this.noteRefusal(exchangeFailure(error, this.endpoint.host), signal);
        return undefined;
      } finally {
        this.untaken--;
      }
    })();
    // Taken or refused is said by the head of the answer; nothing waits for its body.
    void taken.then((reply) => this.readAway(reply, signal));
    if (!isNotification(message) || message.method !== 'notifications/initialized') return;
    this.ready = taken.then(() => undefined);
    void this.ready.then(() => this.listen(signal));
  }

  /** Sent again when its connection was cut: it may come twice without harm, and nobody else would send it again. */
  private async post(message: JsonRpcMessage, signal: AbortSignal): Promise<HttpReply> {
    const how = takenBackBy(message) === undefined ? { answerMs: ACCEPT_MS } : GOODBYE;
    return await againIfCut(() => this.endpoint.post(message, [], signal, how));
  }

  private async readAway(reply: HttpReply | undefined, signal: AbortSignal): Promise<void> {
    if (!reply) return;
    if (reply.status < 400) drain(reply, this.options.clock);
    else this.noteRefusal(await this.endpoint.refusal(reply), signal);
  }

  private noteRefusal(failure: Failure, { aborted }: AbortSignal): void {
    if (aborted) return;
    this.handlers?.onOdd(`The server did not take a message that needs no answer (${failure.code}).`);
  }

  /** Opens the stream on which the server speaks by itself. */
  private listen(signal: AbortSignal): void {
    if (signal.aborted || !this.endpoint.isStateful) return;
    const { clock, limits } = this.options;
    void keepServerStream(
      {
        clock,
        maxBytes: limits.line,
        open: (extra) => this.endpoint.get(extra, signal, true),
        take: (bytes) => this.takeBytes(bytes),
        pause: (ms) => pauseFor(ms, clock, signal),
        changed: () => this.options.http.changed?.(),
        onOdd: (message) => this.handlers?.onOdd(message),
        ownStream: this.ownStream,
        onTaken: async (reply) => {
          const { code } = await this.endpoint.refusal(reply);
          if (code === 'session-lost' && !signal.aborted) this.handlers?.onDoubt?.();
        },
      },
      signal,
    );
  }

  private failureOf(error: unknown, method: string, wasTaken: boolean): Failure {
    const known = error instanceof EventTooLarge ? tooLarge(error, this.options.limits.line) : error;
    return requestFailure(known, this.endpoint.host, method, wasTaken);
  }
}

function tooLarge({ isNothing }: EventTooLarge, bytes: number): FailureError {
  if (isNothing) return invalidResult('over 1 MB of its stream says nothing');
  const detail = 'an answer over HTTP may not be larger';
  return new FailureError({ code: 'message-refused', bytes, detail });
}

const NO_ANSWER = invalidResult('the HTTP answer holds no answer to the request');
const LOST: Failure = { code: 'answer-lost' };

/** True when nobody has to wait for the answer of request `id` behind this; an error that names no request is the answer too (BASE5). */
function answers(item: WireItem, id: RequestId | undefined): boolean {
  if (item.kind === 'message') return isResponse(item.message) && (item.message.id ?? id) === id;
  const subject = subjectOfItem(item);
  return subject?.kind === 'answer' && subject.id === id;
}
