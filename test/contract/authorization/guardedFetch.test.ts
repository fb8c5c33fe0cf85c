import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Authorizer } from '../../../src/authorization/authorizer';
import type { KindOfHost } from '../../../src/authorization/contract';
import { GuardedFetch } from '../../../src/authorization/guardedFetch';
import type { AddressKind } from '../../../src/transport/http/address';
import { HttpClient, type HttpRequest } from '../../../src/transport/http/httpClient';
import { NetworkError } from '../../../src/transport/http/networkFailure';
import { failsSaying } from '../../support/failures';
import { FakeClock } from '../../support/fakeClock';
import { headlessSignIn } from '../../support/headlessSignIn';
import { ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import { AuthWorld } from './world';
import { DIRECT } from '../../support/directNetwork';

/** Where a request was allowed to go; undefined when it did not leave. */
async function ruleFor(
  server: string,
  kind: AddressKind,
  url: string,
): Promise<HttpRequest['addresses'] | 'refused'> {
  let rule: HttpRequest['addresses'] | 'refused' = 'refused';
  const http: Pick<HttpClient, 'send'> = {
    send: (request) => {
      rule = request.addresses;
      assert.equal(request.maxHops, 0);
      return Promise.reject(new NetworkError('refused', 'h'));
    },
  };
  const fetch = new GuardedFetch(http, new FakeClock(), new URL(server), () => Promise.resolve(kind));
  await assert.rejects(fetch.send(url, { method: 'GET', headers: {} }));
  return rule;
}

test('a public server leads to public addresses only, a near one also to itself (T080)', async () => {
  const cases = [
    ['https://mcp.example/', 'public', 'https://mcp.example/x', 'public'],
    ['https://mcp.example/', 'public', 'https://as.example/x', 'public'],
    ['https://mcp.example/', 'public', 'https://127.0.0.1/x', 'public'],
    ['https://mcp.example/', 'public', 'http://127.0.0.1:9/x', 'public'],
    ['https://mcp.example/', 'public', 'http://as.example/x', 'refused'],
    ['http://localhost:1/', 'loopback', 'http://localhost:2/x', 'any'],
    ['http://localhost:1/', 'loopback', 'http://127.0.0.1:2/x', 'any'],
    ['http://localhost:1/', 'loopback', 'https://10.0.0.1/x', 'public'],
    ['http://localhost:1/', 'loopback', 'https://as.example/x', 'public'],
    ['https://intra.example/', 'private', 'https://intra.example:8443/x', 'any'],
    ['https://intra.example/', 'private', 'https://10.0.0.9/x', 'public'],
    ['https://intra.example/', 'private', 'http://127.0.0.1:2/x', 'public'],
    ['https://10.0.0.1/', 'private', 'http://10.0.0.1/x', 'refused'],
  ] as const;
  for (const [server, kind, url, rule] of cases)
    assert.equal(await ruleFor(server, kind, url), rule, `${server} → ${url}`);
});

async function withFetch(
  answer: (exchange: HttpExchange) => void,
  use: (fetch: GuardedFetch, http: ScriptedHttp, clock: FakeClock) => Promise<void>,
): Promise<void> {
  const http = await ScriptedHttp.start(answer);
  const clock = new FakeClock();
  const client = new HttpClient(DIRECT, clock);
  const fetch = new GuardedFetch(client, clock, new URL(http.origin), () => Promise.resolve('loopback'));
  await use(fetch, http, clock);
  assert.equal(clock.waiting, 0, 'no timer is left');
  client.close();
  await http.stop();
}

test('bodies, waiting and redirects have limits, and an answer that never ends is given up', async () => {
  await withFetch(
    ({ path, response }) => {
      if (path === '/large') response.end('x'.repeat(1_000_001));
      else if (path === '/fits') response.end('x'.repeat(1_000_000));
      else if (path === '/moved') response.writeHead(302, { location: '/fits' }).end();
      else if (path === '/drip') response.write('{');
    },
    async (fetch, http, clock) => {
      const get = (path: string): Promise<Response> =>
        fetch.send(http.origin + path, { method: 'GET', headers: {} });
      assert.equal((await (await get('/fits')).text()).length, 1_000_000);
      await failsSaying(get('/large'), /metadata/);
      await failsSaying(get('/moved'), /leads elsewhere/);
      for (const path of ['/silent', '/drip']) {
        const late = get(path);
        await http.until(() => http.exchanges.some((exchange) => exchange.path === path), 'it is asked');
        clock.advance(10_000);
        await failsSaying(late, /in time/);
      }
      assert.equal(http.exchanges.filter(({ path }) => path === '/fits').length, 1);
    },
  );
});

test('nothing of this host is in the headers but what the request needs', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    const usual = ['host', 'connection', 'accept', 'accept-encoding', 'content-type', 'content-length'];
    // RFC 9110 §10.1.5: one word, the same on every machine.
    const agent = 'user-agent';
    const asked = [...world.as.http.exchanges, ...world.resource.exchanges];
    const ours = asked.filter(({ path }) => !path.startsWith('/authorize') && path !== '/mcp');
    assert.ok(ours.length >= 4);
    for (const { path, headers } of ours) {
      const { [agent]: name, ...rest } = headers;
      assert.equal(name, 'mcp-host', path);
      assert.deepEqual(
        Object.keys(rest).filter((field) => !usual.includes(field)),
        [],
        path,
      );
    }
  });
});

