/**
 * Where a browser comes back to after a sign-in: a listener on this machine only, for one answer, that says nothing of what it got
 * (RFC 8252 §7.3, T075, T084, T087).
 */

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { Deferred } from '../base/deferred';

const PATH = '/callback';
const MAX_HEADER_BYTES = 16_384;
const HEADERS_MS = 10_000;

export class LoopbackRedirect {
  private readonly answered = new Deferred<string>();
  /** Set once the browser was sent off; nothing is an answer before. */
  private state: string | undefined;

  private constructor(
    private readonly servers: readonly http.Server[],
    /** What the authorization server is told. */
    readonly uri: string,
  ) {
    for (const server of servers) server.on('request', (request, response) => this.take(request, response));
  }

  /**
   * Listens, on a port of the system's choice or on the one that was registered by hand.
   * @param wanted a loopback address over http, as `http://localhost:8765/done`; it is told exactly as it was registered
   * @param earlier one of ours, whose port is taken again while it is free: not every authorization server lets it differ
   * @returns undefined when the port that was registered by hand is taken
   */
  static async listen(wanted?: string, earlier?: string): Promise<LoopbackRedirect | undefined> {
    const port = wanted === undefined ? portOf(earlier) : Number(new URL(wanted).port) || 80;
    const isOurs = wanted === undefined && port !== 0;
    const first =
      (await listenOn('127.0.0.1', port)) ?? (isOurs ? await listenOn('127.0.0.1', 0) : undefined);
    if (!first) return undefined;
    const chosen = (first.address() as AddressInfo).port;
    // Browsers may take either for `localhost`; where there is no IPv6, one is enough.
    const second = await listenOn('::1', chosen);
    const servers = second ? [first, second] : [first];
    return new LoopbackRedirect(servers, wanted ?? `http://127.0.0.1:${chosen}${PATH}`);
  }

  /**
   * Waits for the browser.
   * @param state what its address must hold
   * @returns the whole address; undefined when `signal` aborts
   */
  async wait(state: string, signal: AbortSignal): Promise<string | undefined> {
    this.state = state;
    const aborted = new Deferred<undefined>();
    const onAbort = (): void => aborted.resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([this.answered.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  private take(request: http.IncomingMessage, response: http.ServerResponse): void {
    const own = new URL(this.uri);
    // A page that has its own name lead here is none of ours (DNS rebinding).
    if (!isOwnHost(request.headers.host, own.port))
      return answer(response, 421, 'This is not the right host.');
    const target = request.url ?? '';
    const url = URL.canParse(target, own.origin) ? new URL(target, own.origin) : undefined;
    if (request.method !== 'GET' || url?.pathname !== own.pathname)
      return answer(response, 404, 'There is nothing here.');
    // Also for errors: anybody could end a sign-in otherwise.
    if (this.state === undefined || url.searchParams.get('state') !== this.state)
      return answer(response, 400, 'This does not belong to a sign-in that is waiting.');
    answer(response, 200, 'You can close this page and go back to the editor.');
    this.state = undefined;
    this.answered.resolve(url.href);
  }
}

/** The port of a redirect that {@link LoopbackRedirect.listen} has chosen; any other text has none. */
function portOf(earlier = ''): number {
  const [, port = '0'] = /^http:\/\/127\.0\.0\.1:(\d{4,5})\/callback$/.exec(earlier) ?? [];
  return Number(port) < 65_536 ? Number(port) : 0;
}

async function listenOn(host: string, port: number): Promise<http.Server | undefined> {
  const server = http.createServer({ maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS });
  server.listen({ host, port, exclusive: true, ipv6Only: host.includes(':') });
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined; // Taken, or there is no such address here.
  }
}

function isOwnHost(host: string | undefined, port: string): boolean {
  const names = ['127.0.0.1', '[::1]', 'localhost'];
  return names.some((name) => host === `${name}:${port}` || (port === '' && host === name));
}

/** Nothing of the request is in it. */
function answer(response: http.ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>MCP Host</title>` +
      `<body style="font:16px system-ui;margin:4em auto;max-width:32em;color-scheme:light dark">` +
      `<h1 style="font-size:1.2em">MCP Host</h1><p>${text}</p></body></html>`,
  );
}
