import assert from 'node:assert/strict';
import { test } from 'node:test';

import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

const DOCUMENT = 'https://host.example/client.json';

test('a configured client id comes before a metadata document, and that before registering (AUTH7)', async () => {
  const takesDocuments = {
    metadata: (fields: Record<string, unknown>) =>
      void (fields['client_id_metadata_document_supported'] = true),
  };
  await AuthWorld.with(async (world) => {
    world.as.clients.set('mine', { redirectUris: [] });
    const window = world.window({ clientId: 'mine', clientMetadataUrl: DOCUMENT });
    assert.equal(await world.call(window), 'done');
    assert.equal(window.browser.opened[0]?.url.searchParams.get('client_id'), 'mine');
    assert.ok(!world.as.paths.includes('/register'));
  }, takesDocuments);
  await AuthWorld.with(async (world) => {
    world.as.clients.set(DOCUMENT, { redirectUris: [] });
    const window = world.window({ clientMetadataUrl: DOCUMENT });
    assert.equal(await world.call(window), 'done');
    assert.equal(world.as.tokenRequests()[0]?.get('client_id'), DOCUMENT);
    assert.ok(!world.as.paths.includes('/register'));
  }, takesDocuments);
  await AuthWorld.with(async (world) => {
    const window = world.window({ clientMetadataUrl: DOCUMENT });
    assert.equal(await world.call(window), 'done');
    assert.ok(world.as.paths.includes('/register'), 'this one does not take documents');
  });
});

test('without any way to a client id the person is not even asked', async () => {
  await AuthWorld.with(
    async (world) => {
      const window = world.window();
      assert.equal((await world.refused(window)).problem, 'registration-impossible');
      assert.equal(window.browser.asked.length, 0);
    },
    { metadata: (fields) => delete fields['registration_endpoint'] },
  );
});

test('the client authenticates the way the authorization server advertises', async () => {
  const cases = [
    [['none'], undefined, undefined],
    [['client_secret_basic'], 'basic', undefined],
    [['client_secret_post'], undefined, 'post'],
    [['client_secret_post', 'client_secret_basic'], 'basic', undefined],
    [undefined, undefined, undefined],
  ] as const;
  for (const [methods, basic, post] of cases)
    await AuthWorld.with(
      async (world) => {
        assert.equal(await world.call(world.window()), 'done');
        const [exchange] = world.as.http.got('POST').filter(({ path }) => path === '/token');
        assert.equal(exchange?.headers.authorization !== undefined, basic !== undefined);
        assert.equal(world.as.tokenRequests()[0]?.has('client_secret'), post !== undefined);
      },
      {
        metadata: (fields) =>
          void (fields['token_endpoint_auth_methods_supported'] = methods && [...methods]),
      },
    );
});

test('a configured secret goes to the token endpoint in a form that all servers understand', async () => {
  await AuthWorld.with(
    async (world) => {
      world.as.clients.set('my-id.1', { secret: 'a_b-c:d e', redirectUris: [] });
      assert.equal(
        await world.call(world.window({ clientId: 'my-id.1', clientSecret: 'a_b-c:d e' })),
        'done',
      );
      const [exchange] = world.as.http.got('POST').filter(({ path }) => path === '/token');
      const credentials = (exchange?.headers.authorization ?? '').replace('Basic ', '');
      assert.equal(Buffer.from(credentials, 'base64').toString(), 'my-id.1:a_b-c%3Ad%20e');
      assert.doesNotMatch(world.store.record ?? '', /a_b-c/, 'it stays in the settings');
    },
    { metadata: (fields) => delete fields['token_endpoint_auth_methods_supported'] },
  );
});

test('a configured client id is shown to the authorization server it was used with, and to no other (AUTH11)', async () => {
  await AuthWorld.with(async (world) => {
    world.as.clients.set('mine', { redirectUris: [] });
    world.second.clients.set('mine', { redirectUris: [] });
    await world.call(world.window({ clientId: 'mine' }));
    world.as.granted.clear();
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = [world.second.issuer]);
    assert.equal((await world.refused(world.window({ clientId: 'mine' }))).problem, 'issuer-mismatch');
    assert.ok(!world.second.http.exchanges.some(({ path, text }) => (path + text).includes('mine')));
    const pinned = world.window({ clientId: 'mine', issuer: world.second.issuer });
    assert.equal(await world.call(pinned), 'done', 'unless the person says so');
  });
});

test('a registration that was forgotten is renewed once, with a question of its own (T094)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    world.as.clients.clear();
    world.as.granted.clear();
    assert.equal(await world.call(window), 'done');
    const registrations = (): number => world.as.paths.filter((path) => path === '/register').length;
    assert.equal(registrations(), 2);
    world.as.modes.tokenRequest = (_form, exchange) => (
      json(exchange, 401, { error: 'invalid_client' }),
      'done'
    );
    world.as.granted.clear();
    world.clock.advance(120_000);
    assert.equal((await world.refused(window)).problem, 'token-refused');
    assert.equal(registrations(), 3, 'one for the refused refresh, and no second');
  });
});

test('a registration that is refused at the token endpoint is renewed with a question of its own', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    await window.authorizer.signOut();
    world.as.clients.clear();
    assert.equal(await world.call(window), 'done');
    assert.equal(window.browser.asked.length, 3);
    assert.equal(world.as.paths.filter((path) => path === '/register').length, 2);
  });
});

test('a person who gives up at a page with an earlier registration gets a new one the next time', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    await world.call(window);
    await window.authorizer.signOut();
    await world.call(world.window({}, { openSignIn: () => Promise.resolve({ kind: 'dismissed' }) }));
    assert.equal(await world.call(world.window()), 'done');
    assert.equal(world.as.clients.size, 2);
  });
});

