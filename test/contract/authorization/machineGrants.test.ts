import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';

import type { AuthorizationSettings } from '../../../src/authorization/contract';
import { describeFailure } from '../../../src/presentation/failureTexts';
import { claimsOf, EvilAs, headerOf } from '../../support/evilAs';
import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

const CREDENTIALS = { grant: 'client_credentials', clientId: 'robot' } as const;
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

test('client credentials are had without a person, with resource and scopes, and had again when they end (AUTHX1)', async () => {
  await AuthWorld.with(
    async (world) => {
      world.as.clients.set('robot', { secret: 's3cret', redirectUris: [] });
      world.modes.challenge = 'scope="read"';
      const window = world.window({ ...CREDENTIALS, clientSecret: 's3cret' });
      assert.equal(await world.call(window), 'done');
      const [form] = world.as.tokenRequests('client_credentials');
      assert.deepEqual([form?.get('resource'), form?.get('scope')], [world.url.href, 'read']);
      world.as.granted.clear();
      assert.equal(await world.call(window), 'done');
      world.clock.advance(0.9 * 3_600_000);
      assert.equal(await world.call(window), 'done');
      assert.equal(world.as.tokenRequests('client_credentials').length, 3);
      assert.equal(world.as.tokenRequests().length, 3, 'no refresh');
      assert.equal(window.browser.asked.length, 0);
      assert.ok(!world.as.paths.includes('/register'));
    },
    {
      metadata: (fields) => void (fields['token_endpoint_auth_methods_supported'] = ['client_secret_basic']),
    },
  );
});

test('a private key signs an assertion to the issuer (RFC 7523)', async () => {
  const pairs = [
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'pkcs8'],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sec1'],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }), 'pkcs8'],
  ] as const;
  for (const [algorithm, { privateKey, publicKey }, type] of pairs)
    await AuthWorld.with(
      async (world) => {
        const pem = privateKey.export({ type, format: 'pem' }).toString();
        const window = world.window({ ...CREDENTIALS, privateKey: { pem, algorithm } });
        assert.equal(await world.call(window), 'done');
        const assertion = world.as.tokenRequests()[0]?.get('client_assertion') ?? assert.fail();
        const { aud, iss, sub, exp, iat } = claimsOf(assertion);
        assert.deepEqual([aud, iss, sub], [world.as.issuer, 'robot', 'robot']);
        assert.ok(Number(exp) - Number(iat) <= 300);
        assert.equal(headerOf(assertion)['alg'], algorithm);
        const [head, payload, signature = ''] = assertion.split('.');
        const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
        const options = { key, dsaEncoding: 'ieee-p1363' } as const;
        assert.ok(
          verify('sha256', Buffer.from(`${head}.${payload}`), options, Buffer.from(signature, 'base64url')),
        );
        assert.doesNotMatch(world.store.record ?? '', /PRIVATE KEY/);
      },
      { metadata: (fields) => void (fields['token_endpoint_auth_methods_supported'] = ['private_key_jwt']) },
    );
});

test('settings that cannot work are told, without the key in them', async () => {
  const cases: readonly AuthorizationSettings[] = [
    { grant: 'client_credentials' },
    CREDENTIALS,
    { ...CREDENTIALS, privateKey: { pem: 'CANARY', algorithm: 'ES256' } },
    { ...CREDENTIALS, privateKey: { pem: 'CANARY', algorithm: 'HS256' } },
    { grant: 'jwt_bearer' },
    { grant: 'enterprise', clientId: 'robot' },
  ];
  for (const settings of cases)
    await AuthWorld.with(async (world) => {
      const failure = await world.refused(world.window(settings));
      assert.equal(failure.problem, 'settings-incomplete');
      assert.doesNotMatch(JSON.stringify(failure), /CANARY/);
      assert.deepEqual(world.as.tokenRequests(), []);
    });
});

