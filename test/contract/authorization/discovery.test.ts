import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { json } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

const PRM = '/.well-known/oauth-protected-resource';
const OAUTH = '/.well-known/oauth-authorization-server';
const OPENID = '/.well-known/openid-configuration';

/** Metadata requests to the server, in order. */
function looked(world: AuthWorld): string[] {
  return world.resource.exchanges.map(({ path }) => path).filter((path) => path.startsWith('/.well-known'));
}

test('metadata of the server are looked for where the challenge says, then at its path, then at its root (AUTH3)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.metadataPath = '/custom/prm';
    world.modes.challenge = `resource_metadata="${world.resource.origin}/custom/prm"`;
    assert.equal(await world.call(world.window()), 'done');
    assert.deepEqual(looked(world), []);
  });
  await AuthWorld.with(async (world) => {
    assert.equal(await world.call(world.window()), 'done');
    assert.deepEqual(looked(world), [`${PRM}/mcp`]);
  });
  await AuthWorld.with(async (world) => {
    world.modes.challenge = 'resource_metadata="/custom/prm"';
    assert.equal(await world.call(world.window()), 'done');
    assert.deepEqual(looked(world), [`${PRM}/mcp`]);
  });
  await AuthWorld.with(async (world) => {
    world.modes.metadataPath = PRM;
    assert.equal(await world.call(world.window()), 'done');
    assert.deepEqual(looked(world), [`${PRM}/mcp`, PRM]);
  });
});

test('the resource of the metadata is sent byte for byte, and has to be the server or a parent of it (T082)', async () => {
  const cases: readonly (readonly [(origin: string) => string, boolean])[] = [
    [(origin) => `${origin}/mcp`, true],
    [(origin) => origin, true],
    [(origin) => `${origin}/`, true],
    [(origin) => origin.replace('http', 'HTTP'), true],
    [(origin) => `${origin}/mc`, false],
    [(origin) => `${origin}/MCP`, false],
    [(origin) => `${origin}/mcp/deeper`, false],
    [(origin) => `${origin}/mcp#part`, false],
    [() => 'https://elsewhere.example/mcp', false],
    [() => 'http://127.0.0.1:1/mcp', false],
    [() => 'nonsense', false],
  ];
  for (const [of, isGood] of cases)
    await AuthWorld.with(async (world) => {
      const resource = of(world.resource.origin);
      world.modes.metadata = (fields) => void (fields['resource'] = resource);
      const window = world.window();
      if (isGood) {
        assert.equal(await world.call(window), 'done', resource);
        assert.equal(window.browser.opened[0]?.url.searchParams.get('resource'), resource);
        assert.equal(world.as.tokenRequests()[0]?.get('resource'), resource);
        return;
      }
      assert.equal((await world.refused(window)).problem, 'resource-mismatch', resource);
      assert.deepEqual([window.browser.asked, world.as.http.exchanges], [[], []]);
    });
});

test('metadata of the authorization server are looked for in the order of the specification (AUTH5)', async () => {
  const cases = [
    ['', [OAUTH, OPENID]],
    ['/tenant1', [`${OAUTH}/tenant1`, `${OPENID}/tenant1`, `/tenant1${OPENID}`]],
  ] as const;
  for (const [issuerPath, places] of cases)
    for (const [index, place] of places.entries())
      await AuthWorld.with(
        async (world) => {
          assert.equal(await world.call(world.window()), 'done');
          const asked = world.as.paths.filter((path) => path.includes('.well-known'));
          assert.deepEqual(asked, places.slice(0, index + 1));
        },
        { issuerPath, metadataPaths: [place] },
      );
});

for (const [what, answer] of [
  [
    'that name another issuer',
    { issuer: 'https://other.example', token_endpoint: 'https://other.example/token' },
  ],
  ['that are none', { message: 'Not found' }],
] as const)
  test(`metadata ${what} do not hide those at the next place (AUTH5, AUTH6)`, async () => {
    await AuthWorld.with(
      async (world) => {
        world.as.modes.other = (exchange) => json(exchange, 200, answer);
        assert.equal(await world.call(world.window()), 'done');
      },
      { issuerPath: '/tenant1', metadataPaths: [`/tenant1${OPENID}`] },
    );
  });

