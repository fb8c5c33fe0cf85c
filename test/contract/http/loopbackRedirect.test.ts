/** The listener that a browser comes back to, against whatever else may knock. */

import assert from 'node:assert/strict';
import http from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces, platform } from 'node:os';
import { test } from 'node:test';

import { LoopbackRedirect } from '../../../src/transport/loopbackRedirect';

const SIGNAL = new AbortController().signal;

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

function get(url: string, options: http.RequestOptions = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent: false, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
      );
    });
    request.on('error', reject).end();
  });
}

async function listening(use: (redirect: LoopbackRedirect) => Promise<void>): Promise<void> {
  const redirect = await LoopbackRedirect.listen();
  assert.ok(redirect);
  try {
    await use(redirect);
  } finally {
    redirect.close();
  }
}

test('the answer with the right state is taken once, whole, and the page says nothing of it', async () => {
  await listening(async (redirect) => {
    assert.match(redirect.uri, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const answer = redirect.wait('right', SIGNAL);
    const page = await get(`${redirect.uri}?code=CANARY%2B&state=right&iss=https%3A%2F%2Fas`);
    assert.equal(await answer, `${redirect.uri}?code=CANARY%2B&state=right&iss=https%3A%2F%2Fas`);
    assert.equal(page.status, 200);
    assert.ok(!page.body.includes('CANARY'));
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    assert.equal(page.headers['access-control-allow-origin'], undefined);
    assert.equal((await get(`${redirect.uri}?code=again&state=right`)).status, 400);
  });
});

test('what has no state, or a wrong one, ends nothing: not even an error (T075, T084)', async () => {
  await listening(async (redirect) => {
    const early = await get(`${redirect.uri}?code=early&state=right`);
    assert.equal(early.status, 400, 'nothing is an answer before the browser was sent off');
    const answer = redirect.wait('right', SIGNAL);
    for (const query of [
      '',
      '?error=access_denied',
      '?error=x&state=wrong',
      '?code=a&state=',
      '?state=RIGHT',
    ])
      assert.equal((await get(redirect.uri + query)).status, 400, query);
    const reflected = await get(`${redirect.uri}?error=<script>alert(1)</script>&state=wrong`);
    assert.ok(!reflected.body.includes('script>alert'));
    await get(`${redirect.uri}?error=access_denied&state=right`);
    assert.match((await answer) ?? '', /error=access_denied/);
  });
});

test('another host name, path or method is turned away', async () => {
  await listening(async (redirect) => {
    const answer = redirect.wait('s', AbortSignal.timeout(60_000));
    const { port, pathname, origin } = new URL(redirect.uri);
    const target = `${redirect.uri}?code=a&state=s`;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:1`,
      `127.0.0.2:${port}`,
    ])
      assert.equal((await get(target, { headers: { host } })).status, 421, host);
    assert.equal((await get(`${origin}/other?code=a&state=s`)).status, 404);
    assert.equal((await get(`${origin}${pathname}/?code=a&state=s`)).status, 404);
    assert.equal((await get(target, { method: 'POST' })).status, 404);
    await get(target, { headers: { host: `localhost:${port}` } });
    assert.ok((await answer)?.includes('code=a'));
  });
});

test('no other machine reaches it, nor any other address of this one (T075)', async () => {
  await listening(async (redirect) => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const others = addresses.filter(({ internal, scopeid = 0 }) => !internal && scopeid === 0);
    // Linux answers for the whole of 127.0.0.0/8, so that there is always one to try.
    const hosts = [...others.map(({ address }) => address), ...(platform() === 'linux' ? ['127.0.0.2'] : [])];
    for (const host of hosts) {
      const socket = connect({ host, port: Number(new URL(redirect.uri).port) });
      const [event] = await Promise.race([
        once(socket, 'error'),
        once(socket, 'connect').then(() => ['connected']),
      ]);
      socket.destroy();
      assert.notEqual(event, 'connected', host);
    }
  });
});

test('nothing listens any more once it is closed, and a wait ends with its signal', async () => {
  const redirect = await LoopbackRedirect.listen();
  assert.ok(redirect);
  const abort = new AbortController();
  const answer = redirect.wait('s', abort.signal);
  abort.abort();
  assert.equal(await answer, undefined);
  redirect.close();
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(redirect.uri).port) });
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  assert.equal(error.code, 'ECONNREFUSED');
});

test('the address that was registered by hand is listened on, unless it is taken', async () => {
  await listening(async (taken) => {
    const { port } = new URL(taken.uri);
    assert.equal(await LoopbackRedirect.listen(`http://localhost:${port}/done`), undefined);
    taken.close();
    const own = await LoopbackRedirect.listen(`http://localhost:${port}/done`);
    assert.ok(own);
    assert.equal(own.uri, `http://localhost:${port}/done`);
    const answer = own.wait('s', SIGNAL);
    assert.equal((await get(`http://127.0.0.1:${port}/done?state=s&code=1`)).status, 200);
    assert.equal(await answer, `http://localhost:${port}/done?state=s&code=1`);
    own.close();
  });
});

test('the port of an earlier answer is taken again while it is free, and any other when it is not', async () => {
  const first = (await LoopbackRedirect.listen()) ?? assert.fail();
  const other = (await LoopbackRedirect.listen(undefined, first.uri)) ?? assert.fail();
  assert.notEqual(other.uri, first.uri);
  first.close();
  const again = (await LoopbackRedirect.listen(undefined, first.uri)) ?? assert.fail();
  assert.equal(again.uri, first.uri);
  again.close();
  for (const odd of [
    'http://127.0.0.1:80/callback',
    'http://127.0.0.1:99999/callback',
    'https://evil.example/',
    'x',
  ]) {
    const redirect = (await LoopbackRedirect.listen(undefined, odd)) ?? assert.fail();
    assert.match(redirect.uri, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    assert.notEqual(redirect.uri, odd);
    redirect.close();
  }
  other.close();
});
