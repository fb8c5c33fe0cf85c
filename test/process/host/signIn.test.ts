/** Signing in to a remote server through the clients as shipped: no browser without a click, tokens in the secret store alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { diagnosticsReport } from '../../../src/presentation/diagnostics';
import { stateLabel } from '../../../src/presentation/serverTexts';
import { toFailure } from '../../../src/protocol/failure';
import { textOf as fieldText } from '../../support/evilAs';
import { idOf, json, stream, type HttpExchange } from '../../support/scriptedHttp';
import { GuardedServer, SESSION } from '../../support/guardedServer';
import { browsing } from './browsing';
import { RealHost, textOf } from './realHost';

const SERVER = 'user/guarded';
const PLACE = {
  extension: '',
  loadMs: 0,
  activateMs: 0,
  activateCpuMs: 0,
  editor: '',
  node: '',
  platform: '',
  trusted: true,
  userHome: '/home/person',
};

test('a server that wants to know who asks waits for a click, then runs, and forgets when it is told to', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { asked, opened } = browsing(real);
      const state = real.state('guarded');
      assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));
      assert.equal(state.why.issuer, guarded.as.issuer);
      await real.host.start(SERVER);
      assert.deepEqual([asked, opened], [[], []], 'a start is not a click on Sign In');

      await real.host.signIn(SERVER);
      const running = real.state('guarded');
      assert.ok(running.kind === 'running', JSON.stringify(running));
      assert.equal(running.account?.issuer, guarded.as.issuer);
      assert.equal(opened.length, 1);
      assert.ok(asked[0]?.subject.kind === 'sign-in' && asked[0].subject.clicked);
      await real.until(() => real.host.offered('tools').length === 1);
      assert.match(textOf(await real.call('guarded', 'whoami')), /you are you/);

      // Tokens are in the secret store, and nowhere else.
      const tokens = [...guarded.as.granted.keys()];
      assert.ok(tokens.length > 0);
      const kept = JSON.stringify([...real.world.secrets.values()]);
      const told = JSON.stringify([
        real.world.logLines,
        [...real.world.decisions.values],
        real.host.servers()[0]?.state,
      ]);
      for (const token of tokens) {
        assert.ok(kept.includes(token));
        assert.ok(!told.includes(token));
      }

      await real.host.restart(SERVER);
      assert.equal(real.state('guarded').kind, 'running');
      assert.equal(opened.length, 1, 'what is kept is used again');

      await real.host.signOut(SERVER);
      const out = real.state('guarded');
      assert.ok(out.kind === 'stopped' && out.why.kind === 'sign-in');
      for (const token of tokens)
        assert.ok(!JSON.stringify([...real.world.secrets.values()]).includes(token));
      assert.ok(guarded.as.revoked.length > 0, 'the authorization server was told');
      await real.host.start(SERVER);
      assert.equal(opened.length, 1);
    });
  });
});

test('a sign-in that the person closes is told as that, offered still, and not asked for again by itself', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { asked } = browsing(real);
      const { signIn } = real.world;
      real.world.signIn = {
        expectRedirect: async (...wanted) => ({
          ...(await signIn.expectRedirect(...wanted)),
          open: () => Promise.resolve(undefined),
        }),
      };
      await real.host.signIn(SERVER);
      const { state } = real.host.server(SERVER) ?? assert.fail();
      assert.deepEqual(state, {
        kind: 'stopped',
        why: { kind: 'sign-in', issuer: guarded.as.issuer, closed: true },
      });
      assert.equal(stateLabel(state), 'you closed the sign-in');
      await real.host.start(SERVER);
      assert.equal(asked.length, 1);
      real.world.signIn = signIn;
      await real.host.signIn(SERVER);
      assert.equal(real.state('guarded').kind, 'running');
    });
  });
});

test('ten servers that want a sign-in at the start open nothing and ask nothing (T093)', async () => {
  await GuardedServer.with(async (guarded) => {
    const servers = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`s${index}`, { url: `${guarded.url}?${index}` }]),
    );
    const real = new RealHost(servers);
    const { asked, opened } = browsing(real);
    try {
      real.host.open();
      await real.until(() =>
        real.host.servers().every(({ state }) => state.kind === 'stopped' && state.why.kind === 'sign-in'),
      );
      assert.deepEqual([asked, opened], [[], []]);
    } finally {
      await real.host.close();
      real.dispose();
    }
  });
});

test('headers of the entry go to the server alone, and a refused one starts no sign-in (T068)', async () => {
  await GuardedServer.with(async (guarded) => {
    const headers = { Authorization: 'Bearer CANARY', 'X-Key': 'CANARY' };
    await RealHost.with({ guarded: { url: guarded.url, headers } }, async (real) => {
      const { asked } = browsing(real);
      const state = real.state('guarded');
      assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
      assert.ok(state.cause.failure.code === 'authorization', JSON.stringify(state.cause.failure));
      assert.equal(state.cause.failure.problem, 'header-refused');
      await real.host.signIn(SERVER);
      assert.deepEqual(asked, []);
      assert.deepEqual([...guarded.authorizations], ['Bearer CANARY']);
      assert.deepEqual(guarded.as.http.exchanges, [], 'nobody else heard of it');
    });
  });
});

test('a server that is stopped while its tokens are renewed keeps the new ones (T088)', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { opened } = browsing(real);
      await real.host.signIn(SERVER);
      const [arrived, released] = [new Deferred<void>(), new Deferred<void>()];
      guarded.as.granted.clear();
      guarded.as.modes.tokenAnswer = (fields, exchange) => {
        delete guarded.as.modes.tokenAnswer;
        const grant = { clientId: 'as-client-1', scopes: [], resource: null };
        guarded.as.granted.set(fieldText(fields['access_token']), grant);
        guarded.as.refreshTokens.set(fieldText(fields['refresh_token']), grant);
        void released.promise.then(() => json(exchange, 200, fields));
        arrived.resolve();
        return 'done';
      };
      const call = real.call('guarded', 'whoami').catch(toFailure);
      await arrived.promise;
      const stopped = real.host.stop(SERVER);
      await call;
      released.resolve();
      await stopped;
      await real.host.start(SERVER);
      assert.equal(real.state('guarded').kind, 'running');
      assert.equal(opened.length, 1);
    });
  });
});

/** Ways in which a server can repeat what it was sent. */
const ECHOES: readonly (readonly [name: string, echo: (exchange: HttpExchange, text: string) => void])[] = [
  ['a refusal of HTTP', ({ response }, text) => void response.writeHead(500).end(text)],
  [
    'a refusal that is cut within a token',
    ({ response }, text) => void response.writeHead(500).end(`${'x'.repeat(500 - 30)}${text}`),
  ],
  [
    'an error with an error status',
    (exchange, text) =>
      json(exchange, 422, {
        jsonrpc: '2.0',
        id: idOf(exchange),
        error: { code: -32000, message: text, data: { text } },
      }),
  ],
  [
    'an error on a stream, and a log message before it',
    (exchange, text) => {
      stream(exchange);
      const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'error', data: text } };
      const error = { jsonrpc: '2.0', id: idOf(exchange), error: { code: -32000, message: text } };
      exchange.response.end(`data: ${JSON.stringify(log)}\n\ndata: ${JSON.stringify(error)}\n\n`);
    },
  ],
];