test('what is named in the place of the server or the issuer is told, as it has to be compared (AUTH6)', async () => {
  await AuthWorld.with(async (world) => {
    world.as.modes.metadata = (fields) => void (fields['issuer'] = `${world.as.issuer}/`);
    assert.equal((await world.refused(world.window())).serverSays, `issuer: ${world.as.issuer}/`);
    world.modes.metadata = (fields) => void (fields['resource'] = 'http://localhost:8000/mcp');
    assert.equal((await world.refused(world.window())).serverSays, 'resource: http://localhost:8000/mcp');
  });
});

test('an authorization server without a page for sign-ins is told as that', async () => {
  await AuthWorld.with(async (world) => {
    world.as.modes.metadata = (fields) => void (fields['authorization_endpoint'] = undefined);
    const failure = await world.refused(world.window());
    assert.deepEqual(
      [failure.problem, failure.detail],
      ['metadata-invalid', 'the authorization endpoint is missing'],
    );
  });
});

test('metadata that name another issuer, by a slash even, are not used (AUTH6)', async () => {
  for (const change of [(issuer: string) => `${issuer}/`, () => 'https://other.example'])
    await AuthWorld.with(async (world) => {
      world.as.modes.metadata = (fields) => void (fields['issuer'] = change(world.as.issuer));
      const window = world.window();
      assert.equal((await world.refused(window)).problem, 'issuer-mismatch');
      assert.equal(window.browser.asked.length, 0);
    });
});

test('a server of the first revision is its own authorization server (AUTH24)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.hasMetadata = false;
    world.modes.tokenError = 'invalid_request';
    const window = world.window();
    const failure = await world.call(window);
    // The origin has no /register, but the person was asked, and told that the addresses are guesses.
    assert.equal(failure !== 'done' && failure.code, 'authorization');
    const [asked] = window.browser.asked;
    assert.equal(asked?.guessed, true);
    assert.equal(asked?.issuer, world.resource.origin);
    assert.equal(asked?.resource, world.url.href);
    const paths = world.resource.exchanges.map(({ path }) => path);
    assert.deepEqual(paths.slice(1), [`${PRM}/mcp`, PRM, OAUTH, OPENID, '/token', '/register']);
  });
});

test('a server that answers 401 and has nothing of OAuth wants a header, and leads to no guessed sign-in', async () => {
  for (const scheme of [undefined, 'Bearer', 'Basic realm="x",'])
    await AuthWorld.with(async (world) => {
      world.modes.hasMetadata = false;
      if (scheme !== undefined) world.modes.scheme = scheme;
      const window = world.window();
      const failure = await world.refused(window);
      assert.equal(failure.problem, 'header-wanted');
      assert.match(describeFailure(failure), /wants an Authorization header.*"headers": \{ "Authorization":/);
      assert.deepEqual([window.browser.asked, window.browser.opened], [[], []]);
      assert.ok(!world.resource.exchanges.some(({ path }) => /authorize|register/.test(path)));
    });
});

test('the first revision works from metadata at the origin, and from none at all', async () => {
  for (const hasMetadata of [true, false])
    await AuthWorld.with(
      async (world) => {
        const { as } = world;
        as.modes.other = (exchange) => {
          const token = (exchange.headers.authorization ?? '').split(' ')[1] ?? '';
          json(exchange, exchange.path !== '/mcp' ? 404 : as.granted.has(token) ? 200 : 401, {});
        };
        const { resource } = world;
        world.resource = as.http;
        const window = world.window();
        assert.equal(await world.call(window), 'done');
        assert.deepEqual(world.calls, [401, 200]);
        world.resource = resource;
        assert.equal(window.browser.asked[0]?.issuer, as.issuer);
        assert.equal(window.browser.asked[0]?.guessed, hasMetadata ? undefined : true);
        assert.equal(as.tokenRequests('authorization_code')[0]?.get('resource'), `${as.issuer}/mcp`);
      },
      { metadataPaths: hasMetadata ? [OAUTH] : [] },
    );
});

test('where metadata cannot be got, nobody guesses', async () => {
  for (const status of [500, 503, 429])
    await AuthWorld.with(async (world) => {
      world.modes.metadata = (_fields, exchange) => (json(exchange, status, {}), 'done');
      const window = world.window();
      assert.equal((await world.refused(window)).problem, 'metadata-unavailable');
      assert.deepEqual([looked(world).length, window.browser.asked.length], [1, 0]);
    });
  await AuthWorld.with(async (world) => {
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = ['http://127.0.0.1:1']);
    const failure = await world.call(world.window());
    assert.equal(failure !== 'done' && failure.code, 'network');
  });
});

