/** Calls that fail until the person has opened addresses (error -32042 of 2025-11-25). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonValue } from '../../../src/base/json';
import type { ConnectParams, ElicitationReply, ElicitationWait } from '../../../src/client/contract';
import {
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
  type ClientHarness,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { answering, connected, FORM, OFFERS, OPENED, URL_FORM } from './eliciting';

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
