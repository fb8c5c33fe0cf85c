/** Parts of HTTP that come together: a batch that asks, a sign-in while an answer is fetched, waits that are dates, odd answers. */

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { Challenge, RequestAuthorizer } from '../../../src/transport/http/authorizedHttp';
import { openRemote } from '../../../src/transport/openRemote';
import { DIRECT } from '../../support/directNetwork';
import { failsSaying } from '../../support/failures';
import { FakeClock } from '../../support/fakeClock';
import {
  event,
  idOf,
  json,
  result,
  ScriptedHttp,
  stream,
  type HttpExchange,
} from '../../support/scriptedHttp';
import { DONE, elapse, legacy, modern, onlyRest, Remote, resumed, settled } from './remote';

function answersTo(remote: Remote, id: string): HttpExchange[] {
  return remote.http.got('POST').filter(({ body }) => {
    const message = body as { readonly id?: unknown; readonly method?: unknown };
    return message.id === id && message.method === undefined;
  });
}

for (const form of ['JSON', 'an event'] as const)
  test(`what a server asks within a batch in ${form} is answered by POSTs of their own, and belongs to the call`, async () => {
    const params = { messages: [{ role: 'user', content: { type: 'text', text: 'q' } }], maxTokens: 5 };
    const remote = await Remote.connected(
      legacy(
        {
          'tools/call': async (exchange) => {
            const asks = [
              { jsonrpc: '2.0', id: 'p', method: 'ping' },
              { jsonrpc: '2.0', id: 's', method: 'sampling/createMessage', params },
            ];
            const answer = { jsonrpc: '2.0', id: idOf(exchange), result: DONE };
            if (form === 'JSON') return json(exchange, 200, [...asks, answer]);
            stream(exchange);
            exchange.response.write(`data: ${JSON.stringify(asks)}\n\n`);
            await remote.http.until(() => answersTo(remote, 's').length === 1, 'an answer');
            exchange.response.end(`data: ${JSON.stringify([answer])}\n\n`);
          },
        },
        's',
        '2025-03-26',
      ),
    );
    assert.equal((await remote.call('t')).isError, false);
    await remote.http.until(() => answersTo(remote, 'p').length === 1, 'the ping is answered');
    // In JSON the call is over by the time that anybody could be asked.
    if (form === 'an event') assert.deepEqual(remote.sampled[0]?.origin, { kind: 'call', callId: 1 });
    await remote.http.until(() => answersTo(remote, 's').length === 1, 'the other is answered');
    await remote.end();
  });

/** A call over a transport of the stateful era that is asked who it is. */
interface Calling {
  readonly http: ScriptedHttp;
  readonly clock: FakeClock;
  readonly challenges: readonly Challenge[];
  /** What came of the call. */
  readonly heard: readonly unknown[];
}

async function calling(
  t: TestContext,
  serve: (exchange: HttpExchange) => void,
  challenged: () => ReturnType<RequestAuthorizer['challenged']>,
): Promise<Calling> {
  const http = await ScriptedHttp.start(serve);
  const challenges: Challenge[] = [];
  const clock = new FakeClock();
  const transport = openRemote(
    { url: `${http.origin}/mcp`, headers: { 'x-key': 'k' }, transport: 'http', network: DIRECT },
    undefined,
    {
      headersFor: () =>
        Promise.resolve([['authorization', challenges.length > 0 ? 'Bearer new' : 'Bearer old']]),
      challenged: (challenge) => {
        challenges.push(challenge);
        return challenged();
      },
      noted: () => undefined,
    },
    clock,
  );
  t.after(async () => {
    await transport.close();
    await http.stop();
  });
  const heard: unknown[] = [];
  await transport.start({
    onMessage: (message, during) => heard.push([message, during]),
    onFailed: (...failed) => heard.push(failed),
    onOdd: (message) => heard.push(message),
    onRefused: () => undefined,
    onNoise: () => undefined,
    onStderr: () => undefined,
    onClose: () => undefined,
  });
  transport.established?.({ era: 'legacy', revision: '2025-11-25' });
  transport.send({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 't', arguments: {} } });
  return { http, clock, challenges, heard };
}

/** Ends the stream of the call at once, and refuses to go on with it for who asked first. */
function refusing(status: number): (exchange: HttpExchange) => void {
  return (exchange) => {
    const { response, headers, method } = exchange;
    if (method === 'POST') {
      stream(exchange);
      response.end('id: p1\ndata:\n\n');
    } else if (headers.authorization !== 'Bearer new')
      response.writeHead(status, { 'www-authenticate': 'Bearer error="insufficient_scope"' }).end();
    else {
      stream(exchange);
      event(exchange, { jsonrpc: '2.0', id: 7, result: {} });
      response.end();
    }
  };
}

async function over({ clock, heard }: Calling): Promise<void> {
  await settled(() => {
    clock.advance(50);
    return heard.length === 1;
  });
}

