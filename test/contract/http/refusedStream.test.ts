/** A server that takes who asks for its answers, and refuses the same for the stream on which it speaks by itself (T070). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Failure } from '../../../src/protocol/failure';
import { openRemote } from '../../../src/transport/openRemote';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedHttp } from '../../support/scriptedHttp';
import { settled } from './remote';

for (const [what, verdict, challenges] of [
  ['is renewed once', 'retry', 1],
  ['is not asked for again', { code: 'sign-in-needed' }, 1],
] as const satisfies readonly (readonly [string, 'retry' | Failure, number])[])
  test(`who asks ${what} for the sake of a stream that is refused`, async () => {
    const http = await ScriptedHttp.start(({ method, response }) => {
      if (method === 'GET') response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      else response.writeHead(202).end();
    });
    const clock = new FakeClock();
    const challenged: number[] = [];
    const transport = openRemote(
      { url: `${http.origin}/mcp`, headers: {}, transport: 'http', network: DIRECT },
      undefined,
      {
        headersFor: () => Promise.resolve([['authorization', 'Bearer token']]),
        challenged: ({ attempt }) => {
          challenged.push(attempt);
          return Promise.resolve(verdict);
        },
        noted: () => undefined,
      },
      clock,
    );
    const odd: string[] = [];
    await transport.start({
      onMessage: () => undefined,
      onFailed: () => undefined,
      onOdd: (message) => odd.push(message),
      onRefused: () => undefined,
      onNoise: () => undefined,
      onStderr: () => undefined,
      onClose: () => undefined,
    });
    transport.established?.({ era: 'legacy', revision: '2025-11-25' });
    transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const gets = verdict === 'retry' ? 2 : 1;
    await http.until(() => http.got('GET').length === gets, 'the stream is asked for');
    await settled(() => challenged.length === challenges);
    // Whoever asks once more does so at once: before as many other messages have come there.
    for (let sent = 2; sent <= 10; sent++) {
      transport.send({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
      await http.until(() => http.got('POST').length === sent, 'another message');
    }
    // What was read away and waited for is over; nothing is to come.
    await settled(() => clock.waiting === 0);
    clock.advance(3_600_000);
    await settled(() => clock.waiting === 0);
    assert.equal(http.got('GET').length, gets);
    assert.equal(challenged.length, challenges);
    assert.deepEqual(odd, []);
    await transport.close();
    await http.stop();
  });
