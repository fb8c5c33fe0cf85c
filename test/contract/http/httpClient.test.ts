import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';

import { HttpClient, type HttpReply, type HttpRequest } from '../../../src/transport/http/httpClient';
import { readBody } from '../../../src/transport/http/bodies';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedHttp } from '../../support/scriptedHttp';
import { problem, withServer } from './clientAlone';
import { settled } from './remote';

test('a redirect within the origin is followed with body and headers, and nothing goes to another', async () => {
  const sink = await ScriptedHttp.start(({ response }) => void response.end());
  await withServer(
    ({ path, response }) => {
      if (path === '/x') response.writeHead(307, { location: '/y' }).end();
      else if (path === '/away') response.writeHead(307, { location: `${sink.origin}/z` }).end();
      else response.writeHead(200).end('here');
    },
    async (send, http) => {
      const reply = await send({ method: 'POST', body: '{"a":1}', headers: { 'x-key': 'k' } });
      assert.equal((await readBody(reply, 100))?.toString(), 'here');
      const [, second] = http.exchanges;
      assert.deepEqual([second?.path, second?.body, second?.headers['x-key']], ['/y', { a: 1 }, 'k']);
      await assert.rejects(
        send({ method: 'POST', url: new URL(`${http.origin}/away`), body: '{}' }),
        /other-origin/,
      );
      assert.deepEqual(sink.exchanges, []);
    },
  );
  await sink.stop();
});

test('requests say what sends them, unless the entry says so itself', async () => {
  await withServer(
    ({ response }) => void response.end('here'),
    async (send, http) => {
      for (const headers of [{}, { 'User-Agent': 'mine' }] as const)
        await readBody(await send({ headers }), 100);
      assert.deepEqual(
        http.exchanges.map(({ headers }) => headers['user-agent']),
        ['mcp-host', 'mine'],
      );
    },
  );
});

test('the body of a redirect that is followed ends after its bytes or its time, and its connection with it', async () => {
  for (const body of ['endless', 'stuck'] as const)
    await withServer(
      ({ path, response }) => {
        if (path !== '/x') return void response.end('here');
        response.writeHead(307, { location: '/y' });
        if (body === 'stuck') return void response.write('.');
        const pour = (): void => {
          while (response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', pour);
        pour();
      },
      async (send, http, clock) => {
        const reply = await send();
        assert.equal((await readBody(reply, 100))?.toString(), 'here');
        const [redirect] = http.exchanges;
        if (body === 'stuck') {
          assert.equal(redirect?.aborted, false);
          clock.advance(2_000);
        }
        await http.until(() => redirect?.aborted === true, 'it is cut');
        await settled(() => clock.waiting === 0);
      },
    );
});

test('the answer that leads to another origin is not kept open', async () => {
  await withServer(
    ({ response }) => {
      response.writeHead(307, { location: 'http://127.0.0.1:9/' });
      response.write('.');
    },
    async (send, http) => {
      await assert.rejects(send(), /other-origin/);
      await http.until(() => http.open === 0, 'its connection is closed');
    },
  );
});

test('a kept connection that is dead takes the other kept ones with it', async () => {
  const asked = new Map<unknown, number>();
  await withServer(
    ({ path, response }) => {
      const count = (asked.get(response.socket) ?? 0) + 1;
      asked.set(response.socket, count);
      if (path === '/cut' && count > 1) response.socket?.destroy();
      else setTimeout(() => response.end('ok'), 20);
    },
    async (send, http) => {
      const bodies = await Promise.all([send(), send(), send()]);
      for (const reply of bodies) await readBody(reply, 100);
      assert.equal(http.open, 3);
      const url = new URL(`${http.origin}/cut`);
      await assert.rejects(send({ url }), problem('cut'));
      assert.equal((await readBody(await send({ url }), 100))?.toString(), 'ok');
    },
  );
});

test('a redirect in a circle ends after a few hops', async () => {
  await withServer(
    ({ response }) => void response.writeHead(302, { location: '/x' }).end(),
    async (send, http) => {
      await assert.rejects(send(), /too-many/);
      assert.equal(http.exchanges.length, 4);
    },
  );
});

test('connections are used again, and an aborted request leaves none behind', async () => {
  await withServer(
    ({ path, response }) => {
      if (path === '/x') response.end('ok');
      else response.flushHeaders();
    },
    async (send, http) => {
      for (let round = 0; round < 5; round++) await readBody(await send(), 100);
      assert.equal(http.open, 1);
      const abort = new AbortController();
      const reply = await send({ url: new URL(`${http.origin}/silent`), signal: abort.signal });
      const body = readBody(reply, 100);
      abort.abort();
      await assert.rejects(body);
      await http.until(() => http.open <= 1, 'its connection is closed');
    },
  );
});

test('an answer that does not begin in time, and one whose headers have no end, are given up', async () => {
  await withServer(
    () => undefined,
    async (send, http, clock) => {
      const reply = send({ answerMs: 5_000 });
      await http.until(() => http.exchanges.length === 1, 'it is asked');
      clock.advance(5_000);
      await assert.rejects(reply, { problem: 'timeout', hasLeft: true });
    },
  );
  const raw = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 200 OK\r\n');
    for (let line = 0; line < 2_000; line++) socket.write(`x-${line}: ${'a'.repeat(100)}\r\n`);
    // Whoever reads as far gets a good answer.
    socket.end('content-length: 0\r\n\r\n');
  });
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  const client = new HttpClient(DIRECT, new FakeClock());
  const url = new URL(`http://127.0.0.1:${(raw.address() as AddressInfo).port}/`);
  const sent = client.send({ method: 'GET', url, headers: {}, signal: new AbortController().signal });
  try {
    await assert.rejects(sent, problem('not-http'));
  } finally {
    client.close();
    raw.close();
  }
});

