/** Connections through proxies and over TLS, as the settings say, against a proxy and servers on this machine. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';

import type { NetworkSettings } from '../../../src/client/contract';
import { readBody } from '../../../src/transport/http/bodies';
import { HttpClient, type HttpReply } from '../../../src/transport/http/httpClient';
import { NetworkError } from '../../../src/transport/http/networkFailure';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { certificateTrouble, isProblem, read, withMachines } from './machines';
import { settled } from './remote';

test('plain http goes to the proxy whole, with what the settings say about who asks', async () => {
  await withMachines(async (machines, get) => {
    const proxy = await machines.proxy(await machines.plain());
    const settings = { proxy: { http: proxy, https: proxy, bypass: [], authorization: 'Basic cDpx' } };
    assert.equal(await get('http://server.test/mcp', settings), '200 through the proxy');
    assert.deepEqual(machines.connects, [{ target: 'http://server.test/mcp', authorization: 'Basic cDpx' }]);
  });
});

test('https goes through a tunnel whose end is checked like any other', async () => {
  await withMachines(async (machines, get) => {
    const proxy = await machines.proxy(await machines.secure());
    const through = { proxy: { https: proxy, bypass: [] }, certificates: [read('ca.pem')] };
    // The certificate is that of localhost; the name that was asked for is another.
    await assert.rejects(get('https://server.test/mcp', through), certificateTrouble);
    assert.equal(await get('https://server.test/mcp', { ...through, strictTls: false }), '200 secure');
    assert.deepEqual(
      machines.connects.map(({ target }) => target),
      ['server.test:443', 'server.test:443'],
    );
  });
});

test('a proxy that is itself reached over TLS is checked by the same certificates as servers are (T076)', async () => {
  await withMachines(async (machines, get) => {
    const address = await machines.proxy(await machines.secure(), 200, true);
    const proxy = { http: address, https: address, bypass: [] };
    const trusting = { proxy, certificates: [read('ca.pem')] };
    for (const url of ['http://server.test/', 'https://server.test/']) {
      await assert.rejects(get(url, { proxy }), certificateTrouble, url);
      assert.match(await get(url, { proxy, strictTls: false }), /^200 (secure|through the proxy)$/);
    }
    assert.equal(await get('http://server.test/', trusting), '200 through the proxy');
    // The proxy is trusted then; the server behind it is not the one that was asked for.
    const before = machines.connects.length;
    await assert.rejects(get('https://server.test/', trusting), certificateTrouble);
    assert.equal(machines.connects.length, before + 1);
  });
});

test('a proxy that opens nothing holds a request for its deadline only, and a connection until the end', async (t) => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Read, or its end is not seen.
    socket.resume();
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const clock = new FakeClock();
  const client = new HttpClient(
    { ...DIRECT, proxy: { https: `http://127.0.0.1:${port}`, bypass: [] } },
    clock,
  );
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const errors: unknown[] = [];
  const abort = new AbortController();
  const send = (signal: AbortSignal): void =>
    void client
      .send({ method: 'GET', url: new URL('https://example.test/'), headers: {}, signal })
      .catch((error: unknown) => errors.push(error));
  send(abort.signal);
  await settled(() => sockets.size === 1);
  abort.abort(new Error('taken back'));
  await settled(() => errors.length === 1);
  send(new AbortController().signal);
  await settled(() => sockets.size === 2);
  clock.advance(10_000);
  await settled(() => errors.length === 2);
  assert.match(String(errors[0]), /taken back/);
  assert.ok(errors[1] instanceof NetworkError && errors[1].problem === 'timeout');
  assert.equal(clock.waiting, 0);
  client.close();
  await settled(() => sockets.size === 0);
});

test('a server that never answers TLS is given up as one that never connects', async (t) => {
  const sockets: Socket[] = [];
  const stuck = createServer((socket) => void sockets.push(socket.on('error', () => undefined).resume()));
  stuck.listen(0, '127.0.0.1');
  await once(stuck, 'listening');
  const clock = new FakeClock();
  const client = new HttpClient(DIRECT, clock);
  t.after(() => {
    client.close();
    for (const socket of sockets) socket.destroy();
    stuck.close();
  });
  const url = new URL(`https://127.0.0.1:${(stuck.address() as AddressInfo).port}/`);
  const sent = client.send({ method: 'GET', url, headers: {}, signal: new AbortController().signal });
  const isTimeout = assert.rejects(sent, isProblem('timeout'));
  await settled(() => sockets.length === 1);
  assert.equal(clock.waiting, 1);
  clock.advance(10_000);
  await isTimeout;
  await assert.rejects(sent, { hasLeft: false });
});

test('a tunnel whose end is silent is given up as a connection is, and what is connected has no such deadline', async (t) => {
  const clock = new FakeClock();
  await withMachines(async (machines) => {
    const through = async (port: number): Promise<() => Promise<HttpReply>> => {
      const proxy = { https: await machines.proxy(port), bypass: [] };
      const client = new HttpClient({ ...DIRECT, strictTls: false, proxy }, clock);
      t.after(() => client.close());
      const { signal } = new AbortController();
      const url = new URL('https://server.test/');
      return () => client.send({ method: 'GET', url, headers: {}, signal });
    };
    let greetings = 0;
    const silent = createServer((socket) => {
      socket.on('error', () => undefined).on('data', () => greetings++);
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const toSilent = await through((silent.address() as AddressInfo).port);
    const isTimeout = assert.rejects(toSilent(), isProblem('timeout'));
    await settled(() => greetings === 1);
    clock.advance(10_000);
    await isTimeout;

    const waiting: number[] = [];
    const send = await through(await machines.secure(() => waiting.push(clock.waiting)));
    for (const _ of ['a new connection', 'the same again']) await readBody(await send(), 1_000);
    assert.deepEqual(waiting, [0, 0]);
    assert.equal(machines.connects.length, 2);
  });
});

test('a proxy of another kind is never spoken to, and the failure says so', async () => {
  await withMachines(async (machines, get) => {
    const proxy = await machines.proxy(await machines.plain());
    for (const other of [proxy.replace('http:', 'quic:'), proxy.replace('http:', 'socks9:'), 'http://']) {
      const settings = { proxy: { http: other, https: other, bypass: [] } };
      for (const url of ['http://server.test/', 'https://server.test/'])
        await assert.rejects(get(url, settings), isProblem('proxy'));
    }
    assert.deepEqual(machines.connects, []);
  });
});

for (const [scheme, version] of [
  ['socks', 5],
  ['socks5', 5],
  ['socks5h', 5],
  ['socks4', 4],
  ['socks4a', 4],
] as const)
  test(`a ${scheme} proxy is spoken to in its own way, and looks up the names`, async () => {
    await withMachines(async (machines, get) => {
      const [plain, secure] = [await machines.plain(), await machines.secure()];
      const settings = (port: number): Partial<NetworkSettings> => {
        const proxy = `${scheme}://127.0.0.1:${port}`;
        return { proxy: { http: proxy, https: proxy, bypass: [] }, certificates: [read('ca.pem')] };
      };
      assert.equal(await get('http://server.test/', settings(await machines.socks(plain))), '200 plain');
      const toSecure = settings(await machines.socks(secure));
      const lenient = { ...toSecure, strictTls: false };
      assert.equal(await get('https://server.test:8443/', lenient), '200 secure');
      assert.deepEqual(
        machines.asked,
        ['server.test:80', 'server.test:8443'].map((to) => ({ version, to, user: undefined })),
      );
      // The certificate is that of localhost.
      await assert.rejects(get('https://server.test:8443/', toSecure), certificateTrouble);
    });
  });

test('a SOCKS proxy is told who we are where its address says so, and one that is not there is a failure', async () => {
  await withMachines(async (machines, get) => {
    const port = await machines.socks(await machines.plain());
    const proxied = (address: string): Partial<NetworkSettings> => ({
      proxy: { http: address, bypass: [] },
    });
    assert.equal(
      await get('http://server.test/', proxied(`socks5://me:s%20t@127.0.0.1:${port}`)),
      '200 plain',
    );
    assert.equal(machines.asked[0]?.user, 'me:s t');
    await assert.rejects(get('http://server.test/', proxied('socks5://127.0.0.1:1')), isProblem('proxy'));
  });
});

test('a proxy that is not there, or that ends without a word, is told as the proxy and not as the server', async () => {
  await withMachines(async (_, get) => {
    const mute = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end(),
    );
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const { port } = mute.address() as AddressInfo;
    const asked = (url: string, proxy: string): Promise<string> =>
      get(url, { proxy: { http: proxy, https: proxy, bypass: [] } });
    const isProxyTrouble =
      (detail?: string) =>
      (error: unknown): boolean =>
        isProblem('proxy')(error) && error instanceof NetworkError && error.detail === detail;
    await assert.rejects(asked('https://server.test/', `http://127.0.0.1:${port}`), isProxyTrouble());
    mute.close();
    await once(mute, 'close');
    for (const url of ['https://server.test/', 'http://server.test/']) {
      await assert.rejects(asked(url, `http://127.0.0.1:${port}`), isProxyTrouble('ECONNREFUSED'));
      await assert.rejects(asked(url, 'http://proxy.invalid:1'), isProblem('proxy'));
    }
    await assert.rejects(get(`http://127.0.0.1:${port}/`, {}), isProblem('refused'));
  });
});

test('a proxy that asks who we are gives an answer with its own status, and the server hears nothing', async () => {
  await withMachines(async (machines, get) => {
    const proxy = await machines.proxy(await machines.secure(), 407);
    const settings = { proxy: { https: proxy, bypass: [] }, certificates: [read('ca.pem')] };
    assert.equal(await get('https://server.test/mcp', settings), '407 ');
  });
});

test('what the settings exempt, and this machine, is reached directly', async () => {
  await withMachines(async (machines, get) => {
    const port = await machines.plain();
    const proxy = await machines.proxy(port);
    const settings = { proxy: { http: proxy, bypass: ['server.test'] } };
    assert.equal(await get(`http://127.0.0.1:${port}/`, settings), '200 plain');
    await assert.rejects(get(`http://server.test:${port}/`, settings), NetworkError);
    assert.deepEqual(machines.connects, []);
  });
});

test('a certificate that nobody known has signed is refused, unless the settings switch that off (T076)', async () => {
  await withMachines(async (machines, get) => {
    const url = `https://localhost:${await machines.secure()}/`;
    await assert.rejects(get(url, {}), certificateTrouble);
    await assert.rejects(get(url, { systemCertificates: true }), certificateTrouble);
    assert.equal(await get(url, { certificates: [read('ca.pem')] }), '200 secure');
    assert.equal(await get(url, { strictTls: false }), '200 secure');
    const byAddress = url.replace('localhost', '127.0.0.1');
    assert.equal(await get(byAddress, { certificates: [read('ca.pem')] }), '200 secure');
  });
});

test("the system's authorities and the settings' are trusted beside those that Node knows, not in their place", async (t) => {
  const known = { default: [] as string[], system: [] as string[] };
  // Not there in older Node.
  const { getCACertificates } = tls as { getCACertificates?: unknown };
  Object.assign(tls, { getCACertificates: (type: keyof typeof known) => known[type] });
  t.after(() => Object.assign(tls, { getCACertificates }));
  await withMachines(async (machines, get) => {
    const url = `https://localhost:${await machines.secure()}/`;
    known.system = [read('ca.pem')];
    await assert.rejects(get(url, {}), certificateTrouble);
    assert.equal(await get(url, { systemCertificates: true }), '200 secure');
    known.system = [];
    known.default = [read('ca.pem')];
    assert.equal(await get(url, { certificates: [read('localhost.pem')] }), '200 secure');
  });
});
