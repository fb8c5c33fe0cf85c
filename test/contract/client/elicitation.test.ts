/** Input that servers ask for, in requests of their own and in the rounds of a call. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { ConnectParams, ElicitationReply } from '../../../src/client/contract';
import {
  ClientHarness,
  failureOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';
import { errorOf } from './asking';
import { answering, connected, FORM, OFFERS, OPENED, URL_FORM } from './eliciting';

const ACCEPT: ElicitationReply = { kind: 'answer', answer: { action: 'accept', content: { name: 'me' } } };

test('a form is put before the host, and its answer is sent as it is', async () => {
  const harness = await connected();
  const asked = answering(harness, ACCEPT);
  const answer = await harness.server.request('elicitation/create', FORM);
  assert.deepEqual('result' in answer && answer.result, { action: 'accept', content: { name: 'me' } });
  assert.deepEqual(asked, [
    {
      request: {
        mode: 'form',
        message: 'Who are you?',
        fields: [{ key: 'name', required: true, input: { kind: 'string' } }],
      },
      origin: { kind: 'unattributed' },
    },
  ]);
  await harness.end();
});

test('no, neither, and not served have their own answers', async () => {
  const harness = await connected();
  for (const action of ['decline', 'cancel'] as const) {
    answering(harness, { kind: 'answer', answer: { action } });
    const answer = await harness.server.request('elicitation/create', FORM);
    assert.deepEqual('result' in answer && answer.result, { action });
  }
  answering(harness, { kind: 'unavailable', message: 'Not now.' });
  assert.deepEqual(errorOf(await harness.server.request('elicitation/create', FORM)), {
    code: -32603,
    message: 'Not now.',
  });
  await harness.end();
});

test('an address is asked about, and consent has no content', async () => {
  const harness = await connected();
  const asked = answering(harness, OPENED);
  const answer = await harness.server.request('elicitation/create', URL_FORM);
  assert.deepEqual('result' in answer && answer.result, { action: 'accept' });
  assert.deepEqual(asked[0]?.request, { mode: 'url', message: 'm', url: 'https://a.example/' });
  await harness.end();
});

test('invalid requests and modes that were not declared never reach the host', async () => {
  const cases: [ConnectParams['offers'], string, JsonObject, number][] = [
    [OFFERS.offers, '2025-11-25', { message: 'x' }, -32602],
    [OFFERS.offers, '2025-11-25', { ...URL_FORM, url: 'file:///etc/passwd' }, -32602],
    [OFFERS.offers, '2025-11-25', { ...FORM, mode: 'CANARY' }, -32602],
    [OFFERS.offers, '2025-06-18', URL_FORM, -32602],
    [OFFERS.offers, '2025-03-26', FORM, -32601],
    [{ ...OFFERS.offers, elicitation: { form: true, url: false } }, '2025-11-25', URL_FORM, -32602],
    [{ ...OFFERS.offers, elicitation: { form: false, url: true } }, '2025-11-25', FORM, -32602],
    [{ ...OFFERS.offers, elicitation: { form: false, url: true } }, '2025-06-18', FORM, -32601],
    [{ ...OFFERS.offers, elicitation: false }, '2025-11-25', FORM, -32601],
    [{ sampling: true, roots: true }, '2025-11-25', FORM, -32601],
  ];
  for (const [offers, revision, params, code] of cases) {
    const harness = await connected(legacyAnswers({}, { revision }), { offers });
    const asked = answering(harness);
    const error = errorOf(await harness.server.request('elicitation/create', params));
    assert.equal(error.code, code, JSON.stringify(params));
    assert.equal(asked.length, 0);
    await harness.end();
  }
});

test('nothing is asked before the handshake is over', async () => {
  const answers = legacyAnswers();
  const opening = new Deferred<JsonValue | undefined>();
  answers.set('initialize', () => opening.promise);
  const harness = new ClientHarness(answers);
  const asked = answering(harness, ACCEPT);
  const connecting = harness.connect(OFFERS);
  await harness.settle();
  const error = errorOf(await harness.server.request('elicitation/create', FORM));
  assert.equal(error.code, -32600);
  opening.resolve(
    legacyAnswers().get('initialize')?.({}, { jsonrpc: '2.0', id: 0, method: '' }) as JsonValue,
  );
  await connecting;
  assert.equal(asked.length, 0);
  await harness.end();
});

test('three wait at most, and twenty a second reach the host', async () => {
  const harness = await connected();
  const replies: Deferred<ElicitationReply>[] = [];
  harness.serve.elicit = () => {
    const reply = new Deferred<ElicitationReply>();
    replies.push(reply);
    return reply.promise;
  };
  const waiting = [1, 2, 3].map(() => harness.server.request('elicitation/create', FORM));
  await harness.settle();
  assert.equal(errorOf(await harness.server.request('elicitation/create', FORM)).code, -32000);
  for (const reply of replies) reply.resolve(ACCEPT);
  await Promise.all(waiting);
  const asked = answering(harness, ACCEPT);
  const codes: (number | undefined)[] = [];
  for (let round = 0; round < 25; round++) {
    const answer = await harness.server.request('elicitation/create', FORM);
    codes.push('error' in answer ? answer.error.code : undefined);
  }
  assert.equal(asked.length, 17, 'twenty with the three before');
  assert.deepEqual(codes.slice(17), Array(8).fill(-32000));
  await harness.end();
});

test('while the person is asked the deadlines of a call stand still', async () => {
  const harness = await connected(legacyAnswers({ 'tools/call': () => undefined }));
  const reply = new Deferred<ElicitationReply>();
  harness.serve.elicit = () => reply.promise;
  const call = failureOf(harness.callTool());
  await harness.settle();
  const answer = harness.server.request('elicitation/create', FORM);
  await harness.pass(3_600_000);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  reply.resolve(ACCEPT);
  await answer;
  await harness.pass(60_000);
  assert.equal((await call).code, 'timeout');
  await harness.end();
});

test('a request that the server takes back is withdrawn from the host', async () => {
  const harness = await connected();
  let withdrawn = false;
  harness.serve.elicit = (_params, signal) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        withdrawn = true;
        reject(new Error('CANARY'));
      }),
    );
  void harness.server.request('elicitation/create', FORM);
  await harness.settle();
  harness.server.notify('notifications/cancelled', { requestId: 'server-1' });
  await harness.settle();
  assert.equal(withdrawn, true);
  assert.deepEqual(harness.responses, []);
  await harness.end();
});

/** A server of the stateless era whose first answer asks for these inputs. */
function asking(inputRequests: JsonObject): Map<string, Answer> {
  let round = 0;
  return modernAnswers({
    'tools/call': () =>
      round++ === 0
        ? { resultType: 'input_required', inputRequests, requestState: 's' }
        : { resultType: 'complete', ...(textResult('done') as JsonObject) },
  });
}

