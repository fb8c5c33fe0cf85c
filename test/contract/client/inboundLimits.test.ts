import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonValue } from '../../../src/base/json';
import type { HostRequests } from '../../../src/client/contract';
import { FailureError } from '../../../src/protocol/failure';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { ClientHarness, legacyAnswers, modernAnswers, textResult } from '../../support/clientHarness';
import { ANSWER, answerSamplings, errorOf, openSamplings, sampling, send } from './asking';

const BUSY_WAITING = { code: -32000, message: 'Busy: too many sampling requests are waiting.' };
const BUSY_RATE = { code: -32000, message: 'Busy: too many sampling requests a second.' };
const BUSY_ROOTS = { code: -32000, message: 'Busy: too many requests for roots.' };

function sample(harness: ClientHarness, params = sampling()): Promise<JsonRpcMessage> {
  return harness.server.request('sampling/createMessage', params);
}

test('three model requests are open at once, further ones are busy, and room is made as they end', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { replies } = openSamplings(harness);
  const open = [sample(harness), sample(harness), sample(harness)];
  for (let more = 0; more < 20; more++) assert.deepEqual(errorOf(await sample(harness)), BUSY_WAITING);
  assert.equal(replies.length, 3, 'the host knows of three');
  replies[1]?.resolve(ANSWER);
  assert.ok('result' in ((await open[1]) ?? {}));
  const next = sample(harness);
  await harness.settle();
  assert.equal(replies.length, 4);
  for (const reply of replies) reply.resolve(ANSWER);
  for (const answer of [...open, next]) assert.ok('result' in (await answer));
  await harness.end();
});

test('a model request that is withdrawn or fails makes room too', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  harness.serve.sample = (_params, signal) =>
    new Promise((_, reject) =>
      signal.addEventListener('abort', () => reject(new FailureError({ code: 'cancelled' }))),
    );
  for (let round = 0; round < 3; round++) {
    const ids = [1, 2, 3].map((index) => `r${round}-${index}`);
    for (const id of ids) send(harness, id, 'sampling/createMessage', sampling());
    await harness.settle();
    for (const requestId of ids) harness.server.notify('notifications/cancelled', { requestId });
    await harness.pass(1_000);
  }
  assert.deepEqual(harness.responses, [], 'none was busy');
  harness.serve.sample = () => Promise.reject(new Error('a crash'));
  for (let round = 0; round < 5; round++)
    assert.deepEqual(errorOf(await sample(harness)), { code: -32603, message: 'Internal error.' });
  await harness.end();
});

test('twenty model requests a second reach the host, and those that are invalid do not count', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  let asked = 0;
  harness.serve.sample = () => {
    asked++;
    return Promise.resolve({ kind: 'unavailable', message: 'No.' });
  };
  for (let request = 0; request < 50; request++) await sample(harness, sampling(5));
  for (let request = 0; request < 50; request++) await sample(harness);
  assert.equal(asked, 20);
  assert.deepEqual(errorOf(await sample(harness)), BUSY_RATE);
  await harness.pass(1_000);
  assert.deepEqual(errorOf(await sample(harness)), { code: -32603, message: 'No.' });
  await harness.end();
});

test('a thousand content blocks are taken in all, and more never reach the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const asked = answerSamplings(harness);
  const message = { role: 'user', content: Array<JsonValue>(100).fill({ type: 'text', text: 'x' }) };
  const tenth = { messages: Array<JsonValue>(10).fill(message), maxTokens: 5 };
  assert.ok('result' in (await sample(harness, tenth)));
  const more = {
    ...tenth,
    messages: [...tenth.messages, { role: 'user', content: message.content[0] ?? null }],
  };
  assert.deepEqual(errorOf(await sample(harness, more)), {
    code: -32602,
    message: 'Invalid params: at most 1000 content blocks are taken.',
  });
  const longText = sampling({ type: 'text', text: 'x'.repeat(2_097_153) });
  assert.deepEqual(errorOf(await sample(harness, longText)), {
    code: -32602,
    message: 'Invalid params: at most 2097152 characters of text are taken.',
  });
  assert.equal(asked.length, 1);
  await harness.end();
});

test('requests for roots share one question to the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const answers: Deferred<HostRequests['roots']['result']>[] = [];
  harness.serve.roots = () => {
    const answer = new Deferred<HostRequests['roots']['result']>();
    answers.push(answer);
    return answer.promise;
  };
  const asked = Array.from({ length: 40 }, () => harness.server.request('roots/list'));
  // One request is taken per turn of the event loop, and one that joins shows nowhere.
  for (let turn = 0; turn < 60; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(answers.length, 1);
  answers[0]?.resolve([{ uri: 'file:///a', name: 'a' }]);
  for (const answer of await Promise.all(asked))
    assert.deepEqual('result' in answer && answer.result, { roots: [{ uri: 'file:///a', name: 'a' }] });
  const later = harness.server.request('roots/list');
  await harness.settle();
  assert.equal(answers.length, 2, 'an answer is not kept: folders change');
  answers[1]?.resolve([]);
  assert.ok('result' in (await later));
  await harness.end();
});

test('twenty questions for roots a second reach the host', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  let asked = 0;
  harness.serve.roots = () => {
    asked++;
    return Promise.resolve([]);
  };
  for (let request = 0; request < 30; request++) await harness.server.request('roots/list');
  assert.equal(asked, 20);
  assert.deepEqual(errorOf(await harness.server.request('roots/list')), BUSY_ROOTS);
  await harness.pass(1_000);
  assert.ok('result' in (await harness.server.request('roots/list')));
  await harness.end();
});

test('a call whose server needs the roots is not refused for the requests of others', async () => {
  const input = { resultType: 'input_required', inputRequests: { r: { method: 'roots/list' } } };
  const harness = await ClientHarness.connected(
    modernAnswers({
      'tools/call': ({ inputResponses }) => (inputResponses === undefined ? input : textResult('done')),
    }),
  );
  const calls = await Promise.all(Array.from({ length: 30 }, () => harness.callTool()));
  assert.ok(calls.every(({ isError }) => !isError));
  await harness.end();
});
