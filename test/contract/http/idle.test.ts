/** Connections that nothing is sent over: by whichever way they go, those that wait for a request are ended, and those in use are not. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';

import type { NetworkSettings } from '../../../src/client/contract';
import { readBody } from '../../../src/transport/http/bodies';
import { HttpClient, type HttpReply } from '../../../src/transport/http/httpClient';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { read } from './machines';
import { socksProxy } from './socksProxy';

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that opens tunnels to one port of this machine. */
function tunnels(target: number): Server {
  const proxy = http.createServer();
  proxy.on('connect', (_request, socket: Socket) => {
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    for (const side of [socket, onward]) side.on('error', () => undefined);
    socket.on('close', () => onward.destroy());
  });
  return proxy;
}

/** How a server is reached: with TLS or without, and through which proxy. */
const WAYS = [
  ['directly', false],
  ['directly', true],
  ['through a tunnel', true],
  ['through a SOCKS proxy', false],
  ['through a SOCKS proxy', true],
] as const;

type Way = (typeof WAYS)[number];

async function check(t: TestContext, [way, isSecure]: Way): Promise<void> {
  const seen = new Map<string, Socket>();
  const answer: http.RequestListener = ({ url = '', socket }, response) => {
    seen.set(url, socket);
    if (url === '/stream') response.write('.');
    else response.end('.');
  };
  const server = isSecure
    ? https.createServer({ key: read('localhost.key'), cert: read('localhost.pem') }, answer)
    : http.createServer(answer);
  // It ends none by itself, and says of no time that it would.
  server.keepAliveTimeout = 0;
  const port = await listen(t, server);
  const bypass: readonly string[] = [];
  const through = async (): Promise<NetworkSettings['proxy']> => {
    switch (way) {
      case 'directly':
        return undefined;
      case 'through a tunnel':
        return { https: `http://127.0.0.1:${await listen(t, tunnels(port))}`, bypass };
      case 'through a SOCKS proxy': {
        const address = `socks5://127.0.0.1:${await listen(
          t,
          socksProxy(port, () => undefined),
        )}`;
        return { http: address, https: address, bypass };
      }
    }
  };
  const proxy = await through();
  const client = new HttpClient(
    { ...DIRECT, strictTls: false, ...(proxy ? { proxy } : {}) },
    new FakeClock(),
  );
  t.after(() => client.close());
  const host = proxy ? 'server.test' : '127.0.0.1';
  const ask = (path: string): Promise<HttpReply> =>
    client.send({
      method: 'GET',
      url: new URL(`${isSecure ? 'https' : 'http'}://${host}:${port}${path}`),
      headers: {},
      signal: new AbortController().signal,
    });
  const stream = await ask('/stream');
  stream.body.on('error', () => undefined).resume();
  await readBody(await ask('/done'), 10);
  const [used, idle] = [seen.get('/stream'), seen.get('/done')];
  assert.ok(used && idle && used !== idle);
  await once(idle, 'close');
  // It has been silent for longer than the other.
  assert.equal(used.destroyed, false, `${way} ${isSecure}`);
}

test('by whichever way: a connection without a request is ended before servers end theirs, and a stream without events is kept', async (t) => {
  await Promise.all(WAYS.map((way) => check(t, way)));
});
