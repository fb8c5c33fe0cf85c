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

test('of a refusal it is told how many answers wanted more rights, whatever else was refused between them (T092)', async () => {
  const statuses = [401, 403, 401, 403, 200];
  const told: (number | undefined)[] = [];
  const wanting = { 'www-authenticate': 'Bearer error="insufficient_scope"' };
  const answering = (): Promise<HttpReply> => {
    const status = statuses.shift() ?? assert.fail();
    return Promise.resolve({ status, headers: wanting, contentType: '', body: Readable.from([]) });
  };
  const http = new AuthorizedHttp(
    { send: answering, close: () => undefined },
    {
      headersFor: () => Promise.resolve([]),
      noted: () => undefined,
      challenged: ({ widenings }) => {
        told.push(widenings);
        return Promise.resolve('retry');
      },
    },
    new FakeClock(),
  );
  const { signal } = new AbortController();
  await http.send({ method: 'POST', url: new URL('https://server.example/mcp'), headers: {}, signal });
  assert.deepEqual(told, [undefined, 1, undefined, 2]);
});
