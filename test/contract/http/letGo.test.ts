/** What is held open over HTTP: only what somebody waits for, and never so much that others go without. */

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { failsSaying } from '../../support/failures';
import { event, idOf, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { DONE, elapse, legacy, modern, onlyRest, Remote, resumed, settled, type Table } from './remote';

const QUESTION = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'q' } }], maxTokens: 5 },
};

/** A server of 2025-11-25 whose one tool runs as a task that waits for input. */
function tasking(more: Table): Table {
  const task = {
    taskId: 'T',
    status: 'input_required',
    createdAt: '2026-01-01T00:00:00Z',
    lastUpdatedAt: '2026-01-01T00:00:00Z',
    ttl: null,
    pollInterval: 1_000,
  };
  return legacy({
    initialize: (exchange) =>
      result(
        exchange,
        {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } },
          serverInfo: { name: 'x', version: '1' },
        },
        { 'mcp-session-id': 's' },
      ),
    'tools/list': (exchange) =>
      result(exchange, {
        tools: [{ name: 't', inputSchema: { type: 'object' }, execution: { taskSupport: 'required' } }],
      }),
    'tools/call': (exchange) => result(exchange, { task }),
    'tasks/get': (exchange) => result(exchange, task),
    'tasks/cancel': (exchange) => result(exchange, { ...task, status: 'cancelled' }),
    ...more,
  });
}

/** Ends the client however the test goes: a server that is left open would keep the whole file waiting. */
async function connected(t: TestContext, table: Table): Promise<Remote> {
  const remote = await Remote.connected(table);
  t.after(() => remote.end());
  return remote;
}

/** Waits until the client has closed the stream of this request. */
async function untilClosed(remote: Remote, exchange: HttpExchange | undefined): Promise<void> {
  assert.ok(exchange);
  await remote.http.until(() => exchange.aborted, 'its stream is closed');
}

test('the result of a task that is cancelled is not waited for any longer', async (t) => {
  const remote = await connected(t, tasking({ 'tasks/result': (exchange) => stream(exchange) }));
  const abort = new AbortController();
  const call = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  await elapse(remote, () => remote.http.got('POST', 'tasks/result').length === 1);
  abort.abort();
  await call;
  await untilClosed(remote, remote.http.got('POST', 'tasks/result')[0]);
  assert.equal(remote.http.got('POST', 'notifications/cancelled').length, 0, 'the task was, not the request');
});

test('the result of a task that is cancelled is not fetched any more from a server that lets clients poll', async (t) => {
  const remote = await connected(
    t,
    tasking({
      'tasks/result': (exchange) => {
        stream(exchange);
        exchange.response.end('id: p\nretry: 1000\ndata:\n\n');
      },
      GET: onlyRest((exchange) => {
        stream(exchange);
        const params = { level: 'info', data: 'not yet' };
        event(exchange, { jsonrpc: '2.0', method: 'notifications/message', params }, 'q');
        exchange.response.end();
      }),
    }),
  );
  const polls = (): number => resumed(remote).length;
  const abort = new AbortController();
  const call = failsSaying(remote.call('t', {}, abort.signal), /Cancelled/);
  await elapse(remote, () => polls() === 2);
  abort.abort();
  await call;
  await remote.http.until(
    () => remote.http.got('POST', 'tasks/cancel').length === 1,
    'the task is cancelled',
  );
  const before = polls();
  for (let looks = 1; looks <= 5; looks++) {
    remote.clock.advance(60_000);
    // What would be sent now is sent before this.
    await remote.request('list', { kind: 'tools' });
  }
  assert.ok(polls() <= before + 1, 'one may have been on its way');
});

test('a subscription that the server takes back is closed', async (t) => {
  const remote = await connected(
    t,
    modern({
      'server/discover': (exchange) =>
        result(exchange, {
          resultType: 'complete',
          supportedVersions: ['2026-07-28'],
          capabilities: { tools: { listChanged: true } },
        }),
      'subscriptions/listen': (exchange) => {
        stream(exchange);
        const params = { requestId: idOf(exchange) };
        event(exchange, { jsonrpc: '2.0', method: 'notifications/cancelled', params });
      },
    }),
  );
  await elapse(remote, () => remote.http.got('POST', 'subscriptions/listen').length === 2);
  await untilClosed(remote, remote.http.got('POST', 'subscriptions/listen')[0]);
});

test('a request whose answer comes on the stream of another is not held open for it (T077)', async (t) => {
  const first: HttpExchange[] = [];
  const remote = await connected(
    t,
    modern({
      'tools/call': (exchange) => {
        stream(exchange);
        const [other] = first;
        first.push(exchange);
        if (!other) return;
        for (const answered of [other, exchange])
          event(exchange, {
            jsonrpc: '2.0',
            id: idOf(answered),
            result: { resultType: 'complete', ...DONE },
          });
        exchange.response.end();
      },
    }),
  );
  const call = remote.call('t');
  await remote.http.until(() => first.length === 1, 'the call');
  await remote.call('t');
  assert.equal((await call).isError, false);
  await untilClosed(remote, first[0]);
});

test('a server that asks without end and takes no answers gets a few connections for them (T056, T057)', async (t) => {
  const held: HttpExchange[] = [];
  const remote = await connected(
    t,
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        for (let ask = 0; ask < 3_000; ask++)
          event(exchange, { jsonrpc: '2.0', id: `p${ask}`, method: 'ping' });
        event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: DONE });
        exchange.response.end();
      },
      answer: (exchange) => void held.push(exchange),
    }),
  );
  assert.equal((await remote.call('t')).isError, false, 'the answer behind all of that');
  await remote.http.until(() => held.length === 4, 'the first answers');
  // What else would be sent is sent before this.
  await assert.rejects(remote.request('list', { kind: 'tools' }));
  assert.equal(held.length, 4);
  held[0]?.response.writeHead(202).end();
  await remote.http.until(() => held.length === 5, 'the next one');
  remote.clock.advance(30_000);
  await remote.http.until(() => held.length === 9, 'those behind what is not taken in time');
});

test('an answer whose connection is cut is sent once more: what a person decided must not get lost', async (t) => {
  const answers: HttpExchange[] = [];
  let called: HttpExchange | undefined;
  const remote = await connected(
    t,
    legacy({
      'tools/call': (exchange) => {
        called = exchange;
        stream(exchange);
        event(exchange, { jsonrpc: '2.0', id: 'ask', ...QUESTION });
      },
      answer: (exchange) => {
        if (answers.push(exchange) === 1) return void exchange.response.destroy();
        exchange.response.writeHead(202).end();
        assert.ok(called);
        event(called, { jsonrpc: '2.0', id: idOf(called), result: DONE });
        called.response.end();
      },
    }),
  );
  assert.equal((await remote.call('t')).isError, false);
  assert.equal(remote.sampled.length, 1, 'nobody is asked again');
  assert.equal(answers[0]?.text, answers[1]?.text);
});

test('what is on its way when the client ends goes nowhere, however much it is', async () => {
  const held: HttpExchange[] = [];
  const remote = await Remote.connected(
    legacy({
      'tools/call': (exchange) => {
        stream(exchange);
        for (let ask = 0; ask < 50; ask++) event(exchange, { jsonrpc: '2.0', id: `p${ask}`, method: 'ping' });
      },
      answer: (exchange) => void held.push(exchange),
    }),
  );
  const call = assert.rejects(remote.call('t'));
  await settled(() => held.length === 4);
  await remote.end();
  await call;
  assert.equal(held.length, 4);
});
