/** The tasks extension of the stateless era: any tool call may become a task, which is looked at, served and ended by its id. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { Failure } from '../../../src/protocol/failure';
import {
  ClientHarness,
  failureOf,
  idOf,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { SAMPLE_INPUT } from './asking';

const ROOTS = { method: 'roots/list' };

function task(status: string, more: JsonObject = {}): JsonObject {
  const at = '2026-08-01T00:00:00Z';
  return {
    ...{ taskId: 'T', status, createdAt: at, lastUpdatedAt: at, ttlMs: 3_600_000, pollIntervalMs: 1_000 },
    ...more,
  };
}

/** A server whose tasks are at each look what `looks` says; the last look stays. */
function becoming(
  looks: readonly JsonObject[],
  more: Readonly<Record<string, Answer>> = {},
): Map<string, Answer> {
  let look = 0;
  return modernAnswers(
    {
      'tools/call': () => ({ resultType: 'task', ...task('working') }),
      'tasks/get': () => ({ resultType: 'complete', ...looks[Math.min(look++, looks.length - 1)] }),
      'tasks/update': () => ({ resultType: 'complete' }),
      'tasks/cancel': () => ({ resultType: 'complete' }),
      ...more,
    },
    { capabilities: { tools: {}, resources: {} } },
  );
}

function bodyOf(frame: Parameters<typeof paramsOf>[0]): JsonObject {
  const { _meta, ...body } = paramsOf(frame);
  assert.ok(_meta, 'every request carries the envelope');
  return body;
}

test('a call that becomes a task ends with the result that a look brings', async () => {
  const harness = await ClientHarness.connected(
    becoming([
      task('working', { statusMessage: 'half', pollIntervalMs: 3_000 }),
      task('completed', { result: textResult('done', { isError: true }) }),
    ]),
  );
  const call = harness.callTool();
  await harness.pass(1_000);
  assert.deepEqual(bodyOf(harness.sent('tasks/get')[0]), { taskId: 'T' });
  await harness.pass(2_999);
  assert.equal(harness.sent('tasks/get').length, 1, 'the interval may change with every look');
  await harness.pass(1);
  const result = await call;
  assert.deepEqual([result.isError, result.content.length], [true, 1]);
  assert.deepEqual(
    harness.heard('task').map(({ task: { status, message, ttl } }) => [status, message, ttl]),
    [
      ['working', undefined, 3_600_000],
      ['working', 'half', 3_600_000],
      ['completed', undefined, 3_600_000],
    ],
  );
  for (const method of ['tasks/result', 'tasks/list', 'tasks/cancel'])
    assert.equal(harness.sent(method).length, 0, method);
  await harness.end();
});

test('a task whose connection ends right behind it is told of, so that it can be waited for in the next one', async () => {
  const harness = await ClientHarness.connected(becoming([], { 'tools/call': () => undefined }));
  const failure = failureOf(harness.callTool());
  const { id } = await harness.server.waitFor('tools/call').then((call) => ({ id: idOf(call) }));
  harness.server.respond(id, { resultType: 'task', ...task('working') });
  harness.server.transport.exit({ code: 1, signal: null });
  assert.equal((await failure).code, 'connection-closed');
  assert.deepEqual(
    harness.heard('task').map((told) => told.task.id),
    ['T'],
  );
  await harness.end();
});

test('no legacy task is made of a call, whatever the server declares (TASKX9)', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/list': () => ({
          tools: [{ name: 't', inputSchema: {}, execution: { taskSupport: 'required' } }],
        }),
        'tools/call': () => textResult('plain'),
      },
      { capabilities: { tools: {}, tasks: { requests: { tools: { call: {} } } } } },
    ),
  );
  await harness.callTool();
  assert.equal('task' in paramsOf(harness.sent('tools/call')[0]), false);
  await harness.end();
});

