import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connect } from '../../../src/client/connect';
import { SessionClock } from '../../../src/rpc/sessionClock';
import { CLIENT_INFO, failureOf, legacyAnswers } from '../../support/clientHarness';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedServer } from '../../support/scriptedServer';

for (const how of ['closed', 'timed out'])
  test(`a connection that is ${how} while its transport is made opens none`, async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    let started = 0;
    const failure = await failureOf(
      connect({
        params: {
          launch: { command: 'scripted', args: [], env: {}, cwd: '/' },
          timeouts: { connect: 1_000, request: 1_000, total: 1_000 },
          clientInfo: CLIENT_INFO,
          offers: { sampling: true, roots: true },
        },
        clock,
        sessionClock: new SessionClock(clock),
        signal: abort.signal,
        openTransport: async () => {
          const { clientTransport } = new ScriptedServer(legacyAnswers());
          await Promise.resolve();
          if (how === 'closed') abort.abort();
          else clock.advance(1_000);
          clientTransport.start = () => {
            started++;
            return Promise.resolve();
          };
          return clientTransport;
        },
        handlers: {
          onRequest: () => assert.fail('nothing is asked'),
          onNotification: () => undefined,
          onOdd: () => undefined,
          onStderr: () => undefined,
          onClose: () => undefined,
        },
        onTrying: () => undefined,
      }),
    );
    assert.equal(failure.code, how === 'closed' ? 'connection-closed' : 'timeout');
    assert.equal(started, 0);
    assert.equal(clock.waiting, 0);
  });