test('a secret is not sent where only a private key is taken, and the setting for that is named', async () => {
  const settings = { ...CREDENTIALS, clientSecret: 'CANARY' };
  for (const [methods, isRefused] of [
    [['private_key_jwt', 'tls_client_auth'], true],
    [['private_key_jwt', 'client_secret_post'], false],
  ] as const)
    await AuthWorld.with(
      async (world) => {
        world.as.clients.set('robot', { secret: 'CANARY', redirectUris: [] });
        const outcome = await world.call(world.window(settings));
        assert.equal(world.as.tokenRequests().length, isRefused ? 0 : 1);
        if (!isRefused) return assert.equal(outcome, 'done');
        assert.ok(outcome !== 'done' && outcome.code === 'authorization');
        assert.equal(outcome.problem, 'settings-incomplete');
        assert.match(describeFailure(outcome), /a private key; set it as "privateKey" under "oauth"/);
      },
      { metadata: (fields) => void (fields['token_endpoint_auth_methods_supported'] = [...methods]) },
    );
});

test('a step-up of a machine asks for the union and nobody else', async () => {
  await AuthWorld.with(
    async (world) => {
      world.as.clients.set('robot', { secret: 's', redirectUris: [] });
      world.modes.challenge = 'scope="read"';
      const window = world.window({ ...CREDENTIALS, clientSecret: 's' });
      await world.call(window);
      world.modes.needs = ['write'];
      assert.equal(await world.call(window), 'done');
      assert.equal(world.as.tokenRequests()[1]?.get('scope'), 'read write');
    },
    { metadata: (fields) => void (fields['token_endpoint_auth_methods_supported'] = ['client_secret_post']) },
  );
});

test("a workload's JWT is shown once, and nothing else is tried when it is refused", async () => {
  await AuthWorld.with(async (world) => {
    world.as.clients.set('', { redirectUris: [] });
    assert.equal(await world.call(world.window({ grant: 'jwt_bearer', assertion: 'a.b.c' })), 'done');
    const [form] = world.as.tokenRequests();
    assert.deepEqual(
      [form?.get('grant_type'), form?.get('assertion'), form?.get('resource'), form?.has('client_id')],
      [JWT_BEARER, 'a.b.c', world.url.href, false],
    );
  });
  await AuthWorld.with(async (world) => {
    world.as.clients.set('workload', { redirectUris: [] });
    world.as.modes.tokenRequest = (_form, exchange) => (
      json(exchange, 400, { error: 'invalid_grant' }),
      'done'
    );
    const window = world.window({ grant: 'jwt_bearer', assertion: 'a.b.c', clientId: 'workload' });
    for (let round = 0; round < 3; round++)
      assert.equal((await world.refused(window)).problem, 'token-refused');
    assert.equal(world.as.tokenRequests().length, 1);
    assert.equal(world.as.tokenRequests()[0]?.get('client_id'), 'workload');
    assert.equal(window.browser.asked.length, 0);
  });
});

test("a workload's JWT that was not looked at for now is shown again", async () => {
  await AuthWorld.with(async (world) => {
    world.as.clients.set('', { redirectUris: [] });
    world.as.modes.tokenRequest = (_form, exchange) =>
      world.as.tokenRequests().length > 1
        ? undefined
        : (json(exchange, 400, { error: 'temporarily_unavailable' }), 'done');
    const window = world.window({ grant: 'jwt_bearer', assertion: 'a.b.c' });
    assert.equal((await world.refused(window)).problem, 'token-refused');
    assert.equal(await world.call(window), 'done');
  });
});

test("a workload's JWT is not shown again for more rights: what it is good for is settled", async () => {
  await AuthWorld.with(async (world) => {
    world.as.clients.set('', { redirectUris: [] });
    const window = world.window({ grant: 'jwt_bearer', assertion: 'a.b.c' });
    assert.equal(await world.call(window), 'done');
    world.modes.needs = ['write'];
    assert.equal((await world.refused(window)).problem, 'insufficient-scope');
    assert.equal(world.as.tokenRequests().length, 1);
  });
});