test('a failed task carries its error', async () => {
  const error = { code: -32_050, message: 'no luck', data: { why: 1 } };
  const harness = await ClientHarness.connected(becoming([task('failed', { error })]));
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.deepEqual(await call, {
    code: 'server-error',
    rpcCode: -32_050,
    message: 'no luck',
    data: '{"why":1}',
  });
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

test('inputs are answered once per key, however often they are shown, for the call (TASKX5)', async () => {
  const harness = await ClientHarness.connected(
    becoming([
      task('input_required', { inputRequests: { a: SAMPLE_INPUT } }),
      task('input_required', { inputRequests: { a: SAMPLE_INPUT } }),
      task('input_required', { inputRequests: { a: SAMPLE_INPUT, ['__proto__x']: ROOTS } }),
      task('input_required', { inputRequests: { a: SAMPLE_INPUT } }),
      task('completed', { result: textResult('done') }),
    ]),
  );
  const origins: unknown[] = [];
  harness.serve.sample = ({ origin }) => {
    origins.push(origin);
    return Promise.resolve({ kind: 'answer', answer: { role: 'assistant', text: 'a', model: 'm' } });
  };
  const call = harness.host.request('callTool', { callId: 7, name: 't', arguments: {} });
  await harness.settle();
  for (let look = 0; look < 5; look++) await harness.pass(1_000);
  await call;
  assert.deepEqual(harness.sent('tasks/update').map(bodyOf), [
    {
      taskId: 'T',
      inputResponses: { a: { role: 'assistant', content: { type: 'text', text: 'a' }, model: 'm' } },
    },
    { taskId: 'T', inputResponses: { ['__proto__x']: { roots: [{ uri: 'file:///work', name: 'work' }] } } },
  ]);
  assert.deepEqual(origins, [{ kind: 'call', callId: 7 }]);
  await harness.end();
});

test('while the person decides the task goes on being looked at, and its end withdraws the question', async () => {
  const harness = await ClientHarness.connected(
    becoming([
      task('input_required', { inputRequests: { a: SAMPLE_INPUT } }),
      task('input_required', { inputRequests: { a: SAMPLE_INPUT } }),
      task('completed', { result: textResult('without it') }),
    ]),
  );
  let withdrawn = false;
  harness.serve.sample = (_params, signal) =>
    new Promise(() => signal.addEventListener('abort', () => (withdrawn = true)));
  const call = harness.callTool();
  await harness.pass(1_000);
  await harness.pass(1_000);
  assert.equal(withdrawn, false);
  await harness.pass(1_000);
  assert.equal((await call).content.length, 1);
  await harness.settle();
  assert.equal(withdrawn, true);
  assert.equal(harness.sent('tasks/update').length, 0);
  await harness.end();
});

test('an input that is denied or not offered gives the call up and ends the task (MRTR8)', async () => {
  for (const inputRequests of [{ a: SAMPLE_INPUT }, { a: { method: 'files/read' } }]) {
    const harness = await ClientHarness.connected(becoming([task('input_required', { inputRequests })]));
    harness.serve.sample = () => Promise.resolve({ kind: 'rejected' });
    const call = failureOf(harness.callTool());
    await harness.pass(1_000);
    assert.equal((await call).code, 'refused');
    await harness.settle();
    assert.equal(harness.sent('tasks/update').length, 0);
    assert.deepEqual(harness.sent('tasks/cancel').map(bodyOf), [{ taskId: 'T' }]);
    await harness.end();
  }
});

test('a task that asks again and again under new keys is given up', async () => {
  let key = 0;
  const harness = await ClientHarness.connected(
    becoming([], {
      'tasks/get': () => task('input_required', { inputRequests: { [`k${key++}`]: ROOTS } }),
    }),
  );
  const call = failureOf(harness.callTool());
  for (let look = 0; look < 11; look++) await harness.pass(1_000);
  assert.match(JSON.stringify(await call), /more than 10 times/);
  assert.equal(harness.sent('tasks/update').length, 10);
  await harness.end();
});

test('input that a call needs before it becomes a task is given in rounds', async () => {
  let round = 0;
  const harness = await ClientHarness.connected(
    becoming([task('completed', { result: textResult('done') })], {
      'tools/call': (): JsonValue =>
        round++ === 0
          ? { resultType: 'input_required', inputRequests: { a: ROOTS } }
          : { resultType: 'task', ...task('working') },
    }),
  );
  const call = harness.callTool();
  await harness.pass(1_000);
  assert.equal((await call).content.length, 1);
  await harness.end();
});

test('cancelling asks the server to end the task, and takes no request back', async () => {
  const harness = await ClientHarness.connected(becoming([task('working')]));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.pass(1_000);
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await harness.settle();
  assert.deepEqual(harness.sent('tasks/cancel').map(bodyOf), [{ taskId: 'T' }]);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

test('a task that the server does not know has expired', async () => {
  const harness = await ClientHarness.connected(
    becoming([], {
      'tasks/get': () => {
        throw new ScriptedError(-32_602, 'unknown');
      },
    }),
  );
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.deepEqual(await call, { code: 'task-ended', reason: 'expired' });
  await harness.end();
});

test('looks without an answer are repeated for minutes, then the task is left to be waited for again', async () => {
  const harness = await ClientHarness.connected(becoming([], { 'tasks/get': () => undefined }));
  const call = failureOf(harness.callTool());
  let over = false;
  void call.then(() => (over = true));
  for (let second = 0; second < 360; second++) await harness.pass(1_000);
  assert.equal(over, false, 'five minutes after the first look was lost');
  for (let second = 0; second < 120; second++) await harness.pass(1_000);
  assert.deepEqual(await call, { code: 'timeout', ms: 60_000, limit: 'idle' });
  await harness.settle();
  assert.equal(harness.sent('tasks/cancel').length, 0);
  await harness.end();
});

/** Lets every look be lost as `failure` says, and tells after how many seconds each of the first ones came. */
async function looksWhile(failure: Failure, seconds: number): Promise<{ at: number[]; over: boolean }> {
  const at: number[] = [];
  const harness = await ClientHarness.connected(
    becoming([], {
      'tasks/get': (_params, { id }) => {
        at.push(harness.clock.monotonic() / 1_000);
        harness.server.transport.peerHandlers?.onFailed(id, failure);
        return undefined;
      },
    }),
  );
  let over = false;
  void harness.callTool().catch(() => (over = true));
  await harness.settle();
  const start = harness.clock.monotonic() / 1_000;
  for (let second = 0; second < seconds; second++) await harness.pass(1_000);
  const outcome = { at: at.map((time) => time - start), over };
  await harness.end();
  return outcome;
}

test('while there is no network a task is looked at ever more seldom, and survives minutes of it', async () => {
  const failure: Failure = { code: 'network', problem: 'refused', host: 'h' };
  const { at, over } = await looksWhile(failure, 290);
  assert.deepEqual(at, [1, 2, 4, 8, 16, 32, 64, 124, 184, 244]);
  assert.equal(over, false);
  assert.equal((await looksWhile(failure, 400)).over, true);
});

for (const code of ['http-error', 'server-error'] as const)
  test(`a busy server is asked again when it wants to be, and not given up for that (${code})`, async () => {
    const busy = { retryAfterMs: 200_000 };
    const failure: Failure =
      code === 'http-error'
        ? { code, status: 429, isPage: false, ...busy }
        : { code, rpcCode: -32_000, message: 'busy', httpStatus: 503, ...busy };
    const { at, over } = await looksWhile(failure, 1_000);
    assert.deepEqual([at, over], [[1, 201, 401, 601, 801], false]);
  });

test('a busy server that tells of a task is not looked at before it wants to be', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': () => ({ resultType: 'task', ...task('working') }),
        'tasks/get': (_params, { id }) => {
          const busy = { code: 'http-error', status: 429, isPage: false, retryAfterMs: 20_000 } as const;
          harness.server.transport.peerHandlers?.onFailed(id, busy);
          return undefined;
        },
      },
      { capabilities: { tools: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } } },
    ),
  );
  void harness.callTool().catch(() => undefined);
  await harness.pass(1_000);
  harness.server.notify('notifications/tasks', {
    taskId: 'T',
    status: 'sleeping',
    _meta: { 'io.modelcontextprotocol/subscriptionId': idOf(harness.sent('subscriptions/listen')[0]) },
  });
  await harness.pass(19_999);
  assert.equal(harness.sent('tasks/get').length, 1);
  await harness.pass(1);
  assert.equal(harness.sent('tasks/get').length, 2);
  await harness.end();
});