/** Metadata that would lead somewhere bad, and the failure's problem or code. */
const TRAPS: readonly (readonly [name: string, fields: Record<string, string>])[] = [
  ['file', { authorization_endpoint: 'file:///C:/Windows/System32/calc.exe' }],
  ['a custom scheme', { authorization_endpoint: 'ms-msdt:/id' }],
  ['javascript', { authorization_endpoint: 'javascript:alert(1)' }],
  ['plain http', { authorization_endpoint: 'http://as.example/authorize' }],
  ['a command', { authorization_endpoint: 'https://$(calc).example/' }],
  ['a quotation mark', { authorization_endpoint: 'https://ok.example/";calc;"' }],
  ['2 MB', { authorization_endpoint: `https://ok.example/${'a'.repeat(900_000)}` }],
  ['a token endpoint over plain http', { token_endpoint: 'http://as.example/token' }],
  ['a registration endpoint with a password', { registration_endpoint: 'https://a:b@as.example/' }],
];

for (const [name, fields] of TRAPS)
  test(`metadata with ${name} in an address open nothing and ask nobody (T079)`, async () => {
    await AuthWorld.with(
      async (world) => {
        const window = world.window();
        assert.equal((await world.refused(window)).problem, 'unsafe-url');
        assert.deepEqual([window.browser.asked, window.browser.opened], [[], []]);
      },
      { metadata: (known) => void Object.assign(known, fields) },
    );
  });

test('a public server cannot make this host ask its own machine or network (T080)', async () => {
  const sink = await ScriptedHttp.start(({ response }) => void response.end('{}'));
  const client = new HttpClient(DIRECT, new FakeClock());
  const { asked, ...browser } = headlessSignIn();
  const authorizer = new Authorizer({
    serverUrl: new URL('https://mcp.example/mcp'),
    settings: {},
    http: client,
    clock: new FakeClock(),
    hostKind: () => Promise.resolve('public'),
    host: {
      ...browser,
      load: () => Promise.resolve(undefined),
      save: () => Promise.resolve(),
      exclusively: (work) => work(),
      signedIn: () => undefined,
      holds: () => undefined,
    },
  });
  for (const target of [
    sink.origin,
    sink.origin.replace('127.0.0.1', 'localhost'),
    'https://169.254.169.254/x',
    'https://[::ffff:10.0.0.1]/',
  ]) {
    const headers = { 'www-authenticate': `Bearer resource_metadata="${target}/prm"` };
    const failure = await authorizer.challenged(
      { status: 401, headers, used: [], attempt: 1 },
      new AbortController().signal,
    );
    assert.ok(failure !== 'retry' && failure.code === 'network', target);
    assert.equal(failure.problem, 'forbidden-address', target);
  }
  assert.deepEqual([sink.exchanges, asked], [[], []]);
  client.close();
  await sink.stop();
});

/** Which addresses a request to each of these may go to, for a server that lies where `kindOf` says. */
async function rulesFor(
  targets: readonly string[],
  kindOf: KindOfHost,
  privateHosts: readonly string[] = [],
): Promise<unknown[]> {
  const rules: unknown[] = [];
  const http = {
    send: ({ addresses }: HttpRequest): never => {
      rules.push(addresses);
      throw new Error('nobody is asked');
    },
  };
  const fetch = new GuardedFetch(
    http,
    new FakeClock(),
    new URL('https://mcp.corp/mcp'),
    kindOf,
    privateHosts,
  );
  for (const target of targets) await assert.rejects(fetch.send(target, { method: 'GET', headers: {} }));
  return rules;
}

test("hosts that the person's own settings name may lie anywhere, with this very port; no others (T080)", async () => {
  const targets = [
    'https://sso.corp/x',
    'https://sso.corp:8500/x',
    'https://other.corp/x',
    'https://mcp.corp/x',
  ];
  for (const [kind, own] of [
    ['private', 'any'],
    ['public', 'public'],
  ] as const)
    assert.deepEqual(
      await rulesFor(targets, () => Promise.resolve(kind), ['sso.corp']),
      ['any', 'public', 'public', own],
      kind,
    );
});

test('where a server lies is looked up again when its name was not known before', async () => {
  const kinds = [undefined, 'private', 'public'] as const;
  let looks = 0;
  const target = 'https://mcp.corp/x';
  const rules = await rulesFor([target, target, target], () => Promise.resolve(kinds[looks++]));
  assert.deepEqual([rules, looks], [['public', 'any', 'any'], 2]);
});
