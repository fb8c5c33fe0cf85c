/**
 * The one way over HTTP: bounded headers, connect deadline, checked redirects, decompression, checked addresses. It knows no JSON-RPC
 * and no authorization.
 */

import http from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';

import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { cutText } from '../../protocol/cutText';
import type { NetworkSettings } from '../remoteSpec';
import { Agents, type Connecting } from './agents';
import { guardedLookup, isAllowedHost, type AddressRule } from './addressGuard';
import { NetworkError, toNetworkError, toProxiedError } from './networkFailure';
import { nextHop } from './redirects';
import { discard, drain } from './bodies';
import { decompressed } from './decompressed';

/** One request, with its limits. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** All header fields for an address, in the place of `headers`: some hold for one alone, and a redirect leads to another. */
  readonly headersAt?: (url: URL) => Promise<Readonly<Record<string, string>>>;
  /** Sees the header fields of each redirect that is followed. */
  readonly onHop?: (headers: HttpReply['headers']) => void;
  readonly body?: string;
  /** Ends the request in whatever state it is, and its body. */
  readonly signal: AbortSignal;
  /** Milliseconds until the answer begins; none for requests that have a deadline of their own. */
  readonly answerMs?: number;
  /** Where it may go; anywhere unless it says otherwise. */
  readonly addresses?: AddressRule;
  /** Redirects that are followed within the origin; three unless it says otherwise. */
  readonly maxHops?: number;
}

/** The beginning of an answer; `body` is still to come. */
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<http.IncomingHttpHeaders>;
  /** Without parameters, in lower case: `application/json`. Empty when there is none. */
  readonly contentType: string;
  /** Decompressed. It must be read to its end or destroyed. */
  readonly body: Readable;
}

/** Until a connection is made, TLS and a proxy included. */
const CONNECT_MS = 10_000;
const MAX_HEADER_BYTES = 65_536;
const MAX_HOPS = 3;
/** Characters of the name of a compression that are quoted. */
const MAX_ENCODING = 40;
/** RFC 9110 §10.1.5; firewalls refuse requests that name nobody. No version: it is nobody's business before the handshake. */
const USER_AGENT = 'mcp-host';

export class HttpClient {
  private readonly agents: Agents;

  constructor(
    settings: NetworkSettings,
    private readonly clock: Clock,
  ) {
    this.agents = new Agents(settings);
  }

  /**
   * Sends a request, and follows redirects within the origin.
   * @throws what `headersAt` throws; NetworkError; RedirectError for a redirect that is not followed; the signal's reason when it aborts.
   */
  async send(request: HttpRequest): Promise<HttpReply> {
    let { url } = request;
    const hops = request.maxHops ?? MAX_HOPS;
    for (let hop = 0; ; hop++) {
      const headers = (await request.headersAt?.(url)) ?? request.headers;
      const reply = await this.exchange({ ...request, url, headers }, await this.agents.for(url));
      const next = hopOf(request.method, url, reply, hop < hops);
      if (!next) return reply;
      request.onHop?.(reply.headers);
      drain(reply, this.clock);
      url = next;
    }
  }

  /** Ends every connection. */
  close(): void {
    this.agents.close();
  }

  private exchange(request: HttpRequest, { agent, byProxy, tls }: Connecting): Promise<HttpReply> {
    const { url, signal, addresses = 'any' } = request;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(reasonOf(signal));
      if (!isAllowedHost(url.hostname, addresses))
        return reject(new NetworkError('forbidden-address', url.host));
      const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
        method: request.method,
        headers: headersOf(request),
        agent,
        ...tls,
        maxHeaderSize: MAX_HEADER_BYTES,
        // The proxy itself may be in a private network, and only it knows where a name leads.
        lookup: byProxy ? undefined : guardedLookup(addresses),
      });
      let incoming: http.IncomingMessage | undefined;
      let isOpen = false;
      const onAbort = (): void => {
        end(reasonOf(signal));
        incoming?.destroy(reasonOf(signal));
      };
      const forget = (): void => signal.removeEventListener('abort', onAbort);
      // Whoever ends it does not wait for the connection to say so: one that a proxy never opens says nothing.
      const end = (error: Error): void => {
        settle();
        outgoing.destroy();
        if (incoming) return;
        forget();
        reject(isOpen && error instanceof NetworkError ? error.whenSent() : error);
      };
      const timers = this.deadlines(request, end);
      const settle = (): void => {
        for (const timer of timers) timer.dispose();
      };
      whenOpen(outgoing, () => {
        isOpen = true;
        timers[0].dispose();
      });
      signal.addEventListener('abort', onAbort, { once: true });
      outgoing.on('response', (message) => {
        settle();
        incoming = message;
        message.once('close', forget);
        resolve(replyOf(message, url.host));
      });
      outgoing.on('error', (error) => {
        if (outgoing.reusedSocket && !signal.aborted) Agents.dropIdle(agent);
        if (!incoming) end((byProxy ? toProxiedError : toNetworkError)(error, url.host));
      });
      // A server that changes to another protocol, which nobody asked for, gets its connection closed without a word (RFC 9110 §15.2.2).
      outgoing.on('close', () => {
        if (!incoming) end(new NetworkError('not-http', url.host));
      });
      outgoing.end(request.body);
    });
  }

  /** That of connecting, and that of the answer where it has one. */
  private deadlines(
    { url, answerMs }: HttpRequest,
    end: (error: Error) => void,
  ): [Disposable, ...Disposable[]] {
    const within = (ms: number): Disposable =>
      this.clock.schedule(ms, () => end(new NetworkError('timeout', url.host)));
    return [within(CONNECT_MS), ...(answerMs === undefined ? [] : [within(answerMs)])];
  }
}

/** From then on the server may get the request. */
function whenOpen(outgoing: http.ClientRequest, open: () => void): void {
  outgoing.on('socket', (socket) => {
    // What a proxy has opened is connected, but TLS with the server behind it is still to come.
    const isSecure = 'encrypted' in socket;
    if (!outgoing.reusedSocket && (isSecure || socket.connecting))
      socket.once(isSecure ? 'secureConnect' : 'connect', open);
    else open();
  });
}

/** @throws RedirectError, of an answer that is let go of then. */
function hopOf(method: string, from: URL, reply: HttpReply, hasHopsLeft: boolean): URL | undefined {
  try {
    return nextHop(method, from, reply.status, reply.headers.location, hasHopsLeft);
  } catch (error) {
    discard(reply);
    throw error;
  }
}

function headersOf({ headers, body }: HttpRequest): Record<string, string | number> {
  return {
    'user-agent': USER_AGENT,
    ...headers,
    'accept-encoding': 'gzip',
    ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
  };
}

/** @throws NetworkError `encoding` */
function replyOf(message: http.IncomingMessage, host: string): Promise<HttpReply> {
  const body = decompressed(message);
  if (!body) {
    message.destroy();
    const encoding = message.headers['content-encoding'] ?? '';
    return Promise.reject(new NetworkError('encoding', host, cutText(encoding, MAX_ENCODING), true));
  }
  const contentType = (message.headers['content-type'] ?? '').split(';', 1)[0] ?? '';
  return Promise.resolve({
    status: message.statusCode ?? 0,
    headers: message.headers,
    contentType: contentType.trim().toLowerCase(),
    body,
  });
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new DOMException('Aborted', 'AbortError');
}
