/** Signing in to a remote server through the clients as shipped: no browser without a click, tokens in the secret store alone. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { stateLabel } from '../../../src/presentation/serverTexts';
import { toFailure } from '../../../src/protocol/failure';
import { textOf as fieldText } from '../../support/evilAs';
import { json } from '../../support/scriptedHttp';
import { GuardedServer } from '../../support/guardedServer';
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
      assert.deepEqual(running.account, { issuer: guarded.as.issuer, scopes: ['tools'] });
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
        why: { kind: 'sign-in', issuer: guarded.as.issuer, asked: 'closed' },
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

test('a server that starts on demand and wants a sign-in is left alone until the person signs in, however often it is looked at', async () => {
  await GuardedServer.with(async (guarded) => {
    const real = new RealHost({ guarded: { url: guarded.url, start: 'onDemand' } });
    const stop = (): string => {
      const state = real.state('guarded');
      return state.kind === 'stopped' ? state.why.kind : state.kind;
    };
    browsing(real);
    try {
      real.host.open();
      await real.host.demand(SERVER);
      assert.equal(stop(), 'sign-in');
      const { length } = guarded.http.exchanges;
      await real.host.demand(SERVER);
      assert.equal(guarded.http.exchanges.length, length, 'it is not even asked');
      await real.host.signIn(SERVER);
      assert.equal(real.state('guarded').kind, 'running');
      await real.host.signOut(SERVER);
      await real.host.demand(SERVER);
      assert.equal(stop(), 'sign-in');
    } finally {
      await real.host.close();
      real.dispose();
    }
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

test('the news of a sign-out elsewhere does not end what the person has begun meanwhile', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { opened } = browsing(real);
      await real.host.signIn(SERVER);
      const { secrets, secretsChanged } = real.world;
      for (const key of [...secrets.keys()]) {
        secrets.delete(key);
        secretsChanged.fire(key);
      }
      await real.host.signIn(SERVER);
      assert.equal(real.state('guarded').kind, 'running', JSON.stringify(real.state('guarded')));
      assert.equal(opened.length, 2);
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
