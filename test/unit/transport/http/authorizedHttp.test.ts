import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { AuthorizedHttp } from '../../../../src/transport/http/authorizedHttp';
import type { HttpReply } from '../../../../src/transport/http/httpClient';
import { FakeClock } from '../../../support/fakeClock';

test('whatever is said about a refusal, a request is sent a few times, one that nobody waits for twice, a goodbye once (T070)', async () => {
  for (const [how, times] of [
    [{}, 6],
    [{ isUnattended: true }, 2],
    [{ isGoodbye: true }, 1],
  ] as const) {
    let sent = 0;
    const refusing = (): Promise<HttpReply> => {
      sent++;
      return Promise.resolve({ status: 401, headers: {}, contentType: '', body: Readable.from([]) });
    };
    const never = { headersFor: () => Promise.resolve([]), noted: () => undefined };
    const http = new AuthorizedHttp(
      { send: refusing, close: () => undefined },
      { ...never, challenged: () => Promise.resolve('retry') },
      new FakeClock(),
    );
    const { signal } = new AbortController();
    const url = new URL('https://server.example/mcp');
    const reply = await http.send({ method: 'POST', url, headers: {}, signal, ...how });
    assert.deepEqual([sent, reply.status], [times, 401]);
  }
});
