import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonObject, JsonValue } from '../../../src/base/json';
import type {
  ConnectParams,
  ElicitationReply,
  ElicitationWait,
  HostRequests,
} from '../../../src/client/contract';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

const OFFERS = { offers: { sampling: true, roots: true, elicitation: { form: true, url: true } } };
const FORM: JsonObject = {
  message: 'Who are you?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
};
const URL_FORM: JsonObject = { mode: 'url', message: 'm', url: 'https://a.example/', elicitationId: 'e1' };
const ACCEPT: ElicitationReply = { kind: 'answer', answer: { action: 'accept', content: { name: 'me' } } };
const OPENED: ElicitationReply = { kind: 'answer', answer: { action: 'accept' } };

/** A host that answers with these in turn, the last one for ever, and remembers what it was asked. */
function answering(
  harness: ClientHarness,
  ...replies: ElicitationReply[]
): HostRequests['elicit']['params'][] {
  const asked: HostRequests['elicit']['params'][] = [];
  harness.serve.elicit = (params) => {
    asked.push(params);
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    return reply ? Promise.resolve(reply) : Promise.reject(new Error('nobody is asked'));
  };
  return asked;
}

async function connected(
  answers = legacyAnswers(),
  change: Partial<ConnectParams> = {},
): Promise<ClientHarness> {
  return await ClientHarness.connected(answers, { ...OFFERS, ...change });
}

function errorOf(answer: JsonRpcMessage): { code: number; message: string } {
  assert.ok('error' in answer, JSON.stringify(answer));
  return answer.error;
}

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

const required = (...ids: string[]): ScriptedError =>
  new ScriptedError(-32042, 'open this', {
    elicitations: ids.map((elicitationId) => ({ ...URL_FORM, elicitationId })),
  });

/** A server whose calls need these addresses opened, in turn, before it answers. */
function needing(...errors: readonly ScriptedError[]): Map<string, Answer> {
  let call = 0;
  return legacyAnswers({
    'tools/call': () => {
      const error = errors[call++];
      if (error) throw error;
      return textResult('done');
    },
  });
}

/** A host whose person is in the browser until the test says so. */
function inBrowser(harness: ClientHarness): { said: Deferred<ElicitationWait>[]; withdrawn: () => number } {
  const said: Deferred<ElicitationWait>[] = [];
  let withdrawn = 0;
  harness.serve.awaitElicitation = (_params, signal) => {
    const wait = new Deferred<ElicitationWait>();
    said.push(wait);
    signal.addEventListener('abort', () => {
      withdrawn++;
      wait.reject(new Error('CANARY'));
    });
    return wait.promise;
  };
  return { said, withdrawn: () => withdrawn };
}

test('a call that needs addresses opened asks for each, waits, and is made once more with a new id', async () => {
  const harness = await connected(needing(required('e1', 'e2')));
  const asked = answering(harness, OPENED);
  const { said } = inBrowser(harness);
  const call = harness.host.request('callTool', { callId: 5, name: 't', arguments: { a: 1 } });
  await harness.settle();
  assert.equal(asked.length, 2);
  assert.deepEqual(asked[1]?.origin, { kind: 'call', callId: 5 });
  assert.equal(harness.sent('tools/call').length, 1, 'consent is not completion');
  said[0]?.resolve({ kind: 'continue' });
  await call;
  const [first, second] = harness.sent('tools/call');
  assert.notEqual(idOf(first), idOf(second));
  assert.deepEqual(paramsOf(second)['arguments'], { a: 1 });
  assert.equal(harness.sent('tools/call').length, 2);
  await harness.end();
});

test('the server ends the wait once all it asked for is complete, and unknown ids change nothing', async () => {
  const harness = await connected(needing(required('e1', 'e2')));
  answering(harness, OPENED);
  const { withdrawn } = inBrowser(harness);
  const call = harness.callTool();
  await harness.settle();
  const complete = (elicitationId: JsonValue): void =>
    harness.server.notify('notifications/elicitation/complete', { elicitationId });
  for (const id of ['other', '', 5, null, 'e1', 'e1']) complete(id);
  await harness.settle();
  assert.equal(withdrawn(), 0);
  complete('e2');
  await call;
  assert.equal(withdrawn(), 1);
  complete('e2');
  await harness.end();
});

test('a server that is done before the person has said anything more is not waited for', async () => {
  const harness = await connected(needing(required('e1')));
  harness.serve.elicit = async () => {
    harness.server.notify('notifications/elicitation/complete', { elicitationId: 'e1' });
    await harness.settle();
    return OPENED;
  };
  const { said } = inBrowser(harness);
  await harness.callTool();
  assert.equal(said.length, 0);
  await harness.end();
});

test('no, neither and giving up end the call, and nothing is repeated', async () => {
  const replies: ElicitationReply[] = [
    { kind: 'answer', answer: { action: 'decline' } },
    { kind: 'answer', answer: { action: 'cancel' } },
    { kind: 'unavailable', message: 'Not now.' },
  ];
  for (const reply of replies) {
    const harness = await connected(needing(required('e1', 'e2')));
    const asked = answering(harness, reply);
    assert.equal((await failureOf(harness.callTool())).code, 'refused');
    assert.equal(asked.length, 1);
    assert.equal(harness.sent('tools/call').length, 1);
    await harness.end();
  }
  const harness = await connected(needing(required('e1')));
  answering(harness, OPENED);
  harness.serve.awaitElicitation = () => Promise.resolve({ kind: 'give-up' });
  assert.equal((await failureOf(harness.callTool())).code, 'refused');
  assert.equal(harness.sent('tools/call').length, 1);
  await harness.end();
});

test('a server that wants addresses opened for ever is asked four times in all', async () => {
  const harness = await connected(needing(...Array.from({ length: 9 }, () => required('e1'))));
  const asked = answering(harness, OPENED);
  harness.serve.awaitElicitation = () => Promise.resolve({ kind: 'continue' });
  const failure = await failureOf(harness.callTool());
  assert.ok(failure.code === 'server-error' && failure.rpcCode === -32042);
  assert.equal(asked.length, 3);
  assert.equal(harness.sent('tools/call').length, 4);
  await harness.end();
});

test('the error is an error like any other where addresses were not declared, and malformed ones give the call up', async () => {
  const cases: [Map<string, Answer>, ConnectParams['offers'], string][] = [
    [needing(required('e1')), { ...OFFERS.offers, elicitation: { form: true, url: false } }, 'server-error'],
    [needing(required('e1')), { ...OFFERS.offers, elicitation: false }, 'server-error'],
    [needing(new ScriptedError(-32042, 'x')), OFFERS.offers, 'refused'],
    [needing(new ScriptedError(-32042, 'x', { elicitations: [FORM] })), OFFERS.offers, 'refused'],
    [
      modernAnswers({
        'tools/call': () => {
          throw required('e1');
        },
      }),
      OFFERS.offers,
      'server-error',
    ],
  ];
  for (const [answers, offers, code] of cases) {
    const harness = await connected(answers, { offers });
    const asked = answering(harness);
    assert.equal((await failureOf(harness.callTool())).code, code);
    assert.equal(asked.length, 0);
    await harness.end();
  }
});

test('cancelling the call while the person is in the browser withdraws the question', async () => {
  const harness = await connected(needing(required('e1')));
  answering(harness, OPENED);
  const { withdrawn } = inBrowser(harness);
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  abort.abort();
  assert.equal((await call).code, 'cancelled');
  await harness.settle();
  assert.equal(withdrawn(), 1);
  assert.equal(harness.sent('tools/call').length, 1);
  await harness.end();
});