for (const status of [401, 403] as const)
  test(`an answer that is fetched from a server that says ${status} meanwhile is fetched from the same place once somebody has signed in`, async (t) => {
    const call = await calling(t, refusing(status), () => Promise.resolve('retry'));
    await over(call);
    assert.deepEqual(call.heard, [[{ jsonrpc: '2.0', id: 7, result: {} }, 7]]);
    assert.deepEqual(
      call.challenges.map((one) => [one.status, one.attempt, one.isUnattended]),
      [[status, 1, false]],
      'somebody waits for it',
    );
    const [sent] = call.challenges.map((one) => one.sent);
    assert.deepEqual(
      [sent?.['x-key'], sent?.['authorization']],
      ['k', 'Bearer old'],
      'what must not be quoted',
    );
    const { exchanges } = call.http;
    assert.deepEqual(
      exchanges.map(({ method, headers }) => [method, headers['last-event-id'], headers.authorization]),
      [
        ['POST', undefined, 'Bearer old'],
        ['GET', 'p1', 'Bearer old'],
        ['GET', 'p1', 'Bearer new'],
      ],
    );
    assert.ok(exchanges.every(({ headers }) => headers['x-key'] === 'k'));
  });

test('an answer that nobody signs in for any more fails with that, as one that may have acted, and is not fetched again', async (t) => {
  const failure = { code: 'sign-in-closed' } as const;
  const call = await calling(t, refusing(401), () => Promise.resolve(failure));
  await over(call);
  assert.deepEqual(call.heard, [[7, { ...failure, mayHaveActed: true }]]);
  assert.deepEqual([call.http.got('GET').length, call.clock.waiting], [1, 0]);
});

test('a call that was refused, and for which nobody can sign in now, is not said to have acted; one that had begun is', async (t) => {
  const failure = { code: 'network', problem: 'cut', host: 'as.example', forSignIn: true } as const;
  const refused = await calling(
    t,
    ({ response }) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end(),
    () => Promise.resolve(failure),
  );
  await over(refused);
  assert.deepEqual(refused.heard, [[7, failure]]);
  const begun = await calling(t, refusing(401), () => Promise.resolve(failure));
  await over(begun);
  assert.deepEqual(begun.heard, [[7, { ...failure, mayHaveActed: true }]]);
});

test('a refusal whose body never ends is not held open while somebody signs in', async (t) => {
  const signedIn = new Deferred<'retry'>();
  const call = await calling(
    t,
    (exchange) => {
      const { response, headers } = exchange;
      if (headers.authorization === 'Bearer new') return result(exchange, {});
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).write('.');
    },
    () => signedIn.promise,
  );
  await settled(() => call.challenges.length === 1);
  call.clock.advance(2_000);
  await call.http.until(() => call.http.exchanges[0]?.aborted === true, 'it is cut');
  signedIn.resolve('retry');
  await over(call);
  assert.deepEqual(call.heard, [[{ jsonrpc: '2.0', id: 7, result: {} }, 7]]);
});

test('an answer is fetched as late as Retry-After says, as a date too', async () => {
  let visits = 0;
  const remote: Remote = await Remote.serving(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.end('id: p1\ndata:\n\n');
      },
      GET: onlyRest((exchange) => {
        if (visits++ === 0) {
          const at = new Date(remote.clock.wall() + 300_000).toUTCString();
          return void exchange.response.writeHead(503, { 'retry-after': at }).end();
        }
        stream(exchange);
        event(exchange, {
          jsonrpc: '2.0',
          id: idOf(remote.http.got('POST', 'tools/call')[0] ?? exchange),
          result: DONE,
        });
        exchange.response.end();
      }),
    }),
  );
  await remote.connect({}, { timeouts: { connect: 30_000, request: 3_000_000, total: 3_000_000 } });
  const call = remote.call('t');
  await elapse(remote, () => resumed(remote).length === 1);
  const from = remote.clock.monotonic();
  await elapse(remote, () => resumed(remote).length === 2);
  const waited = remote.clock.monotonic() - from;
  // A date has whole seconds.
  assert.ok(waited >= 298_000 && waited <= 365_000, `${waited} ms`);
  await call;
  await remote.end();
});

for (const era of [legacy, modern] as const)
  test(`a request that is only accepted, or answered under the id of another type, has no answer, and is made once (${era.name})`, async () => {
    const odd: readonly ((exchange: HttpExchange) => void)[] = [
      ({ response }) => void response.writeHead(202).end(),
      ({ response }) => void response.writeHead(204).end(),
      (exchange) => json(exchange, 200, { jsonrpc: '2.0', id: String(idOf(exchange)), result: DONE }),
      (exchange) => json(exchange, 200, [{ jsonrpc: '2.0', id: null, result: DONE }]),
    ];
    for (const answer of odd) {
      const remote = await Remote.connected(era({ 'tools/call': answer }));
      await failsSaying(remote.call('t'), /no answer|not what|answer/);
      assert.equal(remote.http.got('POST', 'tools/call').length, 1);
      await remote.end();
    }
  });

test('a byte order mark before a stream, an event or a body is no part of it', async () => {
  const mark = '\uFEFF';
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        const answer = JSON.stringify({ jsonrpc: '2.0', id: idOf(exchange), result: DONE });
        exchange.response.end(`${mark}data: ${mark}${answer}\r\r`);
      },
      'resources/read': (exchange) => {
        const answer = JSON.stringify({ jsonrpc: '2.0', id: idOf(exchange), result: { contents: [] } });
        exchange.response.writeHead(200, { 'content-type': 'application/json' }).end(mark + answer);
      },
    }),
  );
  assert.equal((await remote.call('t')).isError, false);
  assert.deepEqual(await remote.request('readResource', { callId: 9, uri: 'a:b' }), { contents: [] });
  await remote.end();
});
