/** Machines of the tests of connections: servers with and without TLS, and proxies, all on this one. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';

import type { NetworkSettings } from '../../../src/client/contract';
import { readBody } from '../../../src/transport/http/bodies';
import { HttpClient, type HttpReply } from '../../../src/transport/http/httpClient';
import { NetworkError } from '../../../src/transport/http/networkFailure';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { socksProxy } from './socksProxy';

const TLS = path.resolve('test', 'support', 'tls');
/** A file of `test/support/tls`. */
export const read = (name: string): string => readFileSync(path.join(TLS, name), 'utf8');

const IDENTITY = { key: read('localhost.key'), cert: read('localhost.pem') };

/** Servers of one test, ended with it. */
class Machines {
  readonly connects: { readonly target: string; readonly authorization: string | undefined }[] = [];
  readonly asked: { readonly version: number; readonly to: string; readonly user: string | undefined }[] = [];
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  async plain(body = 'plain'): Promise<number> {
    return await this.listen(http.createServer((_, response) => response.end(body)));
  }

  async secure(onRequest = (): unknown => undefined): Promise<number> {
    const server = https.createServer(IDENTITY, (_, response) => {
      onRequest();
      response.end('secure');
    });
    return await this.listen(server);
  }

  /** A proxy to which every name leads to one port of this machine; `status` refuses tunnels. */
  async proxy(target: number, status = 200, isSecure = false): Promise<string> {
    const note = (to: string, headers: http.IncomingHttpHeaders): void =>
      void this.connects.push({ target: to, authorization: headers['proxy-authorization'] });
    const answer: http.RequestListener = (request, response) => {
      note(request.url ?? '', request.headers);
      response.writeHead(status).end('through the proxy');
    };
    const server = isSecure ? https.createServer(IDENTITY, answer) : http.createServer(answer);
    server.on('connect', (request: http.IncomingMessage, socket: Socket) => {
      note(request.url ?? '', request.headers);
      socket.on('error', () => undefined);
      if (status !== 200) return void socket.end(`HTTP/1.1 ${status} Refused\r\nContent-Length: 0\r\n\r\n`);
      const onward = connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
      this.sockets.add(onward);
    });
    const port = await this.listen(server);
    return isSecure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  /** The port of a SOCKS proxy to which every name leads to one port of this machine. */
  async socks(target: number): Promise<number> {
    return await this.listen(socksProxy(target, (asked) => this.asked.push(asked)));
  }

  async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => once(server.close(), 'close')));
  }

  private async listen(server: Server): Promise<number> {
    this.servers.push(server);
    server.on('connection', (socket: Socket) => this.sockets.add(socket));
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
}

/** @param use gets a client's GET under some settings, whose answer is its status and body. */
export async function withMachines(
  use: (
    machines: Machines,
    get: (url: string, settings: Partial<NetworkSettings>) => Promise<string>,
  ) => Promise<void>,
): Promise<void> {
  const machines = new Machines();
  const clients: HttpClient[] = [];
  try {
    await use(machines, async (url, settings) => {
      const client = new HttpClient({ ...DIRECT, ...settings }, new FakeClock());
      clients.push(client);
      const reply: HttpReply = await client.send({
        method: 'GET',
        url: new URL(url),
        headers: { authorization: 'secret' },
        signal: new AbortController().signal,
      });
      return `${reply.status} ${(await readBody(reply, 1_000))?.toString() ?? ''}`;
    });
  } finally {
    for (const client of clients) client.close();
    await machines.end();
  }
}

/** Says of an error whether it is this problem of the network. */
export const isProblem =
  (problem: NetworkError['problem']) =>
  (error: unknown): boolean =>
    error instanceof NetworkError && error.problem === problem;
export const certificateTrouble = isProblem('certificate');