/** A window whose answers come back at another port each time. */
function onPorts(world: AuthWorld, isGivenUp: () => boolean): ReturnType<AuthWorld['window']> {
  let port = 40_000;
  const window = world.window(
    {},
    {
      beginSignIn: (request) => {
        window.browser.asked.push(request);
        const redirectUri = `http://127.0.0.1:${port++}/callback`;
        return Promise.resolve({ kind: 'begin', ticket: 't', redirectUri });
      },
      openSignIn: async (_ticket, url) => {
        if (isGivenUp()) return { kind: 'dismissed' };
        const page = await fetch(url, { redirect: 'manual' });
        return { kind: 'callback', url: page.headers.get('location') ?? '' };
      },
    },
  );
  return window;
}

test('one registration does for every sign-in, whatever port its answer comes back at (RFC 8252 §7.3)', async () => {
  await AuthWorld.with(async (world) => {
    const window = onPorts(world, () => false);
    for (let round = 0; round < 4; round++) {
      assert.equal(await world.call(window), 'done');
      await window.authorizer.signOut();
    }
    assert.equal(world.as.clients.size, 1);
    assert.deepEqual(
      window.browser.asked.map(({ earlierRedirect }) => earlierRedirect),
      [undefined, ...Array<string>(3).fill('http://127.0.0.1:40000/callback')],
      'the same port is asked for',
    );
  });
});

test('sign-ins that are given up leave the tokens renewable, however many they are', async () => {
  await AuthWorld.with(async (world) => {
    let isGivenUp = false;
    const window = onPorts(world, () => isGivenUp);
    assert.equal(await world.call(window), 'done');
    isGivenUp = true;
    for (let round = 0; round < 8; round++) {
      world.modes.needs = [`more${round}`];
      const failure = await world.call(window, `tool${round}`);
      assert.equal(failure !== 'done' && failure.code, 'sign-in-closed');
    }
    delete world.modes.needs;
    world.as.granted.clear();
    assert.equal(await world.call(window), 'done');
    assert.equal(world.as.tokenRequests('refresh_token').length, 1);
    assert.ok(world.as.clients.size <= 5, 'not every one registers');
  });
});

test('tokens of another client or issuer than the settings name are not used', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    const request = { method: 'GET', url: world.url } as const;
    for (const settings of [{ clientId: 'other' }, { issuer: 'https://other.example' }])
      assert.deepEqual(await world.window(settings).authorizer.headersFor(request, world.signal), []);
    const { issuer } = world.as;
    assert.equal((await world.window({ issuer }).authorizer.headersFor(request, world.signal)).length, 1);
  });
});

test('a callback address that was not registered is registered anew, with the same client never', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window());
    world.as.granted.clear();
    world.as.refreshTokens.clear();
    const elsewhere = world.window(
      {},
      {
        beginSignIn: () =>
          Promise.resolve({ kind: 'begin', ticket: 't', redirectUri: 'http://127.0.0.1:40001/elsewhere' }),
      },
    );
    assert.equal(await world.call(elsewhere), 'done');
    assert.equal(world.as.clients.size, 2);
  });
});

test('a refused registration says what the server said, and nothing happens after it', async () => {
  await AuthWorld.with(
    async (world) => {
      const window = world.window();
      const failure = await world.refused(window);
      assert.deepEqual(failure, {
        code: 'authorization',
        problem: 'registration-refused',
        serverSays: 'invalid_redirect_uri: no loopback here',
      });
      assert.equal(window.browser.opened.length, 0);
    },
    {
      register: (_fields, exchange) => {
        json(exchange, 400, { error: 'invalid_redirect_uri', error_description: 'no loopback here' });
        return 'done';
      },
    },
  );
});

test('registrations are taken as servers give them', async () => {
  const edits: readonly ((fields: Record<string, unknown>) => void)[] = [
    (fields) => void (fields['client_secret'] = 's3cret'),
    (fields) =>
      Object.assign(fields, { client_secret: 's3cret', token_endpoint_auth_method: 'client_secret_post' }),
    (fields) => Object.assign(fields, { client_secret: null, client_secret_expires_at: 'soon' }),
    (fields) => delete fields['token_endpoint_auth_method'],
  ];
  for (const [index, edit] of edits.entries())
    await AuthWorld.with(
      async (world) => {
        const failure = await world.call(world.window());
        // The first says "none" and gives a secret; the server's word for the method counts, and it insists on its secret.
        if (index === 0) assert.notEqual(failure, 'done');
        else assert.equal(failure, 'done', `${index}`);
      },
      { register: (fields) => edit(fields) },
    );
  for (const [status, body] of [
    [200, { client_id: '' }],
    [201, { client_id: 'a\r\nb' }],
    [201, { client_id: 'x'.repeat(3_000) }],
    [201, []],
    [404, 'nothing'],
  ] as const)
    await AuthWorld.with(
      async (world) => assert.equal((await world.refused(world.window())).problem, 'registration-refused'),
      { register: (_fields, exchange) => (json(exchange, status, body), 'done') },
    );
});

test('a metadata document needs an https address with a path (AUTH8)', async () => {
  for (const clientMetadataUrl of ['https://host.example/', 'http://host.example/c.json', 'file:///c.json'])
    await AuthWorld.with(
      async (world) => {
        const window = world.window({ clientMetadataUrl });
        assert.match((await world.refused(window)).problem, /settings-incomplete|unsafe-url/);
        assert.equal(window.browser.asked.length, 0);
      },
      { metadata: (fields) => void (fields['client_id_metadata_document_supported'] = true) },
    );
});
