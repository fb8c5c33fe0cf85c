import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EvilModes } from '../../support/evilAs';
import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

type Edit = NonNullable<EvilModes['tokenAnswer']>;

/** Answers that give no usable token (T091). */
const REFUSED: readonly (readonly [name: string, edit: Edit])[] = [
  ['another token type', (fields) => Object.assign(fields, { token_type: 'mac' })],
  ['no token type', (fields) => Object.assign(fields, { token_type: undefined })],
  ['a token type of token exchange', (fields) => Object.assign(fields, { token_type: 'N_A' })],
  ['a token bound to no key', (fields) => Object.assign(fields, { token_type: 'DPoP' })],
  ['no access token', (fields) => Object.assign(fields, { access_token: undefined })],
  ['a number as token', (fields) => Object.assign(fields, { access_token: 7 })],
  ['an empty token', (fields) => Object.assign(fields, { access_token: '' })],
  ['a token with a line break', (fields) => Object.assign(fields, { access_token: 'a\r\nX-Evil: 1' })],
  ['a token with a space', (fields) => Object.assign(fields, { access_token: 'a b' })],
  ['a token beyond ASCII', (fields) => Object.assign(fields, { access_token: 'tökén' })],
  ['a token of 20 KB', (fields) => Object.assign(fields, { access_token: 'a'.repeat(20_000) })],
  ['a refresh token with a line break', (fields) => Object.assign(fields, { refresh_token: 'a\nb' })],
  ['a refresh token of 20 KB', (fields) => Object.assign(fields, { refresh_token: 'a'.repeat(20_000) })],
];

for (const [name, tokenAnswer] of REFUSED)
  test(`${name} is not taken (T091)`, async () => {
    await AuthWorld.with(
      async (world) => {
        const failure = await world.refused(world.window());
        assert.equal(failure.problem, 'token-invalid');
        assert.doesNotMatch(world.store.record ?? '', /accessToken/);
      },
      { tokenAnswer },
    );
  });

test('two megabytes of answer are not read to their end', async () => {
  await AuthWorld.with(
    async (world) => assert.equal((await world.refused(world.window())).problem, 'metadata-invalid'),
    { tokenAnswer: (fields) => Object.assign(fields, { access_token: 'a'.repeat(2_000_000) }) },
  );
});

test('what surrounds a good token does no harm', async () => {
  const edits: readonly Edit[] = [
    (fields) => Object.assign(fields, { token_type: 'bEaReR' }),
    // As servers of great platforms make them, against RFC 6750 §2.1.
    (fields) => Object.assign(fields, { access_token: 'user42:grant7:secret' }),
    (fields) => Object.assign(fields, { access_token: '12|ab@c!d"\\' }),
    (fields) => Object.assign(fields, { refresh_token: null, scope: null, expires_in: null }),
    (fields) => Object.assign(fields, { refresh_token: '', scope: '' }),
    (fields) => Object.assign(fields, { id_token: 'not.a.jwt', constructor: 'x' }),
    (fields, exchange) => {
      json(exchange, 201, fields);
      return 'done';
    },
    (fields, exchange) => {
      // `__proto__` as an own key can only be written as text.
      const text = JSON.stringify(fields).replace('{', '{"__proto__":{"scope":"admin"},');
      exchange.response.setHeader('content-type', 'application/json');
      exchange.response.end(text);
      return 'done';
    },
  ];
  for (const [index, tokenAnswer] of edits.entries())
    await AuthWorld.with(
      async (world) => {
        world.modes.refuse = ({ headers, response }) => {
          response.writeHead(headers.authorization === undefined ? 401 : 200).end();
          return true;
        };
        const window = world.window();
        assert.equal(await world.call(window), 'done', `${index}`);
        assert.deepEqual(window.accounts, [{ issuer: world.as.issuer, scopes: [] }]);
      },
      { tokenAnswer },
    );
});

test('an OAuth error with status 200, and one behind a challenge, are errors (T091)', async () => {
  for (const status of [200, 400, 401])
    await AuthWorld.with(
      async (world) => {
        const failure = await world.refused(world.window());
        assert.deepEqual([failure.problem, failure.serverSays], ['token-refused', 'unauthorized_client: no']);
      },
      {
        tokenRequest: (_form, exchange) => {
          const body = { error: 'unauthorized_client', error_description: 'no' };
          json(exchange, status, body, { 'www-authenticate': 'Basic realm="x"' });
          return 'done';
        },
      },
    );
});

for (const [body, said] of [
  [{ message: 'no such resource' }, ': no such resource'],
  [{ detail: 'no such resource' }, ': no such resource'],
  [{ error: { code: 7, message: 'no such resource' } }, ': no such resource'],
  [{ error: 5, errors: [] }, ''],
] as const)
  test(`a refusal that is not in OAuth's form is one, told with its status and words (${JSON.stringify(body)})`, async () => {
    for (const status of [400, 401])
      await AuthWorld.with(
        async (world) => {
          const failure = await world.refused(world.window());
          assert.deepEqual([failure.problem, failure.serverSays], ['token-refused', `HTTP ${status}${said}`]);
        },
        { tokenRequest: (_form, exchange) => (json(exchange, status, body), 'done') },
      );
  });

test("a refusal with another status that is not in OAuth's form says nothing of the grant (T089)", async () => {
  await AuthWorld.with(
    async (world) => {
      const failure = await world.call(world.window());
      assert.ok(failure !== 'done' && failure.code === 'network', JSON.stringify(failure));
      assert.equal(failure.detail, 'HTTP 403');
    },
    { tokenRequest: (_form, exchange) => (json(exchange, 403, { message: 'Forbidden' }), 'done') },
  );
});

