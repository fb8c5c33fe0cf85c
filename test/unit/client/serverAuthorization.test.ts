import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Authorizer } from '../../../src/authorization/authorizer';
import type { AuthorizationHost } from '../../../src/authorization/contract';
import { writeRecord } from '../../../src/authorization/record';
import { ServerAuthorization } from '../../../src/client/serverAuthorization';
import { FailureError } from '../../../src/protocol/failure';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';

const REQUEST = { method: 'POST', url: new URL('https://mcp.example/mcp') } as const;

/** What fails the first time, and works then. */
function failingOnce<T>(value: T): () => Promise<T> {
  let isFirst = true;
  return () => {
    if (!isFirst) return Promise.resolve(value);
    isFirst = false;
    return Promise.reject(new FailureError({ code: 'refused', detail: 'not now' }));
  };
}

function authorization(
  load: AuthorizationHost['load'],
  loadAuthorization: () => Promise<{ readonly Authorizer: typeof Authorizer }>,
): ServerAuthorization {
  const host: AuthorizationHost = {
    load,
    save: () => Promise.resolve(),
    exclusively: (work) => work(),
    beginSignIn: () => assert.fail('nobody is asked'),
    openSignIn: () => assert.fail('nobody is asked'),
    signedIn: () => undefined,
    holds: () => undefined,
  };
  const spec = {
    url: REQUEST.url.href,
    headers: {},
    transport: 'http',
    network: DIRECT,
    authorization: {},
  } as const;
  return new ServerAuthorization(spec, host, loadAuthorization, new FakeClock(), () => undefined);
}

test('a store that could not be read once is read again for the next request', async () => {
  const known = authorization(failingOnce(undefined), () => assert.fail('nobody is signed in'));
  const { signal } = new AbortController();
  await assert.rejects(known.headersFor(REQUEST, signal), /not now/);
  assert.deepEqual(await known.headersFor(REQUEST, signal), []);
});

test('what signs in is loaded again when that has failed once', async () => {
  const stored = ['a record'];
  const known = authorization(() => Promise.resolve(stored.pop()), failingOnce({ Authorizer }));
  const { signal } = new AbortController();
  await assert.rejects(known.headersFor(REQUEST, signal), /not now/);
  assert.deepEqual(await known.headersFor(REQUEST, signal), []);
  await known.close();
});

test('a sign-out in another window is told as one, and nothing that leaves somebody signed in', async () => {
  const holder = { issuer: 'https://as.example', clientId: 'c' };
  const tokens = {
    ...holder,
    resource: REQUEST.url.href,
    type: 'bearer',
    scopes: [],
    obtainedAt: 0,
  } as const;
  const client = { kind: 'pre-registered', ...holder } as const;
  const recordOf = (accessToken: string): string =>
    writeRecord({ server: REQUEST.url.href, clients: [client], tokens: { ...tokens, accessToken } });
  let stored: string | undefined = recordOf('one');
  const known = authorization(
    () => Promise.resolve(stored),
    () => Promise.resolve({ Authorizer }),
  );
  const { signal } = new AbortController();
  assert.equal(await known.follow(), false, 'nothing is known yet');
  assert.deepEqual(await known.headersFor(REQUEST, signal), [['authorization', 'Bearer one']]);
  stored = recordOf('two');
  assert.equal(await known.follow(), false);
  assert.deepEqual(await known.headersFor(REQUEST, signal), [['authorization', 'Bearer two']]);
  stored = undefined;
  assert.equal(await known.follow(), true);
  assert.deepEqual(await known.headersFor(REQUEST, signal), []);
  await known.close();
});