test('a server that wants to be left alone for longer than ten minutes is told to the person', async () => {
  const failure: Failure = { code: 'http-error', status: 429, isPage: false, retryAfterMs: 3_600_000 };
  assert.deepEqual(await looksWhile(failure, 5), { at: [1], over: true });
});

const FORM = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'm', requestedSchema: { type: 'object', properties: {} } },
};

test('answers that get lost on the way are sent again while they are asked for, and nobody is asked twice', async () => {
  let updates = 0;
  const harness = new ClientHarness(
    becoming([], {
      'tasks/get': () => ({
        resultType: 'complete',
        ...(updates > 3
          ? task('completed', { result: textResult('done') })
          : task('input_required', { inputRequests: { a: FORM, b: FORM } })),
      }),
      'tasks/update': (_params, { id }) => {
        if (++updates > 3) return { resultType: 'complete' };
        harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' });
        return undefined;
      },
    }),
  );
  let asked = 0;
  harness.serve.elicit = () =>
    Promise.resolve({ kind: 'answer', answer: { action: 'accept', content: { n: `${++asked}` } } });
  await harness.connect({ offers: { elicitation: { form: true, url: true }, sampling: true, roots: true } });
  const call = harness.callTool();
  for (let second = 0; second < 10; second++) await harness.pass(1_000);
  assert.equal((await call).content.length, 1);
  assert.equal(asked, 2);
  const sent = harness.sent('tasks/update').map((frame) => bodyOf(frame)['inputResponses']);
  assert.equal(sent.length, 4);
  for (const again of sent) assert.deepEqual(again, sent[0]);
  await harness.end();
});

