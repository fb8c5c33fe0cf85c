/** A request that is taken back while the server wants to know who asks: it must not leave behind anybody's back. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { Negotiated } from '../../../src/protocol/revisions';
import { openRemote } from '../../../src/transport/openRemote';
import { DIRECT } from '../../support/directNetwork';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedHttp, stream } from '../../support/scriptedHttp';
import { settled } from './remote';

const OLD: Negotiated = { era: 'legacy', revision: '2025-11-25' };

for (const form of ['http', 'sse'] as const)
  test(`a call that is cancelled while somebody is asked to sign in is not sent when they have, and asks nobody again (${form})`, async () => {
    const http = await ScriptedHttp.start((exchange) => {
      const { response, text, method } = exchange;
      if (method === 'POST')
        return void response.writeHead(text.includes('"notifications/ini') ? 202 : 401).end();
      stream(exchange);
      response.write('event: endpoint\ndata: /post\n\n');
    });
    const asked: AbortSignal[] = [];
    const goodbyes: boolean[] = [];
    const signedIn = new Deferred<'retry'>();
    const transport = openRemote(
      { url: `${http.origin}/mcp`, headers: {}, transport: 'http', network: DIRECT },
      form === 'sse' ? 'oldHttp' : undefined,
      {
        headersFor: ({ isGoodbye = false }) => {
          goodbyes.push(isGoodbye);
          return Promise.resolve([]);
        },
        challenged: async (_, signal) => {
          asked.push(signal);
          // As any sign-in, it is over when nobody wants it any more.
          const abort = new Deferred<'retry'>();
          signal.addEventListener('abort', () => abort.reject(new Error('taken back')));
          return await Promise.race([signedIn.promise, abort.promise]);
        },
        noted: () => undefined,
      },
      new FakeClock(),
    );
    const failed: unknown[] = [];
    const odd: string[] = [];
    await transport.start({
      onMessage: () => undefined,
      onFailed: (id) => failed.push(id),
      onOdd: (message) => odd.push(message),
      onRefused: () => undefined,
      onNoise: () => undefined,
      onStderr: () => undefined,
      onClose: () => undefined,
    });
    transport.established?.(OLD);
    transport.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 't', arguments: {} } });
    await settled(() => asked.length === 1);
    assert.equal(transport.cancel?.(1), false);
    transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
    await settled(() => odd.length === 1);
    assert.equal(asked[0]?.aborted, true, 'the question is taken back');
    assert.equal(asked.length, 1, 'and not put again for the sake of that');
    assert.deepEqual(goodbyes.slice(-2), [false, true], 'nor is anything renewed for it');
    signedIn.resolve('retry');
    transport.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    await http.until(
      () => http.got('POST', 'notifications/initialized').length === 1,
      'what is sent behind it',
    );
    assert.equal(http.got('POST', 'tools/call').length, 1);
    assert.deepEqual(failed, []);
    await transport.close();
    await http.stop();
  });
