import assert from 'node:assert/strict';
import { test } from 'node:test';

import { DEFAULT_OAUTH } from '../../../src/policy/oauthRule';
import { foreignOAuthProblem } from '../../../src/policy/readOAuth';
import { readServerEntry } from '../../../src/policy/readServerEntry';
import type { RemoteLaunch } from '../../../src/policy/serverEntry';

const URL_ONLY = { url: 'https://example.com/mcp' };

function launchOf(more: object): RemoteLaunch {
  const { entry, problems } = readServerEntry({ ...URL_ONLY, ...more });
  assert.ok(entry?.launch.kind === 'remote', JSON.stringify(problems));
  return entry.launch;
}

test('an entry that says nothing may be signed in to by a person, and one that says false never is', () => {
  assert.deepEqual(launchOf({}).oauth, DEFAULT_OAUTH);
  assert.equal(launchOf({ oauth: false }).oauth, undefined);
});

test('a client that was registered by hand is read, with the rights it asks for', () => {
  const oauth = {
    clientId: 'me',
    clientSecret: '${input:secret}',
    scopes: ['read', 'a:b/c'],
    redirectUri: 'http://localhost:8765/done',
    dpop: true,
  };
  const rule = launchOf({ oauth }).oauth;
  assert.deepEqual(
    [...(rule?.texts ?? [])],
    [
      ['clientId', 'me'],
      ['clientSecret', '${input:secret}'],
      ['redirectUri', 'http://localhost:8765/done'],
    ],
  );
  assert.deepEqual([rule?.scopes, rule?.dpop, rule?.grant], [['read', 'a:b/c'], true, 'authorizationCode']);
});

for (const [more, field] of [
  [{ oauth: true }, 'oauth'],
  [{ oauth: 'off' }, 'oauth'],
  [{ oauth: { grant: 'password' } }, 'oauth.grant'],
  [{ oauth: { grant: 'clientCredentials' } }, 'oauth.clientId'],
  [{ oauth: { grant: 'jwtBearer' } }, 'oauth.assertion'],
  [{ oauth: { grant: 'enterprise', clientId: 'me' } }, 'oauth.identityProvider.issuer'],
  [{ oauth: { scopes: ['two words'] } }, 'oauth.scopes[0]'],
  [{ oauth: { scopes: ['"quoted"'] } }, 'oauth.scopes[0]'],
  [{ oauth: { clientId: '' } }, 'oauth.clientId'],
  [{ account: {} }, 'account.provider'],
  [{ account: { provider: 'github' } }, 'account.scopes'],
  [{ account: { provider: 'github', scopes: [] } }, 'account.scopes'],
  [{ account: { provider: 'github', scopes: ['a b'] } }, 'account.scopes[0]'],
  [{ account: { provider: 'github', scopes: ['repo'] }, headers: { authorization: 'x' } }, 'account'],
] as const)
  test(`${JSON.stringify(more)} is refused at ${field}`, () => {
    const { entry, problems } = readServerEntry({ ...URL_ONLY, ...more });
    assert.equal(entry, undefined);
    assert.ok(
      problems.some((problem) => problem.field === field),
      JSON.stringify(problems),
    );
  });

test("an account of the person and a sign-in without PKCE are for the person's own entries only", () => {
  const account = launchOf({ account: { provider: 'github', scopes: ['repo'] } });
  const lax = launchOf({ oauth: { allowMissingPkce: true } });
  for (const kind of ['workspace', 'folder'] as const) {
    const scope = kind === 'folder' ? { kind, uri: 'file:///a' } : { kind };
    assert.equal(foreignOAuthProblem(scope, account.oauth, account.account)?.field, 'account');
    assert.equal(foreignOAuthProblem(scope, lax.oauth, lax.account)?.field, 'oauth.allowMissingPkce');
    assert.equal(foreignOAuthProblem(scope, DEFAULT_OAUTH, undefined), undefined);
  }
  assert.equal(foreignOAuthProblem({ kind: 'user' }, lax.oauth, account.account), undefined);
});