test("a workload's JWT is shown to the authorization server that took it, and to no other (AUTH11)", async () => {
  for (const clientId of [undefined, 'workload'])
    await AuthWorld.with(async (world) => {
      for (const as of [world.as, world.second]) as.clients.set(clientId ?? '', { redirectUris: [] });
      const settings = {
        grant: 'jwt_bearer',
        assertion: 'a.b.c',
        ...(clientId ? { clientId } : {}),
      } as const;
      assert.equal(await world.call(world.window(settings)), 'done');
      world.as.granted.clear();
      world.modes.metadata = (fields) => void (fields['authorization_servers'] = [world.second.issuer]);
      assert.equal((await world.refused(world.window(settings))).problem, 'issuer-mismatch');
      assert.deepEqual(world.second.tokenRequests(), []);
      const { issuer } = world.second;
      assert.equal(
        await world.call(world.window({ ...settings, issuer })),
        'done',
        'unless the person says so',
      );
    });
});

/** An identity provider that gives out one assertion. */
async function withProvider(
  use: (world: AuthWorld, provider: EvilAs, settings: AuthorizationSettings) => Promise<void>,
): Promise<void> {
  const provider = await EvilAs.start({}, 'idp');
  provider.clients.set('idp-client', { redirectUris: [] });
  provider.modes.tokenAnswer = (fields) => {
    Object.assign(fields, { access_token: 'the.id.jag', token_type: 'N_A', refresh_token: undefined });
    fields['issued_token_type'] ??= 'urn:ietf:params:oauth:token-type:id-jag';
  };
  const settings: AuthorizationSettings = {
    grant: 'enterprise',
    clientId: 'robot',
    enterprise: { issuer: provider.issuer, clientId: 'idp-client', idToken: 'who.am.i' },
  };
  try {
    await AuthWorld.with((world) => {
      world.as.clients.set('robot', { redirectUris: [] });
      return use(world, provider, settings);
    });
  } finally {
    await provider.http.stop();
  }
}

test('an enterprise sign-in exchanges the id token for an assertion, and that for access (AUTHX2)', async () => {
  await withProvider(async (world, provider, settings) => {
    const window = world.window(settings);
    assert.equal(await world.call(window), 'done');
    const [exchange] = provider.tokenRequests();
    assert.deepEqual(Object.fromEntries(exchange ?? []), {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      subject_token: 'who.am.i',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      audience: world.as.issuer,
      resource: world.url.href,
      client_id: 'idp-client',
    });
    const [form] = world.as.tokenRequests();
    assert.deepEqual([form?.get('grant_type'), form?.get('assertion')], [JWT_BEARER, 'the.id.jag']);
    assert.deepEqual(provider.paths, ['/.well-known/oauth-authorization-server', '/token']);
    assert.equal(window.browser.asked.length, 0);
    assert.doesNotMatch(world.store.record ?? '', /who\.am\.i|the\.id\.jag/);
  });
  await withProvider(async (world, provider, settings) => {
    const { enterprise = assert.fail() } = settings;
    const tokenEndpoint = `${provider.http.origin}/token`;
    assert.equal(
      await world.call(world.window({ ...settings, enterprise: { ...enterprise, tokenEndpoint } })),
      'done',
    );
    assert.deepEqual(provider.paths, ['/token']);
  });
});

test('an identity provider that gives another kind of token, or none, ends the call', async () => {
  await withProvider(async (world, provider, settings) => {
    const usual = provider.modes.tokenAnswer;
    provider.modes.tokenAnswer = (fields, exchange) => {
      fields['issued_token_type'] = 'urn:ietf:params:oauth:token-type:access_token';
      return usual?.(fields, exchange);
    };
    assert.equal((await world.refused(world.window(settings))).problem, 'token-invalid');
    provider.modes.tokenRequest = (_form, exchange) => (
      json(exchange, 400, { error: 'access_denied' }),
      'done'
    );
    const failure = await world.refused(world.window(settings));
    assert.deepEqual([failure.problem, failure.serverSays], ['token-refused', 'access_denied']);
    assert.deepEqual(world.as.tokenRequests(), []);
  });
});

test('an authorization server that lists its profiles without this one is not sent an assertion (AUTHX3)', async () => {
  await withProvider(async (world, provider, settings) => {
    world.as.modes.metadata = (fields) => void (fields['authorization_grant_profiles_supported'] = ['other']);
    assert.equal((await world.refused(world.window(settings))).problem, 'token-refused');
    assert.deepEqual(provider.http.exchanges, []);
  });
});
