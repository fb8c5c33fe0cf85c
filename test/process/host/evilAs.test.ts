/** Authorization servers that misbehave, through the clients as shipped, by the ids of the abuse catalogue (T079 to T095). */

import assert from 'node:assert/strict';

import { toFailure } from '../../../src/protocol/failure';
import { json, type HttpExchange } from '../../support/scriptedHttp';
import {
  BAD,
  callback,
  metadata,
  opensNothing,
  runCases,
  signedIn,
  signIn,
  takesNoCode,
  takesNoToken,
  tokens,
  type Case,
} from './evilAsScene';
import { textOf } from './realHost';

const MARKUP = '<script>alert(1)</script>\u202e[x](command:y)';

const CASES: readonly Case[] = [
  ...[
    'file:///etc/passwd',
    'javascript:alert(1)',
    'vscode://publisher.extension/install',
    'ms-msdt:/id',
    'http://$(calc).example/authorize',
    'https://user:word@example.com/authorize',
    `https://example.com/${'x'.repeat(20_000)}`,
  ].map((endpoint): Case => ({
    name: `T079 a page to sign in at ${endpoint.slice(0, 40)} is never opened`,
    evil: metadata({ authorization_endpoint: endpoint }),
    run: opensNothing(/not safe to use/),
  })),
  ...['http://169.254.169.254/latest/meta-data', 'http://10.0.0.1/token', 'file:///etc/passwd'].map(
    (endpoint): Case => ({
      name: `T080 a token endpoint at ${endpoint} gets nothing`,
      evil: metadata({ token_endpoint: endpoint }),
      run: takesNoToken(/not safe to use/),
    }),
  ),
  {
    name: 'T081 an answer from another issuer is not used',
    evil: callback((params) => params.set('iss', 'https://evil.example')),
    run: takesNoCode(/not the one it should be/),
  },
  {
    name: 'T081 nor are metadata of another issuer',
    evil: metadata({ issuer: 'https://evil.example' }),
    run: opensNothing(/not the one it should be/),
  },
  {
    name: 'T082 a server that says it is another one is not signed in to',
    evil: (guarded) => (guarded.describe = (fields) => (fields['resource'] = 'https://bank.example/mcp')),
    run: opensNothing(/belong to another server/),
  },
  {
    name: 'T083 an authorization server without PKCE is not used',
    evil: metadata({ code_challenge_methods_supported: ['plain'] }),
    run: opensNothing(/PKCE/),
  },
  {
    name: 'T084 a code without a state is not used',
    evil: callback((p) => p.delete('state')),
    run: takesNoCode(/belongs to no sign-in/),
  },
  {
    name: 'T084 nor is one with the state of another sign-in',
    evil: callback((params) => params.set('state', 'x'.repeat(43))),
    run: takesNoCode(/belongs to no sign-in/),
  },
  {
    name: 'T084 nor are two codes',
    evil: callback((p) => p.append('code', 'another')),
    run: takesNoCode(/does not hold one code/),
  },
  {
    name: 'T086 a page that never comes back is waited for, and ends with its server',
    evil: () => undefined,
    run: async ({ real, ask }) => {
      real.world.signIn = {
        expectRedirect: () =>
          Promise.resolve({
            uri: 'http://127.0.0.1:33999/callback',
            open: (_url, _state, _name, signal) =>
              new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
            dispose: () => undefined,
          }),
      };
      const signing = real.host.signIn(BAD);
      await real.until(() => real.host.server(BAD)?.awaitedSignIn === 'browser');
      for (let round = 0; round < 20; round++) await ask();
      await real.host.stop(BAD);
      await signing;
      assert.equal(real.host.server(BAD)?.awaitedSignIn, undefined);
    },
  },
  {
    name: 'T087 what an authorization server says is quoted as plain text, and not much of it',
    evil: callback((params) => {
      params.delete('code');
      params.set('error', 'server_error');
      params.set('error_description', MARKUP.padEnd(5_000, '!'));
    }),
    run: async (scene) => {
      const told = await signIn(scene);
      assert.ok(!told.includes('\u202e') && !told.includes(']('), told);
      assert.ok(told.length < 1_000);
    },
  },
  {
    name: 'T088 ten calls with tokens that are over lead to one renewal',
    evil: () => undefined,
    run: async (scene) => {
      await signedIn(scene);
      scene.guarded.as.granted.clear();
      const calls = Array.from({ length: 10 }, () => scene.real.call('bad', 'whoami'));
      await scene.ask();
      for (const result of await Promise.all(calls)) assert.match(textOf(result), /you are you/);
      assert.equal(scene.guarded.as.tokenRequests('refresh_token').length, 1);
      assert.equal(scene.opened.length, 1);
    },
  },
  ...(
    [
      ['an error', (x) => json(x, 500, { error: 'server_error' })],
      ['a page', (x) => x.response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hotel</html>')],
      ['a cut connection', (x) => x.response.destroy()],
    ] as readonly (readonly [string, (x: HttpExchange) => void])[]
  ).map(([what, answer]): Case => ({
    name: `T089 ${what} at the token endpoint signs nobody out`,
    evil: () => undefined,
    run: async (scene) => {
      const { real, guarded, ask } = scene;
      await signedIn(scene);
      guarded.as.granted.clear();
      guarded.as.modes.tokenRequest = (_form, exchange) => {
        answer(exchange);
        return 'done';
      };
      await assert.rejects(real.call('bad', 'whoami'));
      await ask();
      delete guarded.as.modes.tokenRequest;
      await real.host.start(BAD);
      await real.atRest();
      assert.match(textOf(await real.call('bad', 'whoami')), /you are you/);
      assert.equal(scene.opened.length, 1, 'the kept tokens are renewed without the person');
    },
  })),
  ...[0, -5, '3600', 1e12, 'NaN', null].map((expires): Case => ({
    name: `T090 tokens that end in ${JSON.stringify(expires)} are used, and not renewed again and again`,
    evil: tokens({ expires_in: expires }),
    run: async (scene) => {
      await signedIn(scene);
      for (let round = 0; round < 10; round++) await scene.real.call('bad', 'whoami');
      const renewals = scene.guarded.as.tokenRequests('refresh_token').length;
      assert.ok(renewals <= 1, `${renewals} renewals`);
    },
  })),
  ...(
    [
      ['of another type', { token_type: 'mac' }],
      ['that would be two header lines', { access_token: 'a\r\nX-Evil: 1' }],
      ['that is no text', { access_token: { a: 1 } }],
      ['of 20 KB (T095)', { access_token: 'a'.repeat(20_000) }],
    ] as const
  ).map(([what, change]): Case => ({
    name: `T091 a token ${what} is not taken`,
    evil: tokens(change),
    run: takesNoToken(/cannot be used/),
  })),
  {
    name: 'T091 an error with status 200 is an error',
    evil: ({ as }) => {
      as.modes.tokenAnswer = (_fields, exchange) => {
        json(exchange, 200, { error: 'invalid_grant', error_description: MARKUP });
        return 'done';
      };
    },
    run: takesNoToken(/gave no access/),
  },
  {
    name: 'T092 five hundred rights at once are not asked for',
    evil: (guarded) =>
      (guarded.scopes = Array.from({ length: 500 }, (_, index) => `right:${index}`).join(' ')),
    run: opensNothing(/500 rights, where 100 are the most/),
  },
  {
    name: 'T093 a server that refuses again and again opens nothing without a click',
    evil: () => undefined,
    run: async ({ real, ask, opened, asked }) => {
      for (let round = 0; round < 5; round++) {
        await real.host.start(BAD);
        await ask();
      }
      assert.deepEqual([opened, asked], [[], []]);
    },
  },
  {
    name: 'T094 a client that is not known any more is registered once more, with a question',
    evil: () => undefined,
    run: async (scene) => {
      const { real, guarded, asked, opened } = scene;
      await signedIn(scene);
      guarded.as.granted.clear();
      guarded.as.clients.clear();
      await real.call('bad', 'whoami').catch(toFailure);
      await signedIn(scene);
      assert.equal(guarded.as.paths.filter((each) => each === '/register').length, 2);
      assert.deepEqual([asked.length, opened.length], [2, 2]);
    },
  },
];

runCases(CASES);
