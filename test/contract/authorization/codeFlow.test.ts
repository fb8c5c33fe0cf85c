import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AuthWorld } from './world';

test('a refused call signs in with PKCE, resource and a registration, and is repeated with the token', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window();
    assert.equal(await world.call(window), 'done');
    assert.deepEqual(world.calls, [401, 200]);
    const { url, state } = window.browser.opened[0] ?? assert.fail('no page was opened');
    const asked = url.searchParams;
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
    assert.deepEqual(window.accounts, [{ issuer: world.as.issuer, scopes: [] }]);
  });
});
