/** Servers that end, and clients that are closed, before it is known what the server speaks. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { ClientHarness, failureOf, legacyAnswers, modernAnswers } from '../../support/clientHarness';
import { methods, MODERN_RESULT, silent } from './negotiating';

test('a server that dies of the probe is started once more without it', async () => {
  const dies = new Map([['server/discover', () => dieNow()]]);
  const harness = new ClientHarness(dies, legacyAnswers());
  function dieNow(): undefined {
    harness.server.transport.exit({ code: 1, signal: null });
  }
  const server = await harness.connect();
  assert.equal(server.negotiated.era, 'legacy');
  assert.equal(harness.servers.length, 2);
  assert.deepEqual(methods(harness).slice(0, 2), ['server/discover', 'initialize']);
  assert.deepEqual(
    harness.heard('spawned').map(({ pid }) => pid),
    [1_001, 1_002],
  );
  await harness.end();
});

test('a server that dies every time is started twice at most, and tells how it ended', async () => {
  const die = (): undefined => {
    harness.server.transport.exit({ code: 3, signal: null });
  };
  const harness = new ClientHarness(
    new Map([
      ['server/discover', die],
      ['initialize', die],
    ]),
  );
  assert.deepEqual(await failureOf(harness.connect()), {
    code: 'connection-closed',
    exit: { code: 3, signal: null },
  });
  assert.equal(harness.servers.length, 2);
  assert.equal(harness.heard('ended').length, 0, 'an attempt that failed is no lost connection');
  await harness.end();
});

test('a server that answered the probe and dies of the handshake is not started again', async () => {
  const harness = new ClientHarness(
    legacyAnswers({
      initialize: () => {
        harness.server.transport.exit({ code: null, signal: 'SIGSEGV' });
        return undefined;
      },
    }),
  );
  assert.deepEqual(await failureOf(harness.connect()), {
    code: 'connection-closed',
    exit: { code: null, signal: 'SIGSEGV' },
  });
  assert.equal(harness.servers.length, 1);
  await harness.end();
});

test('a server that is cut off for breaking a bound is not started again, and says why', async () => {
  const harness = new ClientHarness(
    new Map([
      [
        'server/discover',
        () => {
          harness.server.transport.violate('wrote an endless line');
          return undefined;
        },
      ],
    ]),
  );
  assert.deepEqual(await failureOf(harness.connect()), {
    code: 'refused',
    detail: 'The server wrote an endless line.',
  });
  assert.equal(harness.servers.length, 1);
  await harness.end();
});

test('an answer to the probe that is followed by the end is a lost connection and no reason to try the other era', async () => {
  const harness = new ClientHarness(
    modernAnswers({
      'server/discover': (_params, { id }) => {
        harness.server.respond(id, MODERN_RESULT);
        harness.server.transport.exit({ code: 0, signal: null });
        return undefined;
      },
    }),
  );
  assert.deepEqual(await failureOf(harness.connect()), {
    code: 'connection-closed',
    exit: { code: 0, signal: null },
  });
  await harness.settle();
  assert.equal(harness.servers.length, 1);
  assert.equal(harness.sent('initialize').length, 0);
  await harness.end();
});

test('a close in the middle of the negotiation starts nothing again', async () => {
  for (const how of ['request', 'link'] as const) {
    const { harness, connecting } = await silent(true);
    const failure = failureOf(connecting);
    if (how === 'request') await harness.host.request('close', undefined);
    else harness.host.close();
    assert.match((await failure).code, /^(?:connection-closed|cancelled)$/);
    await harness.pass(120_000);
    assert.equal(harness.servers.length, 1);
    assert.equal((await harness.server.whenClosed).kind, 'ended');
    await harness.end();
  }
});

test('giving up while a dead server is cleared away does not start it again', async () => {
  const { harness, connecting } = await silent(true);
  const cleared = new Deferred<undefined>();
  const { clientTransport, transport } = harness.server;
  clientTransport.close = () => cleared.promise;
  transport.exit({ code: 1, signal: null });
  await harness.settle();
  const closing = harness.host.request('close', undefined);
  await harness.settle();
  cleared.resolve(undefined);
  await closing;
  await failureOf(connecting);
  await harness.settle();
  assert.equal(harness.servers.length, 1);
  await harness.end();
});