test('a web page or a redirect in the place of metadata counts as none', async () => {
  for (const answer of ['page', 'redirect'])
    await AuthWorld.with(async (world) => {
      world.modes.metadataPath = `${PRM}/mcp`;
      world.modes.metadata = (_fields, { response }) => {
        if (answer === 'page')
          response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>');
        else response.writeHead(302, { location: '/login' }).end();
        return 'done';
      };
      await world.call(world.window());
      assert.deepEqual(looked(world).slice(0, 2), [`${PRM}/mcp`, PRM]);
      assert.ok(!world.resource.exchanges.some(({ path }) => path === '/login'), 'no redirect is followed');
    });
});

test('a server that names no authorization server, or none but another than its settings, is told so', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = []);
    assert.equal((await world.refused(world.window())).problem, 'no-authorization-server');
  });
  await AuthWorld.with(async (world) => {
    const pinned = world.window({ issuer: 'https://pinned.example' });
    assert.equal((await world.refused(pinned)).problem, 'issuer-mismatch');
    assert.deepEqual(world.as.http.exchanges, []);
  });
  await AuthWorld.with(async (world) => {
    world.modes.metadata = (fields) =>
      void (fields['authorization_servers'] = [world.as.issuer, world.second.issuer]);
    assert.equal(await world.call(world.window({ issuer: world.second.issuer })), 'done');
    assert.deepEqual(world.as.http.exchanges, []);
  });
});

test('a server that moves to another authorization server is registered and signed in to there (AUTH11)', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    world.modes.challenge = 'scope="old"';
    await world.call(window);
    world.as.granted.clear();
    world.modes.challenge = 'scope="new"';
    world.modes.metadata = (fields) => void (fields['authorization_servers'] = [world.second.issuer]);
    assert.equal(await world.call(window), 'done');
    assert.deepEqual(world.as.tokenRequests('refresh_token'), [], 'the first one is not asked again');
    const told = world.second.http.exchanges.map(
      ({ path, text, headers }) => path + text + JSON.stringify(headers),
    );
    assert.ok(told.length >= 3);
    for (const text of told) assert.doesNotMatch(text, /as-client|at-as|rt-as/);
    const [, second] = window.browser.asked;
    assert.deepEqual([second?.issuer, second?.scopes], [world.second.issuer, ['new']]);
    assert.equal(window.accounts.at(-1)?.issuer, world.second.issuer);
  });
});

test('an authorization server that does not tell of PKCE is refused, unless the person allows it (T083)', async () => {
  for (const methods of [undefined, [], ['plain']])
    for (const allowMissingPkce of [false, true])
      await AuthWorld.with(
        async (world) => {
          const window = world.window({ allowMissingPkce });
          if (allowMissingPkce) {
            assert.equal(await world.call(window), 'done');
            assert.equal(window.browser.opened[0]?.url.searchParams.get('code_challenge_method'), 'S256');
            return;
          }
          assert.equal((await world.refused(window)).problem, 'pkce-missing');
          assert.equal(window.browser.asked.length, 0);
        },
        { metadata: (fields) => void (fields['code_challenge_methods_supported'] = methods) },
      );
});
