import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

/** The scope parameter of a page that was opened. */
function scopeOf(window: ReturnType<AuthWorld['window']>, index = 0): string | null {
  return window.browser.opened[index]?.url.searchParams.get('scope') ?? null;
}

test('scopes come from the challenge, else the settings, else the metadata, else nowhere (AUTH18)', async () => {
  const cases = [
    ['scope="a b"', ['mine'], ['m1', 'm2'], 'a b'],
    [undefined, ['mine'], ['m1', 'm2'], 'mine'],
    [undefined, undefined, ['m1', 'm2'], 'm1 m2'],
    [undefined, undefined, undefined, null],
    [undefined, [], ['m1'], null],
  ] as const;
  for (const [challenge, scopes, listed, expected] of cases)
    await AuthWorld.with(async (world) => {
      world.modes.challenge = challenge;
      world.modes.metadata = (fields) => void (fields['scopes_supported'] = listed);
      const window = world.window(scopes === undefined ? {} : { scopes });
      assert.equal(await world.call(window), 'done');
      assert.equal(scopeOf(window), expected);
      assert.deepEqual(window.browser.asked[0]?.scopes, expected?.split(' ') ?? [], 'they are shown first');
    });
});

test('offline_access is asked for where the authorization server lists it, and never alone (AUTH22)', async () => {
  for (const [listed, challenge, expected] of [
    [['offline_access'], 'scope="a"', 'a offline_access'],
    [['a'], 'scope="a"', 'a'],
    [undefined, 'scope="a"', 'a'],
    [['offline_access'], undefined, null],
  ] as const)
    await AuthWorld.with(
      async (world) => {
        world.modes.challenge = challenge;
        const window = world.window();
        await world.call(window);
        assert.equal(scopeOf(window), expected);
        const prompt = window.browser.opened[0]?.url.searchParams.get('prompt') ?? null;
        assert.equal(prompt, expected?.includes('offline') === true ? 'consent' : null);
      },
      { metadata: (fields) => void (fields['scopes_supported'] = listed) },
    );
});

test('rights that nobody could look through are refused with the reason, and never asked for as "whatever is usual"', async () => {
  for (const [listed, reason] of [
    [Array.from({ length: 101 }, (_, index) => `admin:${index}`), /101 rights, where 100 are the most/],
    [['read', 'x'.repeat(257)], /longer than 256 characters/],
  ] as const)
    for (const where of ['metadata', 'challenge', 'settings'] as const)
      await AuthWorld.with(async (world) => {
        if (where === 'metadata')
          world.modes.metadata = (fields) => void (fields['scopes_supported'] = listed);
        if (where === 'challenge') world.modes.challenge = `scope="${listed.join(' ')}"`;
        const window = world.window(where === 'settings' ? { scopes: listed } : {});
        const failure = await world.refused(window);
        assert.equal(failure.problem, 'scopes-refused');
        assert.match(failure.detail ?? '', reason);
        assert.deepEqual([window.browser.asked, world.as.clients.size], [[], 0]);
      });
});

test('a hundred rights of a length that is usual are asked for whole, and what is none is left out', async () => {
  await AuthWorld.with(async (world) => {
    const all = Array.from({ length: 100 }, (_, index) => `https://api.example/auth/admin.${index}`);
    world.modes.metadata = (fields) => void (fields['scopes_supported'] = all);
    const window = world.window();
    assert.equal(await world.call(window), 'done');
    assert.deepEqual([scopeOf(window), window.browser.asked[0]?.scopes], [all.join(' '), all]);
  });
  await AuthWorld.with(async (world) => {
    world.modes.metadata = (fields) => void (fields['scopes_supported'] = ['a', 'a', 'b c', '"', 'é', '', 7]);
    const window = world.window();
    await world.call(window);
    assert.equal(scopeOf(window), 'a');
  });
});

test('a step-up asks with the new scopes and the tool, keeps the old ones, and repeats the call (AUTH19, T092)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="read"';
    const window = world.window();
    await world.call(window);
    world.modes.needs = ['write'];
    assert.equal(await world.call(window, 'save'), 'done');
    const { issuer } = world.as;
    assert.deepEqual(window.browser.asked[1], {
      issuer,
      resource: world.url.href,
      scopes: ['read', 'write'],
      reason: 'more-scopes',
      newScopes: ['write'],
      tool: 'save',
      earlierRedirect: 'http://127.0.0.1:33999/callback',
    });
    assert.equal(scopeOf(window, 1), 'read write');
    assert.deepEqual(window.accounts.at(-1), { issuer, scopes: ['read', 'write'] });
    assert.equal(world.as.paths.filter((path) => path === '/register').length, 1);
  });
});

test('what was asked for once is asked for again when the sign-in expires', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="read"';
    const window = world.window();
    await world.call(window);
    world.modes.needs = ['write'];
    await world.call(window);
    world.as.granted.clear();
    world.as.refreshTokens.clear();
    assert.equal(await world.call(window), 'done');
    assert.equal(window.browser.asked[2]?.reason, 'expired');
    assert.deepEqual(window.browser.asked[2].scopes, ['read', 'write']);
  });
});