test('an answer that changes to another protocol, or only announces one without end, ends like any other', async (t) => {
  const heads = [
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100),
  ];
  const raw = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => void socket.write(heads.shift() ?? ''));
  });
  const clock = new FakeClock();
  const client = new HttpClient(DIRECT, clock);
  t.after(() => {
    client.close();
    raw.close();
  });
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  const url = new URL(`http://127.0.0.1:${(raw.address() as AddressInfo).port}/`);
  for (const kind of ['not-http', 'timeout'] as const) {
    const signal = new AbortController().signal;
    const errors: unknown[] = [];
    client
      .send({ method: 'GET', url, headers: {}, signal, answerMs: 1_000 })
      .catch((error: unknown) => errors.push(error));
    await settled(() => {
      if (heads.length === 0) clock.advance(50);
      return errors.length === 1;
    });
    assert.ok(problem(kind)(errors[0]), kind);
  }
  assert.equal(clock.waiting, 0);
});

test('whether a request can have arrived is known of each way in which it fails', async (t) => {
  const client = new HttpClient(DIRECT, new FakeClock());
  t.after(() => client.close());
  const asked: readonly [string, ((socket: Socket) => void) | undefined, string, boolean][] = [
    ['https', (socket) => socket.destroy(), 'cut', false],
    ['http', (socket) => socket.destroy(), 'cut', true],
    ['http', (socket) => socket.end('odd\r\n\r\n'), 'not-http', true],
    ['http', undefined, 'refused', false],
  ];
  for (const [scheme, answer, problem, hasLeft] of asked) {
    const server = createServer(
      (socket) => void socket.on('error', () => undefined).once('data', () => answer?.(socket)),
    );
    t.after(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    if (!answer) await new Promise((resolve) => server.close(resolve));
    const { signal } = new AbortController();
    const sent = client.send({ method: 'POST', url, headers: {}, body: '{}', signal });
    await assert.rejects(sent, { problem, hasLeft });
  }
});

test('what is not there, speaks no HTTP, or may not be gone to is told apart', async () => {
  const client = new HttpClient(DIRECT, new FakeClock());
  const send = (url: string, change: Partial<HttpRequest> = {}): Promise<HttpReply> =>
    client.send({
      method: 'GET',
      url: new URL(url),
      headers: {},
      signal: new AbortController().signal,
      ...change,
    });
  const closed = await ScriptedHttp.start(() => undefined);
  const { origin } = closed;
  await closed.stop();
  await assert.rejects(send(origin), problem('refused'));
  const chatty = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('SSH-2.0-OpenSSH\r\n');
  });
  chatty.listen(0, '127.0.0.1');
  await once(chatty, 'listening');
  const { port } = chatty.address() as AddressInfo;
  await assert.rejects(send(`http://127.0.0.1:${port}/`), problem('not-http'));
  await assert.rejects(send(`https://127.0.0.1:${port}/`), problem('tls'));
  for (const host of ['127.0.0.1', '[::1]', '169.254.169.254', 'localhost'])
    await assert.rejects(
      send(`http://${host}:${port}/`, { addresses: 'public' }),
      problem('forbidden-address'),
      host,
    );
  client.close();
  chatty.close();
});