for (const [name, echo] of ECHOES)
  test(`${name} that repeats tokens and the session quotes neither (T065, T158, SESS4)`, async () => {
    await GuardedServer.with(async (guarded) => {
      await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
        browsing(real);
        await real.host.signIn(SERVER);
        // Renewed while it runs: what must not be quoted is not known at its start.
        guarded.as.granted.clear();
        await real.call('guarded', 'whoami');
        const secrets = [SESSION, ...guarded.as.granted.keys(), ...guarded.as.refreshTokens.keys()];
        assert.equal(secrets.length, 3);
        guarded.call = (exchange) => echo(exchange, `you sent ${secrets.join(' and ')}`);
        const failure = await real.call('guarded', 'whoami').then(() => assert.fail(), toFailure);
        const base64 = Buffer.from(secrets.join()).toString('base64');
        guarded.call = (exchange) => echo(exchange, base64);
        const encoded = await real.call('guarded', 'whoami').then(() => assert.fail(), toFailure);
        await real.host.stop(SERVER);
        const told = JSON.stringify([
          failure,
          encoded,
          real.world.logLines,
          diagnosticsReport(PLACE, real.host.servers()),
        ]);
        for (const secret of secrets) assert.ok(!told.includes(secret.slice(0, 13)), `${secret} in ${told}`);
        assert.ok(!told.includes(base64.slice(0, 40)));
        assert.match(JSON.stringify(failure), /\*\*\*/);
      });
    });
  });