/** From now on the server is content with no token: each lacks another right. */
function wantMoreEachTime({ modes }: AuthWorld): void {
  let next = 0;
  modes.refuse = ({ headers, response }) => {
    if (headers.authorization === undefined) return false;
    const challenge = `Bearer error="insufficient_scope", scope="s${next++}"`;
    response.writeHead(403, { 'www-authenticate': challenge }).end();
    return true;
  };
}

test('a server that wants a new scope each time gets two step-ups of one call (T092)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    wantMoreEachTime(world);
    assert.equal((await world.refused(window)).problem, 'insufficient-scope');
    assert.deepEqual([window.browser.asked.length, world.calls.length], [3, 5]);
    assert.equal(scopeOf(window, 2), 's0 s1');
    assert.equal((await world.refused(window)).problem, 'insufficient-scope');
    assert.equal(window.browser.asked.length, 5, 'the next call has two of its own');
  });
});

test('each of two calls of one tool that are under way at once has two step-ups of its own (T092)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    wantMoreEachTime(world);
    const calls = [world.call(window, 'save'), world.call(window, 'save')];
    for (const failure of await Promise.all(calls))
      assert.ok(failure !== 'done' && failure.code === 'authorization');
    assert.equal(world.calls.filter((status) => status === 403).length, 6);
  });
});

test('a call that begins without a sign-in gets three questions at most, whatever the server says', async () => {
  await AuthWorld.with(async (world) => {
    wantMoreEachTime(world);
    const window = world.window();
    assert.equal((await world.refused(window)).problem, 'insufficient-scope');
    assert.equal(window.browser.asked.length, 3);
  });
});

test('scopes that were granted already, or are not named, are no reason to ask', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="read"';
    const window = world.window();
    await world.call(window);
    for (const scope of [', scope="read"', '']) {
      world.modes.refuse = ({ response }) => {
        response.writeHead(403, { 'www-authenticate': `Bearer error="insufficient_scope"${scope}` }).end();
        return true;
      };
      assert.equal((await world.refused(window)).problem, 'insufficient-scope');
    }
    assert.equal(window.browser.asked.length, 1);
  });
});

test('a server that echoes what it was sent is not quoted in that (T065)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.modes.refuse = ({ headers, response }) => {
      const why = `Bearer error="insufficient_scope", error_description="got ${headers.authorization}"`;
      response.writeHead(403, { 'www-authenticate': why }).end();
      return true;
    };
    assert.match((await world.refused(window)).serverSays ?? '', /^got (?:Bearer )?\(your authorization\)$/);
  });
});

test('what a server says of a refusal is told with it', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    for (const [status, error, problem] of [
      [403, 'insufficient_scope', 'insufficient-scope'],
      [401, 'invalid_token', 'token-not-accepted'],
    ] as const) {
      world.modes.refuse = ({ response }) => {
        const why = `Bearer error="${error}", error_description="only \\"admins\\" may"`;
        response.writeHead(status, { 'www-authenticate': why }).end();
        return true;
      };
      const failure = { code: 'authorization', problem, serverSays: 'only "admins" may' };
      assert.deepEqual(await world.refused(window), failure);
    }
  });
});

test('a step-up that is declined leaves the old token in place', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="read"';
    await world.call(world.window());
    const before = world.store.record;
    let asked = 0;
    const window = world.window({}, { beginSignIn: () => (asked++, Promise.resolve({ kind: 'denied' })) });
    world.modes.needs = ['write'];
    const closed = { code: 'sign-in-closed', issuer: world.as.issuer };
    assert.deepEqual(await world.call(window), closed);
    assert.deepEqual(await world.call(window), closed);
    assert.equal(asked, 1, 'a no holds for a while');
    world.clock.advance(60_000);
    assert.deepEqual(await world.call(window), closed);
    assert.equal(asked, 2, 'another call that needs it is the person who asks');
    delete world.modes.needs;
    assert.equal(await world.call(window), 'done');
    assert.equal(world.store.record, before);
  });
});

test('a no to more rights is none to a sign-in, which is asked about when the tokens have ended', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="read"';
    await world.call(world.window());
    const asked: string[] = [];
    const deny = ({ reason }: { readonly reason: string }): Promise<{ readonly kind: 'denied' }> => {
      asked.push(reason);
      return Promise.resolve({ kind: 'denied' });
    };
    const window = world.window({}, { beginSignIn: deny });
    world.modes.needs = ['write'];
    await world.call(window);
    delete world.modes.needs;
    world.as.granted.clear();
    world.as.modes.tokenRequest = (_form, exchange) => {
      json(exchange, 400, { error: 'invalid_grant' });
      return 'done';
    };
    await world.call(window);
    assert.deepEqual(asked, ['more-scopes', 'expired']);
  });
});
