import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Authorizer } from '../../../src/authorization/authorizer';
import { AuthWorld } from './world';
import { failsSaying } from '../../support/failures';

test('a refused call signs in with PKCE, resource and a registration, and is repeated with the token', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    assert.equal(await world.call(window), 'done');
    assert.deepEqual(world.calls, [401, 200]);
    const { url, state } = window.browser.opened[0] ?? assert.fail('no page was opened');
    const asked = url.searchParams;
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('resource'), world.url.href);
    assert.equal(asked.get('state'), state);
    assert.equal(Buffer.from(state, 'base64url').length, 32);
    const [registration] = world.as.http.got('POST').filter(({ path }) => path === '/register');
    assert.deepEqual(registration?.body, {
      client_name: 'MCP Host',
      redirect_uris: ['http://127.0.0.1:33999/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
    });
    const [token] = world.as.tokenRequests('authorization_code');
    assert.equal(token?.get('resource'), world.url.href);
    assert.equal(token?.get('redirect_uri'), asked.get('redirect_uri'));
    assert.deepEqual(window.accounts, [{ issuer: world.as.issuer, scopes: [] }]);
  });
});

test('what the address of the sign-in page brings along stays, but for what is ours, and no fragment', async () => {
  await AuthWorld.with(async (world) => {
    world.as.modes.metadata = (fields) => {
      const page = fields['authorization_endpoint'];
      assert.ok(typeof page === 'string');
      fields['authorization_endpoint'] = `${page}?tenant=a&state=s&code_challenge=c#section`;
    };
    const window = world.window();
    assert.equal(await world.call(window), 'done');
    const { url, state } = window.browser.opened[0] ?? assert.fail('no page was opened');
    assert.equal(url.hash, '');
    assert.equal(url.searchParams.get('tenant'), 'a');
    assert.deepEqual(url.searchParams.getAll('state'), [state]);
    const challenges = url.searchParams.getAll('code_challenge');
    assert.ok(challenges.length === 1 && challenges[0] !== 'c');
  });
});

test('the next call, and the next start of the editor, use the token that is there', async () => {
  await AuthWorld.with(async (world) => {
    const first = world.window();
    await world.call(first);
    assert.equal(await world.call(first), 'done');
    const later = world.window();
    assert.equal(await world.call(later), 'done');
    assert.deepEqual(world.calls, [401, 200, 200, 200]);
    assert.equal(later.browser.asked.length, 0);
    assert.deepEqual(later.accounts, [{ issuer: world.as.issuer, scopes: [] }]);
  });
});

test('every sign-in has a state and a verifier of its own', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    await window.authorizer.signOut();
    await world.call(window);
    const [first, second] = window.browser.opened;
    assert.notEqual(first?.state, second?.state);
    const [one, two] = world.as.tokenRequests();
    assert.notEqual(one?.get('code_verifier'), two?.get('code_verifier'));
    const registrations = world.as.paths.filter((path) => path === '/register');
    assert.equal(registrations.length, 1, 'the registration outlives the sign-out');
  });
});

test('a token goes to the configured origin only', async () => {
  await AuthWorld.with(async (world) => {
    const { authorizer } = world.window();
    await world.call({ authorizer });
    const here = await authorizer.headersFor({ method: 'GET', url: world.url }, world.signal);
    assert.equal(here.length, 1);
    for (const url of ['https://elsewhere.example/mcp', world.url.href.replace('127.0.0.1', 'localhost')]) {
      const fields = await authorizer.headersFor({ method: 'GET', url: new URL(url) }, world.signal);
      assert.deepEqual(fields, [], url);
    }
  });
});

test('a record of another server is not used for this one (T094)', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    world.modes.path = '/other';
    const moved = world.window();
    const fields = await moved.authorizer.headersFor({ method: 'POST', url: world.url }, world.signal);
    assert.deepEqual(fields, []);
  });
});

test('where nobody clicks, and where somebody says no, the call fails and no page opens', async () => {
  await AuthWorld.with(async (world) => {
    const later = world.window({}, { beginSignIn: () => Promise.resolve({ kind: 'later' }) });
    assert.deepEqual(await world.call(later), {
      code: 'sign-in-needed',
      issuer: world.as.issuer,
      scopes: [],
    });
    let asked = 0;
    const denied = world.window(
      {},
      { beginSignIn: () => (asked++, Promise.resolve({ kind: 'denied' as const })) },
    );
    const closed = { code: 'sign-in-closed', issuer: world.as.issuer };
    assert.deepEqual(await world.call(denied), closed);
    world.clock.advance(86_400_000);
    assert.deepEqual(await world.call(denied), closed);
    assert.equal(asked, 1, 'nobody is asked again who has not clicked Sign In');
    assert.deepEqual([...later.browser.opened, ...denied.browser.opened], []);
    assert.ok(!world.as.paths.includes('/register'), 'nobody is registered before the click');
  });
});

test('a browser that is closed leaves the call without a sign-in', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window({}, { openSignIn: () => Promise.resolve({ kind: 'dismissed' }) });
    const closed = { code: 'sign-in-closed', issuer: world.as.issuer };
    for (let round = 0; round < 3; round++) assert.deepEqual(await world.call(window), closed);
    assert.equal(window.browser.asked.length, 1, 'no new question comes up by itself');
    assert.deepEqual(world.as.tokenRequests(), []);
  });
  await AuthWorld.with(async (world) => {
    const window = world.window({}, { openSignIn: () => Promise.resolve({ kind: 'late' }) });
    const failure = await world.call(window);
    assert.equal(failure !== 'done' && failure.code, 'sign-in-needed');
  });
});