test('in the stateless era every way of answering goes back under its key, and the call goes on', async () => {
  const replies: [ElicitationReply, JsonObject][] = [
    [ACCEPT, { action: 'accept', content: { name: 'me' } }],
    [{ kind: 'answer', answer: { action: 'decline' } }, { action: 'decline' }],
    [{ kind: 'answer', answer: { action: 'cancel' } }, { action: 'cancel' }],
    [{ kind: 'unavailable', message: 'Not now.' }, { action: 'cancel' }],
  ];
  for (const [reply, response] of replies) {
    const harness = await connected(asking({ k: { method: 'elicitation/create', params: FORM } }));
    const asked = answering(harness, reply);
    await harness.host.request('callTool', { callId: 77, name: 't', arguments: {} });
    const retry = paramsOf(harness.sent('tools/call')[1]);
    assert.deepEqual(retry['inputResponses'], { k: response });
    assert.equal(retry['requestState'], 's');
    assert.deepEqual(asked[0]?.origin, { kind: 'call', callId: 77 });
    await harness.end();
  }
});

test('an address needs no id in the stateless era', async () => {
  const { elicitationId: _, ...params } = URL_FORM;
  const harness = await connected(asking({ k: { method: 'elicitation/create', params } }));
  answering(harness, OPENED);
  await harness.callTool();
  assert.deepEqual(paramsOf(harness.sent('tools/call')[1])['inputResponses'], { k: { action: 'accept' } });
  await harness.end();
});

test('an invalid form, or a mode that is not offered, gives the call up before anybody is asked', async () => {
  const bad: JsonObject[] = [{ message: 'x' }, { ...URL_FORM, url: 'javascript:1' }, URL_FORM];
  for (const params of bad) {
    const harness = await connected(
      asking({
        good: { method: 'elicitation/create', params: FORM },
        bad: { method: 'elicitation/create', params },
      }),
      { offers: { sampling: true, roots: true, elicitation: { form: true, url: false } } },
    );
    const asked = answering(harness, ACCEPT);
    assert.equal((await failureOf(harness.callTool())).code, 'refused');
    assert.equal(asked.length, 0);
    assert.equal(harness.sent('tools/call').length, 1);
    await harness.end();
  }
});
