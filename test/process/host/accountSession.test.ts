/** Sessions of an account of the editor, through the clients as shipped. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { withAccount } from './accountSession';
import { textOf } from './realHost';
import { failsSaying } from '../../support/failures';

const SERVER = 'user/guarded';

test('a session of an account is renewed while the server runs, and signing out of it ends its use', async () => {
  await withAccount(async ({ real, guarded, asked, switchTo, end }) => {
    const latest = (): string | undefined => guarded.http.got('POST').at(-1)?.headers.authorization;
    await real.host.start(SERVER);
    const running = real.state('guarded');
    assert.ok(running.kind === 'running', JSON.stringify(running));
    assert.deepEqual(running.account, { provider: 'test', scopes: ['read'], account: 'somebody' });
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

test('signing out of a server that is used with an account of the editor is refused, whether it runs or not: it would be used again', async () => {
  await withAccount(async ({ real }) => {
    for (const isRunning of [false, true]) {
      if (isRunning) await real.host.start(SERVER);
      const before = real.state('guarded');
      assert.equal(before.kind === 'running', isRunning);
      await failsSaying(real.host.signOut(SERVER), /Sign out of that account in the editor/);
      assert.deepEqual(real.state('guarded'), before);
    }
  });
});