test('calls that are refused together lead to one question and one sign-in (T093)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    const calls = await Promise.all(Array.from({ length: 10 }, () => world.call(window)));
    assert.deepEqual(new Set(calls), new Set(['done']));
    assert.equal(window.browser.asked.length, 1);
    assert.equal(world.as.tokenRequests().length, 1);
  });
});

test('a call that is cancelled takes its question back, unless another call waits for it too', async () => {
  await AuthWorld.with(async (world) => {
    let question: AbortSignal | undefined;
    const window = world.window(
      {},
      {
        beginSignIn: (_request, signal) =>
          new Promise((_resolve, reject) => {
            question = signal;
            signal.addEventListener('abort', () => reject(new Error('withdrawn')));
          }),
      },
    );
    const [one, two] = [new AbortController(), new AbortController()];
    const answer = { status: 401, headers: {}, used: [], attempt: 1 } as const;
    const first = window.authorizer.challenged(answer, one.signal);
    const second = window.authorizer.challenged(answer, two.signal);
    while (question === undefined) await new Promise((resolve) => setImmediate(resolve));
    one.abort();
    assert.deepEqual(await first, { code: 'cancelled' });
    assert.equal(question.aborted, false);
    two.abort();
    assert.deepEqual(await second, { code: 'cancelled' });
    assert.equal(question.aborted, true);
  });
});

test('an Authorization header of the entry never leads to a sign-in (T068)', async () => {
  await AuthWorld.with(async (world) => {
    const { authorizer, browser } = world.window();
    const refused = { code: 'authorization', problem: 'header-refused' };
    const used = [['Authorization', 'Bearer CANARY']] as const;
    const answer = { status: 401, headers: {}, used, attempt: 1 } as const;
    assert.deepEqual(await authorizer.challenged(answer, world.signal), refused);
    const { clock, client: http, url: serverUrl } = world;
    const host = { ...browser, load: () => Promise.resolve(undefined), save: () => Promise.resolve() };
    const own = new Authorizer({
      serverUrl,
      settings: {},
      http,
      clock,
      hasOwnAuthorization: true,
      host: { ...host, exclusively: (work) => work(), signedIn: () => undefined, holds: () => undefined },
    });
    assert.deepEqual(await own.challenged({ ...answer, used: [] }, world.signal), refused);
    assert.deepEqual(await own.headersFor({ method: 'GET', url: serverUrl }, world.signal), []);
    assert.deepEqual([world.as.http.exchanges, world.resource.exchanges], [[], []]);
  });
});

test('a server that refuses its own fresh tokens ends the call after three requests at most (T070)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    world.modes.refuse = (exchange) => {
      exchange.response.writeHead(401).end();
      return true;
    };
    assert.deepEqual(await world.refused(window), { code: 'authorization', problem: 'token-not-accepted' });
    assert.deepEqual([world.calls.length, window.browser.asked.length], [2, 1]);
    const refreshes = (): number => world.as.tokenRequests('refresh_token').length;
    world.clock.advance(120_000);
    assert.equal((await world.refused(window)).problem, 'token-not-accepted');
    assert.deepEqual([world.calls.length, window.browser.asked.length, refreshes()], [5, 2, 1]);
    world.clock.advance(3_600_000);
    assert.equal((await world.refused(window)).problem, 'token-not-accepted');
    assert.deepEqual([world.calls.length, window.browser.asked.length, refreshes()], [7, 3, 2]);
  });
});

test('a 403 that says nothing of scopes is left to the server', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.refuse = ({ response }) => {
      response.writeHead(403).end();
      return true;
    };
    const window = world.window();
    assert.deepEqual(await world.call(window), { code: 'http-error', status: 403, isPage: false });
    assert.equal(window.browser.asked.length, 0);
  });
});

test('signing out forgets and revokes the tokens, even when what is stored cannot be read', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    await window.authorizer.signOut();
    assert.deepEqual(world.as.revoked, [...world.as.refreshTokens.keys()]);
    assert.equal(window.accounts.at(-1), undefined);
    assert.deepEqual(await window.authorizer.headersFor({ method: 'GET', url: world.url }, world.signal), []);
    assert.doesNotMatch(world.store.record ?? '', /at-as|rt-as/);
    world.store.record = '{"version":1,"serv';
    const restarted = world.window();
    await failsSaying(
      restarted.authorizer.headersFor({ method: 'GET', url: world.url }, world.signal),
      /stored credentials/,
    );
    await restarted.authorizer.signOut();
    assert.equal(world.store.record, undefined);
  });
});

test('a store that fails is never taken for an empty one (T095)', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    world.store.failing = 'load';
    const window = world.window();
    await failsSaying(
      window.authorizer.headersFor({ method: 'GET', url: world.url }, world.signal),
      /cannot be reached/,
    );
    const failure = await window.authorizer.challenged(
      { status: 401, headers: {}, used: [], attempt: 1 },
      world.signal,
    );
    assert.deepEqual(failure, { code: 'authorization', problem: 'store-unavailable' });
    assert.equal(window.browser.asked.length, 0);
  });
});

test('tokens that could not be stored at once are stored all the same: the refresh token before them is used up', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.granted.clear();
    world.store.failing = 'one save';
    assert.equal(await world.call(window), 'done');
    assert.equal(window.browser.asked.length, 1);
  });
});
