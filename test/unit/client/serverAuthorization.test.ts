import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Authorizer } from '../../../src/authorization/authorizer';
import type { AuthorizationHost } from '../../../src/authorization/contract';
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
