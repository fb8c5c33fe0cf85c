/** Another identity at a server that runs: what it offers is listed anew, and nothing stays of what was listed for the one before. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { GuardedServer } from '../../support/guardedServer';
import { result } from '../../support/scriptedHttp';
import { browsing } from './browsing';
import { RealHost } from './realHost';

const SERVER = 'user/guarded';

function toolsOf(real: RealHost): readonly string[] {
  return real.host.offered('tools').map(({ item }) => item.name);
}

/** The server lists one tool, which bears the name of the token that it is listed for, once `ready`. */
function listByToken(guarded: GuardedServer, ready?: Promise<void>): void {
  guarded.list = (exchange, name) => {
    const answer = (): void => result(exchange, { tools: [{ name, inputSchema: { type: 'object' } }] });
    if (ready) void ready.then(answer);
    else answer();
  };
}

function newest(guarded: GuardedServer): string {
  return [...guarded.as.granted.keys()].at(-1) ?? assert.fail('no token was given out');
}

test('who signs in anew while a server runs sees their own list alone, also where no token says whose it is (T078)', async () => {
  await GuardedServer.with(async (guarded) => {
    // Tokens that nothing renews are kept until others replace them.
    guarded.as.modes.tokenAnswer = (fields) => {
      delete fields['refresh_token'];
    };
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { asked } = browsing(real);
      listByToken(guarded);
      await real.host.signIn(SERVER);
      await real.until(() => toolsOf(real).length > 0);
      assert.deepEqual(toolsOf(real), [newest(guarded)]);

      guarded.as.granted.clear();
      const ready = new Deferred<void>();
      listByToken(guarded, ready.promise);
      await real.call('guarded', 'whoami');
      assert.equal(asked.length, 2);
      assert.deepEqual(toolsOf(real), [], 'nothing of the one before is offered meanwhile');
      ready.resolve();
      await real.until(() => toolsOf(real).length > 0);
      assert.deepEqual(toolsOf(real), [newest(guarded)]);
    });
  });
});

test('more rights bring a list of their own, and a renewal of the same ones brings none', async () => {
  await GuardedServer.with(async (guarded) => {
    await RealHost.with({ guarded: { url: guarded.url } }, async (real) => {
      const { asked } = browsing(real);
      listByToken(guarded);
      await real.host.signIn(SERVER);
      await real.until(() => toolsOf(real).length > 0);
      const first = newest(guarded);

      guarded.as.granted.clear();
      await real.call('guarded', 'whoami');
      assert.notEqual(newest(guarded), first, 'the tokens were renewed');
      assert.deepEqual([toolsOf(real), asked.length], [[first], 1]);

      guarded.call = (exchange) => {
        guarded.call = undefined;
        const challenge = 'Bearer error="insufficient_scope", scope="more"';
        exchange.response.writeHead(403, { 'www-authenticate': challenge }).end();
      };
      await real.call('guarded', 'whoami');
      await real.until(() => toolsOf(real).includes(newest(guarded)));
      assert.deepEqual([toolsOf(real).length, asked.length], [1, 2]);
    });
  });
});

test('a session of another account of the editor brings a list of its own, and a renewed one brings none', async () => {
  await GuardedServer.with(async (guarded) => {
    const servers = {
      guarded: { url: guarded.url, account: { provider: 'test', scopes: ['read'] } },
    };
    await RealHost.with(servers, async (real) => {
      let session = { token: 'first-of-ada', account: 'ada' };
      const use = (token: string, account: string): void => {
        session = { token, account };
        guarded.as.granted.set(token, { clientId: 'editor', scopes: [], resource: null });
        real.world.accountsChanged.fire('test');
      };
      real.world.accounts = {
        session: () => Promise.resolve(session),
        confirm: () => Promise.resolve(true),
      };
      listByToken(guarded);
      // The person has allowed both of their accounts here.
      for (const [token, account] of [
        ['of-eve', 'eve'],
        ['of-ada', 'ada'],
      ] as const) {
        await real.host.stop(SERVER);
        use(token, account);
        await real.host.start(SERVER);
        await real.until(() => toolsOf(real).includes(token));
      }
      use('renewed-of-ada', 'ada');
      await real.call('guarded', 'whoami');
      assert.equal(guarded.http.got('POST').at(-1)?.headers.authorization, 'Bearer renewed-of-ada');
      assert.deepEqual(toolsOf(real), ['of-ada']);

      use('again-of-eve', 'eve');
      await real.until(() => toolsOf(real).includes('again-of-eve'));
      assert.deepEqual(toolsOf(real), ['again-of-eve']);
    });
  });
});
