/** Signing in to a remote server through the clients as shipped: no browser without a click, tokens in the secret store alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ConsentEntry } from '../../../src/host/consentQueue';
import { EvilAs } from '../../support/evilAs';
import { json, result, ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import { RealHost, textOf } from './realHost';

const SERVER = 'user/guarded';

/** A server of the stateful era that wants a token, and the authorization server that it trusts. */
class Guarded {
  private constructor(
    readonly as: EvilAs,
    readonly http: ScriptedHttp,
  ) {}

  static async with(use: (guarded: Guarded) => Promise<void>): Promise<void> {
    const as = await EvilAs.start();
    const http: ScriptedHttp = await ScriptedHttp.start((exchange) => serve(exchange, as, http.origin));
    try {
      await use(new Guarded(as, http));
    } finally {
      await http.stop();
      await as.http.stop();
    }
  }

  get url(): string {
    return `${this.http.origin}/mcp`;
  }

  /** Header values that the server got. */
  get authorizations(): ReadonlySet<string | undefined> {
    return new Set(this.http.got('POST').map(({ headers }) => headers.authorization));
  }
}

function serve(
  exchange: HttpExchange,
  as: { readonly granted: { has(token: string): boolean }; readonly issuer?: string },
  origin: string,
): void {
  const { path, headers, response, body } = exchange;
  if (path.startsWith('/.well-known/oauth-protected-resource'))
    return json(exchange, 200, { resource: `${origin}/mcp`, authorization_servers: [as.issuer] });
  if (exchange.method !== 'POST') return void response.writeHead(405).end();
  const token = (headers.authorization ?? '').replace(/^Bearer /, '');
  if (!as.granted.has(token)) return json(exchange, 401, {}, { 'www-authenticate': 'Bearer scope="tools"' });
  switch ((body as { readonly method?: string }).method) {
    case 'initialize':
      return result(exchange, {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'guarded', version: '1' },
      });
    case 'tools/list':
      return result(exchange, { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] });
    case 'tools/call':
      return result(exchange, { content: [{ type: 'text', text: 'you are you' }] });
    case 'server/discover':
      return void response.writeHead(400).end();
    default:
      return void response.writeHead(202).end();
  }
}

/** Lets a browser open that nobody sees. @returns what was asked and opened */
function browsing(real: RealHost): { readonly asked: ConsentEntry[]; readonly opened: string[] } {
  const asked: ConsentEntry[] = [];
  const opened: string[] = [];
  real.world.signIn = {
    expectRedirect: () =>
      Promise.resolve({
        uri: 'http://127.0.0.1:33999/callback',
        open: async (url) => {
          opened.push(url);
          const answer = await fetch(url, { redirect: 'manual' });
          return answer.headers.get('location') ?? undefined;
        },
        dispose: () => undefined,
      }),
  };
  real.host.consent.onDidChange((change) => {
    if (change.kind !== 'added') return;
    asked.push(change.entry);
    real.host.consent.decide(change.entry.id, { kind: 'allow-once' });
  });
  return { asked, opened };
}

test('a server that wants to know who asks waits for a click, then runs, and forgets when it is told to', async () => {
  await Guarded.with(async (guarded) => {
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

test('ten servers that want a sign-in at the start open nothing and ask nothing (T093)', async () => {
  await Guarded.with(async (guarded) => {
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
  await Guarded.with(async (guarded) => {
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
  await Guarded.with(async (guarded) => {
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
  await Guarded.with(async (guarded) => {
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
  const good = new Set<string>();
  const http = await ScriptedHttp.start((exchange) => {
    serve(exchange, { granted: good }, '');
  });
  const sent = (): string[] => http.got('POST').map(({ headers }) => headers.authorization ?? 'nothing');
  const account = { provider: 'test', scopes: ['read'] };
  const real = new RealHost({ guarded: { url: `${http.origin}/mcp`, account, start: 'never' } });
  let token: string | undefined = 'CANARY-1';
  const asked: boolean[] = [];
  real.world.accounts = {
    session: (_provider, _scopes, ask) => {
      asked.push(ask);
      return Promise.resolve(token === undefined ? undefined : { token, account: 'somebody' });
    },
    confirm: () => Promise.resolve(true),
  };
  try {
    real.host.open();
    good.add('CANARY-1');
    await real.host.start(SERVER);
    assert.equal(real.state('guarded').kind, 'running', JSON.stringify(real.state('guarded')));
    await real.until(() => real.host.offered('tools').length === 1);

    // The editor has another token by the time the server refuses this one, and nobody was told.
    good.clear();
    good.add('CANARY-2');
    token = 'CANARY-2';
    assert.match(textOf(await real.call('guarded', 'whoami')), /you are you/);
    assert.equal(sent().at(-1), 'Bearer CANARY-2');

    // It tells of a new one: the old one is not tried any more.
    good.add('CANARY-3');
    token = 'CANARY-3';
    real.world.accountsChanged.fire('other');
    real.world.accountsChanged.fire('test');
    await real.call('guarded', 'whoami');
    assert.equal(sent().at(-1), 'Bearer CANARY-3');

    good.clear();
    const failure = await real.call('guarded', 'whoami').catch((error: unknown) => error);
    assert.match(JSON.stringify(failure), /account-refused/);
    assert.ok(!JSON.stringify([failure, real.world.logLines]).includes('CANARY'));

    token = undefined;
    real.world.accountsChanged.fire('test');
    await real.until(() => real.state('guarded').kind === 'stopped');
    const state = real.state('guarded');
    assert.ok(state.kind === 'stopped' && state.why.kind === 'sign-in', JSON.stringify(state));
    assert.deepEqual(asked.slice(1), asked.slice(1).fill(false), 'the person is asked by a click alone');
  } finally {
    await real.host.close();
    real.dispose();
    await http.stop();
  }
});