test('answers that got lost are not sent again when they are no longer asked for', async () => {
  let updates = 0;
  const harness = await ClientHarness.connected(
    becoming(
      [
        task('input_required', { inputRequests: { a: ROOTS } }),
        task('input_required', { inputRequests: { b: ROOTS } }),
        task('completed', { result: textResult('done') }),
      ],
      {
        'tasks/update': (_params, { id }) => {
          if (updates++ > 0) return { resultType: 'complete' };
          harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' });
          return undefined;
        },
      },
    ),
  );
  const call = harness.callTool();
  for (let look = 0; look < 3; look++) await harness.pass(1_000);
  await call;
  const keys = harness
    .sent('tasks/update')
    .map((frame) => Object.keys(bodyOf(frame)['inputResponses'] as JsonObject));
  assert.deepEqual(keys, [['a'], ['b']]);
  await harness.end();
});

test('a task that cannot be looked at for its headers is no reason to call the tool again (HDR6, T127)', async () => {
  const refuse = (): never => {
    throw new ScriptedError(-32_020, 'Header mismatch');
  };
  const harness = await ClientHarness.connected(
    becoming([], { 'tasks/get': refuse, 'tools/list': () => ({ tools: [{ name: 't', inputSchema: {} }] }) }),
  );
  const call = failureOf(harness.callTool());
  await harness.pass(1_000);
  assert.equal((await call).code, 'server-error');
  assert.equal(harness.sent('tools/call').length, 1);
  await harness.end();
});
