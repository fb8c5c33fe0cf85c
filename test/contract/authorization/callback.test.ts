import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthWorld } from './world';

const PHISHING = 'call +1 555 to unlock';

/** One row: what the server advertises, what the callback holds, and whether the code is used. */
const ISSUER_RULES: readonly (readonly [
  name: string,
  advertised: boolean,
  iss: (issuer: string) => string | undefined,
  goesOn: boolean,
])[] = [
  ['advertised and right', true, (issuer) => issuer, true],
  ['not advertised and absent', false, () => undefined, true],
  ['not advertised and right', false, (issuer) => issuer, true],
  ['advertised and missing', true, () => undefined, false],
  ['advertised and wrong', true, () => 'https://evil.example', false],
  ['not advertised and wrong', false, () => 'https://evil.example', false],
  ['right but for a slash', true, (issuer) => `${issuer}/`, false],
  ['right but for its case', false, (issuer) => issuer.replace('http', 'HTTP'), false],
  ['empty', false, () => '', false],
];

for (const [name, advertised, iss, goesOn] of ISSUER_RULES)
  test(`an issuer that is ${name} ${goesOn ? 'lets the sign-in go on' : 'ends the sign-in'} (AUTH15)`, async () => {
    await AuthWorld.with(
      async (world) => {
        world.as.modes.callback = (url) => {
          const value = iss(world.as.issuer);
          if (value !== undefined) url.searchParams.set('iss', value);
        };
        if (goesOn) {
          assert.equal(await world.call(world.window()), 'done');
          return;
        }
        assert.equal((await world.refused(world.window())).problem, 'issuer-mismatch');
        assert.deepEqual(world.as.tokenRequests(), []);
      },
      {
        metadata: (fields) => void (fields['authorization_response_iss_parameter_supported'] = advertised),
      },
    );
  });

test('an error from the wrong issuer shows nothing of its text; one from the right issuer is quoted', async () => {
  for (const isRight of [false, true])
    await AuthWorld.with(async (world) => {
      world.as.modes.callback = (url) => {
        url.searchParams.delete('code');
        url.searchParams.set('error', 'server_error');
        url.searchParams.set('error_description', PHISHING.padEnd(5_000, '!'));
        url.searchParams.set('iss', isRight ? world.as.issuer : 'https://evil.example');
      };
      const failure = await world.refused(world.window());
      assert.equal(failure.problem, isRight ? 'sign-in-refused' : 'issuer-mismatch');
      assert.equal(JSON.stringify(failure).includes(PHISHING), isRight);
      assert.ok((failure.serverSays ?? '').length <= 300);
    });
});

test('a person who declines at the authorization server has declined', async () => {
  await AuthWorld.with(
    async (world) => assert.deepEqual(await world.call(world.window()), { code: 'sign-in-denied' }),
    {
      callback: (url) => {
        url.searchParams.delete('code');
        url.searchParams.set('error', 'access_denied');
      },
    },
  );
});

test('callbacks with a state that is wrong, missing or doubled, or without one code, are refused (T084)', async () => {
  const edits: readonly ((url: URL) => void)[] = [
    (url) => url.searchParams.set('state', 'A'.repeat(43)),
    (url) => url.searchParams.delete('state'),
    (url) => url.searchParams.append('state', url.searchParams.get('state') ?? ''),
    (url) => url.searchParams.delete('code'),
    (url) => url.searchParams.set('code', ''),
    (url) => url.searchParams.append('code', 'another'),
    (url) => url.searchParams.set('response', 'jwt'),
    (url) => url.searchParams.set('id_token', 'jwt'),
    (url) => {
      url.searchParams.set('error', PHISHING);
      url.searchParams.set('state', 'wrong');
    },
  ];
  for (const callback of edits)
    await AuthWorld.with(
      async (world) => {
        const failure = await world.refused(world.window());
        assert.equal(failure.problem, 'callback-invalid');
        assert.ok(!JSON.stringify(failure).includes(PHISHING));
        assert.deepEqual(world.as.tokenRequests(), []);
      },
      { callback },
    );
});

test('what is no callback at all is refused', async () => {
  for (const url of ['', 'nonsense', '/callback?code=1', `http://127.0.0.1/?code=${'c'.repeat(20_000)}`])
    await AuthWorld.with(async (world) => {
      const window = world.window({}, { openSignIn: () => Promise.resolve({ kind: 'callback', url }) });
      assert.equal((await world.refused(window)).problem, 'callback-invalid');
    });
});

test('the callback of an earlier sign-in is of no use for a later one', async () => {
  await AuthWorld.with(async (world) => {
    const first = world.window();
    let replayed = '';
    const keeping = world.window(
      {},
      {
        openSignIn: async (...args) => {
          const reply = await first.browser.openSignIn(...args);
          if (reply.kind === 'callback') replayed = reply.url;
          return reply;
        },
      },
    );
    await world.call(keeping);
    await keeping.authorizer.signOut();
    const replaying = world.window(
      {},
      { openSignIn: () => Promise.resolve({ kind: 'callback', url: replayed }) },
    );
    assert.equal((await world.refused(replaying)).problem, 'callback-invalid');
  });
});