test("a refused registration that is not in OAuth's form is told with its status and words", async () => {
  const refused = { message: 'Registration is switched off' };
  await AuthWorld.with(
    async (world) =>
      assert.equal((await world.refused(world.window())).serverSays, `HTTP 403: ${refused.message}`),
    { register: (_fields, exchange) => (json(exchange, 403, refused), 'done') },
  );
  await AuthWorld.with(
    async (world) => assert.equal((await world.refused(world.window())).serverSays, 'HTTP 400: ask us first'),
    { register: (_fields, { response }) => (response.writeHead(400).end('ask us first'), 'done') },
  );
});

test('the scopes that were granted are told, be they fewer or more than asked for', async () => {
  await AuthWorld.with(
    async (world) => {
      world.modes.challenge = 'scope="read write"';
      const window = world.window();
      await world.call(window);
      assert.deepEqual(window.accounts.at(-1)?.scopes, ['read', 'extra']);
    },
    { tokenAnswer: (fields) => Object.assign(fields, { scope: 'read  extra' }) },
  );
});

test('a renewal that says nothing of scopes leaves those that were granted, and is nobody else (CACHE6)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'scope="a b"';
    world.as.modes.tokenAnswer = (fields) => void (fields['scope'] = 'a');
    const window = world.window();
    await world.call(window);
    world.as.granted.clear();
    world.as.modes.tokenAnswer = (fields) => delete fields['scope'];
    world.clock.advance(1_000);
    assert.equal(await world.call(window), 'done');
    assert.equal(world.as.tokenRequests('refresh_token').length, 1);
    assert.deepEqual(window.accounts, [{ issuer: world.as.issuer, scopes: ['a'] }]);
    const later = world.window();
    await world.call(later);
    assert.deepEqual(later.accounts, window.accounts);
  });
});

test('who signed in is read from an id token, for display', async () => {
  const claims = Buffer.from(JSON.stringify({ email: 'me@x.example' })).toString('base64url');
  await AuthWorld.with(
    async (world) => {
      const window = world.window();
      await world.call(window);
      assert.equal(window.accounts.at(-1)?.account, 'me@x.example');
      world.as.granted.clear();
      delete world.as.modes.tokenAnswer;
      await world.call(window);
      assert.equal(window.accounts.at(-1)?.account, 'me@x.example', 'a refresh does not forget it');
    },
    { tokenAnswer: (fields) => Object.assign(fields, { id_token: `e30.${claims}.` }) },
  );
});

test('a refresh that names somebody else is told as another identity, and one that names the same person is not', async () => {
  const idToken = (email: string): string =>
    `e30.${Buffer.from(JSON.stringify({ email })).toString('base64url')}.`;
  let email = 'ada@x.example';
  await AuthWorld.with(
    async (world) => {
      const window = world.window();
      await world.call(window);
      const refreshed = async (): Promise<unknown> => {
        const before = window.accounts.length;
        world.as.granted.clear();
        world.clock.advance(120_000);
        assert.equal(await world.call(window), 'done');
        return window.accounts.slice(before).map((account) => account?.account);
      };
      assert.deepEqual(await refreshed(), []);
      email = 'eve@x.example';
      assert.deepEqual(await refreshed(), ['eve@x.example']);
      assert.deepEqual(await refreshed(), []);
      assert.deepEqual([world.as.tokenRequests('refresh_token').length, window.browser.asked.length], [3, 1]);
    },
    { tokenAnswer: (fields) => Object.assign(fields, { id_token: idToken(email) }) },
  );
});

test('nothing secret comes back in the words of a failure', async () => {
  await AuthWorld.with(
    async (world) => {
      world.as.clients.set('mine', { secret: 'very-secret-value', redirectUris: [] });
      const failure = await world.refused(
        world.window({ clientId: 'mine', clientSecret: 'very-secret-value' }),
      );
      const form = world.as.tokenRequests()[0] ?? assert.fail();
      const text = JSON.stringify(failure);
      for (const name of ['code', 'code_verifier'])
        assert.ok(!text.includes(form.get(name) ?? assert.fail(name)), name);
      assert.doesNotMatch(text, /very-secret-value/);
      assert.match(text, /\*\*\*/);
      assert.ok((failure.serverSays ?? '').length <= 300);
    },
    {
      metadata: (fields) => void (fields['token_endpoint_auth_methods_supported'] = ['client_secret_basic']),
      tokenRequest: (form, exchange) => {
        const { authorization = '' } = exchange.headers;
        const basic = authorization.replace('Basic ', '');
        const echo = `${form.toString()} ${authorization} ${Buffer.from(basic, 'base64').toString()}`;
        json(exchange, 400, { error: 'invalid_request', error_description: echo.padEnd(5_000, '.') });
        return 'done';
      },
    },
  );
});

test('tokens whose refresh is refused for another reason than their end are kept until somebody has signed in anew (T089)', async () => {
  for (const error of ['invalid_scope', 'unauthorized_client', 'invalid_request'])
    await AuthWorld.with(async (world) => {
      await world.call(world.window());
      const before = world.store.record;
      const tokens = new Map(world.as.granted);
      world.as.granted.clear();
      world.as.modes.tokenRequest = (_form, exchange) => (json(exchange, 400, { error }), 'done');
      const later = world.window({}, { beginSignIn: () => Promise.resolve({ kind: 'later' }) });
      const failure = await world.call(later);
      assert.equal(failure !== 'done' && failure.code, 'sign-in-needed');
      assert.equal(world.store.record, before);
      for (const [token, grant] of tokens) world.as.granted.set(token, grant);
      assert.equal(await world.call(later), 'done');
      assert.equal(world.as.tokenRequests('refresh_token').length, 1);
    });
});
