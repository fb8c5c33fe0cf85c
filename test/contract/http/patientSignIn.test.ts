/** A person may take their time to sign in: what waits for them has no deadline meanwhile. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { SignInGrant } from '../../../src/authorization/contract';
import { result, type HttpExchange } from '../../support/scriptedHttp';
import { Engine } from './engine';
import { DONE, legacy, Remote, settled } from './remote';

const REQUEST = {
  issuer: 'https://as.example',
  resource: 'https://mcp.example',
  scopes: [],
  reason: 'sign-in',
} as const;

for (const what of ['initialize', 'tools/call'] as const)
  test(`the deadlines of ${what} stand still while the person is asked to sign in`, async () => {
    const guarded = (exchange: HttpExchange): void => {
      if (exchange.headers.authorization === undefined) exchange.response.writeHead(401).end();
      else if (what === 'tools/call') result(exchange, DONE);
      else void legacy()['initialize']?.(exchange);
    };
    const remote = await Remote.serving(legacy({ [what]: guarded }));
    remote.loadAuthorization = new Engine('sign-in-needed', REQUEST).load;
    const answered = new Deferred<SignInGrant>();
    let asked = 0;
    remote.beginSignIn = () => {
      asked++;
      return answered.promise;
    };
    const connected = remote.connect({ authorization: {} });
    const called = what === 'tools/call' ? connected.then(() => remote.call('t')) : undefined;
    await settled(() => asked === 1);
    remote.clock.advance(280_000);
    answered.resolve({ kind: 'later' });
    await connected;
    await called;
    await remote.end();
    assert.equal(asked, 1);
  });
