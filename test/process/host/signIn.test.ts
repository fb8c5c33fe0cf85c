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
import { NO_FACTS } from '../../support/reportFacts';
import { browsing } from './browsing';
import { RealHost, textOf } from './realHost';

const SERVER = 'user/guarded';

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

/** A server that takes the sessions of an account of the editor, and is not started yet. */
interface WithAccount {
  readonly real: RealHost;
  readonly guarded: GuardedServer;
  /** Whether the editor could ask the person, for each time that it was asked for a session. */
  readonly asked: readonly boolean[];
  /** The editor has another session, or none, and the server takes no other. Nobody is told. @returns its token */
  switchTo(name: string): string;
  end(): void;
}

async function withAccount(use: (given: WithAccount) => Promise<void>): Promise<void> {
  await GuardedServer.with(async (guarded) => {
    const account = { provider: 'test', scopes: ['read'] };
    const real = new RealHost({ guarded: { url: guarded.url, account, start: 'never' } });
    let token: string | undefined;
    const asked: boolean[] = [];
    const switchTo = (name: string): string => {
      token = `account-${name}-0123456789-abcdef`;
      guarded.as.granted.clear();
      guarded.as.granted.set(token, { clientId: 'editor', scopes: [], resource: null });
      return token;
    };
    real.world.accounts = {
      session: (_provider, _scopes, ask) => {
        asked.push(ask);
        return Promise.resolve(token === undefined ? undefined : { token, account: 'somebody' });
      },
      confirm: () => Promise.resolve(true),
    };
    switchTo('first');
    try {
      real.host.open();
      await use({ real, guarded, asked, switchTo, end: () => (token = undefined) });
    } finally {
      await real.host.close();
      real.dispose();
    }
  });
}

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

/** Lets the server repeat these secrets in whatever it says, and looks for them in everything that is told of it. */
async function assertNotQuoted(
  real: RealHost,
  guarded: GuardedServer,
  secrets: readonly string[],
  echo: (typeof ECHOES)[number][1],
): Promise<void> {
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
    diagnosticsReport(NO_FACTS, real.host.servers()),
  ]);
  for (const secret of secrets) assert.ok(!told.includes(secret.slice(0, 13)), `${secret} in ${told}`);
  assert.ok(!told.includes(base64.slice(0, 40)));
  assert.match(JSON.stringify(failure), /\*\*\*/);
}

for (const [name, echo] of ECHOES) {
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
        await assertNotQuoted(real, guarded, secrets, echo);
      });
    });
  });

  test(`${name} that repeats the token of an account and the session quotes neither (T065, SESS4)`, async () => {
    await withAccount(async ({ real, guarded, switchTo }) => {
      await real.host.start(SERVER);
      // Nothing else is on its way then.
      await real.until(() => real.host.offered('tools').length === 1);
      // Neither the token nor the session is of those that were known at its start.
      const token = switchTo('another');
      await real.call('guarded', 'whoami');
      assert.equal(guarded.http.got('POST').at(-1)?.headers.authorization, `Bearer ${token}`);
      await assertNotQuoted(real, guarded, [SESSION, token], echo);
    });
  });
}

/** A second window of the same editor: its secret store is that of the first. */
function sharingSecrets(one: RealHost, two: RealHost): void {
  for (const [from, to] of [
    [one.world, two.world],
    [two.world, one.world],
  ] as const)
    from.secretsChanged.event((key) => {
      const value = from.secrets.get(key);
      if (to.secrets.get(key) === value) return;
      if (value === undefined) to.secrets.delete(key);
      else to.secrets.set(key, value);
      to.secretsChanged.fire(key);
    });
}

test('a sign-out in one window ends the server in the other, which sends nothing more and asks nobody (T078)', async () => {
  await GuardedServer.with(async (guarded) => {
    const servers = { guarded: { url: guarded.url } };
    await RealHost.with(servers, async (one) => {
      await RealHost.with(servers, async (two) => {
        sharingSecrets(one, two);
        const [first, second] = [browsing(one), browsing(two)];
        await one.host.signIn(SERVER);
        await two.host.start(SERVER);
        assert.equal(two.state('guarded').kind, 'running');
        await two.until(() => two.host.offered('tools').length === 1);
        assert.equal(await one.host.signOut(SERVER), 'complete');
        await two.until(() => two.state('guarded').kind === 'stopped');
        const state = two.state('guarded');
        assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));
        assert.deepEqual([first.opened.length, second.asked], [1, []]);
      });
    });
  });
});

test('signing out of a server that does not run tells its authorization server too, or says that it could not', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      browsing(real);
      const hasTokens = (): boolean => /at-as|rt-as/.test(JSON.stringify([...real.world.secrets.values()]));
      await real.host.signIn(SERVER);
      await real.host.stop(SERVER);
      const asked = guarded.http.exchanges.length;
      assert.equal(await real.host.signOut(SERVER), 'complete');
      assert.deepEqual([guarded.as.revoked.length, hasTokens()], [1, false]);
      assert.equal(guarded.http.exchanges.length, asked, 'the server itself was not asked');
      const state = real.state('guarded');
      assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));

      await real.host.signIn(SERVER);
      await real.host.stop(SERVER);
      real.world.trusted = false;
      assert.equal(await real.host.signOut(SERVER), 'here-only');
      assert.deepEqual([guarded.as.revoked.length, hasTokens()], [1, false]);
    });
  });
});

test('a session of an account is renewed while the server runs, and signing out of it ends its use', async () => {
  await withAccount(async ({ real, guarded, asked, switchTo, end }) => {
    const latest = (): string | undefined => guarded.http.got('POST').at(-1)?.headers.authorization;
    await real.host.start(SERVER);
    assert.equal(real.state('guarded').kind, 'running', JSON.stringify(real.state('guarded')));
    await real.until(() => real.host.offered('tools').length === 1);

    // The editor has another token by the time the server refuses this one, and nobody was told.
    const second = switchTo('second');
    assert.match(textOf(await real.call('guarded', 'whoami')), /you are you/);
    assert.equal(latest(), `Bearer ${second}`);

    // It tells of a new one: the old one is not tried any more, though it would still do.
    const third = switchTo('third');
    guarded.as.granted.set(second, { clientId: 'editor', scopes: [], resource: null });
    real.world.accountsChanged.fire('other');
    real.world.accountsChanged.fire('test');
    await real.call('guarded', 'whoami');
    assert.equal(latest(), `Bearer ${third}`);

    guarded.as.granted.clear();
    const failure = await real.call('guarded', 'whoami').catch((error: unknown) => error);
    assert.match(JSON.stringify(failure), /account-refused/);
    assert.ok(!JSON.stringify([failure, real.world.logLines]).includes('0123456789'));

    end();
    real.world.accountsChanged.fire('test');
    await real.until(() => real.state('guarded').kind === 'stopped');
    const state = real.state('guarded');
    assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));
    assert.deepEqual(asked.slice(1), asked.slice(1).fill(false), 'the person is asked by a click alone');
  });
});
