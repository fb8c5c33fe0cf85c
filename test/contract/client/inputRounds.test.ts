/** Rounds of input: what is asked, what is sent with the retry, and when it ends. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { HostRequests } from '../../../src/client/contract';
import {
  ClientHarness,
  failureOf,
  idOf,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { SAMPLE_INPUT } from './asking';
import { ask, rounds } from './rounds';

test('inputs are answered under the same keys, and the original request is repeated with a new id', async () => {
  const harness = await ClientHarness.connected(
    rounds(
      ask({ 'One é': SAMPLE_INPUT, '': { method: 'roots/list' }, ['__proto__x']: SAMPLE_INPUT }, 'state'),
    ),
  );
  const asked: HostRequests['sample']['params'][] = [];
  harness.serve.sample = (params) => {
    asked.push(params);
    const answer = {
      role: 'assistant',
      text: `answer ${asked.length}`,
      model: 'm',
      stopReason: 'endTurn',
    } as const;
    return Promise.resolve({ kind: 'answer', answer });
  };
  const result = await harness.host.request('callTool', { callId: 77, name: 't', arguments: { a: 1 } });
  assert.equal(result.content.length, 1);
  const [first, second] = harness.sent('tools/call');
  assert.notEqual(idOf(first), idOf(second));
  const { inputResponses, requestState, ...repeated } = paramsOf(second);
  assert.equal(requestState, 'state');
  assert.deepEqual(inputResponses, {
    'One é': {
      role: 'assistant',
      content: { type: 'text', text: 'answer 1' },
      model: 'm',
      stopReason: 'endTurn',
    },
    '': { roots: [{ uri: 'file:///work', name: 'work' }] },
    ['__proto__x']: {
      role: 'assistant',
      content: { type: 'text', text: 'answer 2' },
      model: 'm',
      stopReason: 'endTurn',
    },
  });
  assert.deepEqual(withoutToken(repeated), withoutToken(paramsOf(first)));
  assert.deepEqual(
    asked.map(({ origin }) => origin),
    [1, 3].map((index) => ({ kind: 'call', callId: 77, part: { index, of: 3 } })),
    'each says which of the inputs of the call it is',
  );
  await harness.end();
});

function withoutToken(params: JsonObject): JsonObject {
  return { ...params, _meta: { ...(params['_meta'] as JsonObject), progressToken: 'any' } };
}

test('an input named __proto__ is answered under that name', async () => {
  const inputs = JSON.parse(`{"__proto__":${JSON.stringify(SAMPLE_INPUT)}}`) as JsonObject;
  const harness = await ClientHarness.connected(rounds(ask(inputs)));
  await harness.callTool();
  const responses = paramsOf(harness.sent('tools/call')[1])['inputResponses'] as JsonObject;
  assert.deepEqual(Object.keys(responses), ['__proto__']);
  await harness.end();
});

test('requestState is echoed byte for byte, only the newest, and only while it is given (T147)', async () => {
  const states = [' \ufeff\u0000 {"a": 1 }\n\u2028\ud83d\ude00 \\u0041 é e\u0301 \r\n', '', 'last'];
  const [first = '', second = '', third = ''] = states;
  const harness = await ClientHarness.connected(
    rounds(
      ask({ k: SAMPLE_INPUT }, first),
      ask(undefined, second),
      ask({ k: SAMPLE_INPUT }, third),
      ask({ k: SAMPLE_INPUT }),
    ),
  );
  const call = harness.callTool();
  await harness.settle();
  for (let round = 0; round < 4; round++) await harness.pass(1_000);
  await call;
  const sent = harness.sent('tools/call').map((frame) => paramsOf(frame));
  assert.deepEqual(
    sent.map(({ requestState }) => requestState),
    [undefined, first, second, third, undefined],
  );
  assert.deepEqual(
    sent.map((params) => 'inputResponses' in params),
    [false, true, false, true, true],
    'responses belong to one retry only',
  );
  await harness.callTool();
  assert.equal('requestState' in paramsOf(harness.sent('tools/call').at(-1)), false, 'nor to another call');
  await harness.end();
});

test('all three methods carry the rounds', async () => {
  const harness = await ClientHarness.connected(rounds(ask({ k: SAMPLE_INPUT })));
  await harness.host.request('callTool', { callId: 1, name: 't', arguments: {} });
  assert.equal(harness.sent('tools/call').length, 2);
  await harness.end();
  const reading = await ClientHarness.connected(rounds(ask({ k: SAMPLE_INPUT }), { contents: [] }));
  await reading.host.request('readResource', { callId: 1, uri: 'a:b' });
  assert.deepEqual(paramsOf(reading.sent('resources/read')[1])['uri'], 'a:b');
  await reading.end();
  const prompting = await ClientHarness.connected(rounds(ask({ k: SAMPLE_INPUT }), { messages: [] }));
  await prompting.host.request('getPrompt', { callId: 1, name: 'p', arguments: { x: 'y' } });
  assert.deepEqual(paramsOf(prompting.sent('prompts/get')[1])['arguments'], { x: 'y' });
  await prompting.end();
});

test('a round without requests is retried with a growing pause', async () => {
  const harness = await ClientHarness.connected(rounds(ask(undefined, 'a'), ask({}, 'b'), ask()));
  const call = harness.callTool();
  await harness.settle();
  for (const [wait, calls] of [
    [99, 1],
    [1, 2],
    [199, 2],
    [1, 3],
    [399, 3],
    [1, 4],
  ] as const) {
    await harness.pass(wait);
    assert.equal(harness.sent('tools/call').length, calls);
  }
  assert.equal((await call).content.length, 1);
  await harness.end();
});

test('a call that waits for its retry can be cancelled, and nothing more is sent', async () => {
  const harness = await ClientHarness.connected(rounds(ask(undefined, 'a')));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  abort.abort();
  assert.equal((await call).code, 'cancelled');
  await harness.pass(60_000);
  assert.equal(harness.sent('tools/call').length, 1);
  assert.equal(harness.sent('notifications/cancelled').length, 0, 'there is no request to cancel');
  await harness.end();
});

test('ten rounds are the end, and the person is not asked for an eleventh (T147)', async () => {
  const endless = Array.from({ length: 50 }, (_, index) => ask({ k: SAMPLE_INPUT }, `s${index}`));
  const harness = await ClientHarness.connected(rounds(...endless));
  let asked = 0;
  const { sample } = harness.serve;
  harness.serve.sample = (params, signal) => {
    asked += 1;
    return sample(params, signal);
  };
  assert.equal((await failureOf(harness.callTool())).code, 'refused');
  assert.equal(asked, 10);
  assert.equal(harness.sent('tools/call').length, 11);
  await harness.end();
});

test('rounds without requests end as well, within less than a minute of pauses', async () => {
  const endless = Array.from({ length: 50 }, () => ask());
  const harness = await ClientHarness.connected(rounds(...endless));
  const call = failureOf(harness.callTool());
  for (let second = 0; second < 60; second++) await harness.pass(1_000);
  assert.equal((await call).code, 'refused');
  await harness.end();
});

test('cancelling while the person is asked withdraws the question and sends nothing', async () => {
  const harness = await ClientHarness.connected(rounds(ask({ k: SAMPLE_INPUT }, 's')));
  let withdrawn = false;
  harness.serve.sample = (_params, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        withdrawn = true;
        reject(new Error('CANARY'));
      });
    });
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  const before = harness.frames.length;
  abort.abort();
  assert.equal((await call).code, 'cancelled');
  await harness.settle();
  assert.equal(withdrawn, true);
  assert.equal(harness.frames.length, before);
  await harness.end();
});

test('a round that is refused for its headers is sent again as it was, and nobody is asked twice (HDR6)', async () => {
  const answers: (() => JsonValue)[] = [
    () => ask({ one: SAMPLE_INPUT }, 'state'),
    () => {
      throw new ScriptedError(-32_020, 'Header mismatch');
    },
    () => textResult('done'),
  ];
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/list': () => ({ tools: [{ name: 't', inputSchema: {} }] }),
      'tools/call': () => answers.shift()?.(),
    }),
  );
  let asked = 0;
  const { sample } = harness.serve;
  harness.serve.sample = (...given) => {
    asked++;
    return sample(...given);
  };
  await harness.callTool();
  const [, refused, again] = harness.sent('tools/call');
  for (const key of ['name', 'arguments', 'inputResponses', 'requestState'])
    assert.deepEqual(paramsOf(again)[key], paramsOf(refused)[key], key);
  assert.equal(paramsOf(again)['requestState'], 'state');
  assert.equal(asked, 1);
  await harness.end();
});
