/** Sign-ins that come to nothing, through the clients as shipped: the row says what went wrong, and where. */

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { statusLabel } from '../../../src/presentation/serverTexts';
import { GuardedServer } from '../../support/guardedServer';
import { json, ScriptedHttp } from '../../support/scriptedHttp';
import { browsing } from './browsing';
import { RealHost } from './realHost';

test('a place to sign in at which nothing answers is told as that', async () => {
  const gone = await ScriptedHttp.start(() => undefined);
  const { origin } = gone;
  await gone.stop();
  const server = await ScriptedHttp.start((exchange) => {
    if (exchange.path.startsWith('/.well-known/oauth-protected-resource'))
      return json(exchange, 200, { resource: `${server.origin}/mcp`, authorization_servers: [origin] });
    exchange.response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
  });
  try {
    await RealHost.with({ one: { url: `${server.origin}/mcp` } }, (real) => {
      const found = real.host.server('user/one') ?? assert.fail();
      const { state } = found;
      assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
      assert.deepEqual(state.cause.failure, {
        code: 'network',
        problem: 'refused',
        host: new URL(origin).host,
        detail: 'ECONNREFUSED',
        forSignIn: true,
      });
      assert.equal(statusLabel(found), 'failed: no way to sign in now');
      return Promise.resolve();
    });
  } finally {
    await server.stop();
  }
});

test('a sign-in that the authorization server ends with a no is told from one that is still to come', async () => {
  await GuardedServer.with(async (guarded) => {
    guarded.as.modes.callback = (address) => {
      address.searchParams.delete('code');
      address.searchParams.set('error', 'access_denied');
    };
    await RealHost.with({ one: { url: guarded.url } }, async (real) => {
      const found = real.host.server('user/one') ?? assert.fail();
      assert.equal(statusLabel(found), 'needs you to sign in');
      browsing(real);
      await real.host.signIn('user/one');
      assert.equal(statusLabel(found), 'the sign-in was declined');
    });
  });
});

/** What is no answer of OAuth, and how that is named. */
const STRANGE: readonly (readonly [says: string, answer: (response: ServerResponse) => unknown])[] = [
  [
    'HTTP 404',
    (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>'),
  ],
  ['HTTP 200', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Portal</h1>')],
  ['HTTP 503', (response) => response.writeHead(503).end()],
  ['it leads elsewhere', (response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()],
];

test('a token endpoint that does not answer with OAuth says nothing of the server, and is asked and told of once', async () => {
  for (const [says, answer] of STRANGE)
    await GuardedServer.with(async (guarded) => {
      guarded.as.modes.tokenRequest = (_form, { response }) => (answer(response), 'done');
      await RealHost.with({ one: { url: guarded.url } }, async (real) => {
        const { asked } = browsing(real);
        await real.host.signIn('user/one');
        const state = real.state('one');
        assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
        const { host } = new URL(guarded.as.issuer);
        assert.equal(
          describeFailure(state.cause.failure),
          `The request to ${host} failed (${says}). Signing in goes through it.`,
        );
        assert.deepEqual([asked.length, guarded.as.tokenRequests().length], [1, 1]);
      });
    });
});
