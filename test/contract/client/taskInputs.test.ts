/** Input that a task of the stateless era needs: it is asked for once, and reaches the task. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { ClientHarness, failureOf, textResult } from '../../support/clientHarness';
import { SAMPLE_INPUT } from './asking';
import { becoming, bodyOf, task } from './extensionTasking';

const ROOTS = { method: 'roots/list' };

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
    const failure = await call;
    assert.ok(failure.code === 'refused' && !('mayHaveActed' in failure), 'the word says all');
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

const FORM = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'm', requestedSchema: { type: 'object', properties: {} } },
};

test('answers that get lost on the way are sent again while they are asked for, and nobody is asked twice', async () => {
  let updates = 0;
  const at: number[] = [];
  const harness = new ClientHarness(
    becoming([], {
      'tasks/get': () => ({
        resultType: 'complete',
        ...(updates > 3
          ? task('completed', { result: textResult('done') })
          : task('input_required', { inputRequests: { a: FORM, b: FORM } })),
      }),
      'tasks/update': (_params, { id }) => {
        at.push(harness.clock.monotonic());
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
  assert.deepEqual(
    at.slice(1).map((time, index) => time - (at[index] ?? 0)),
    [1_000, 2_000, 4_000],
    'ever more seldom',
  );
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
