/** Rounds of input that this host cannot serve, or that the person does not allow, give the call up. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { HostRequests } from '../../../src/client/contract';
import { ClientHarness, failureOf } from '../../support/clientHarness';
import { SAMPLE_INPUT } from './asking';
import { ask, rounds } from './rounds';

test('a kind of input that is not offered gives the call up before anybody is asked', async () => {
  const cases = [
    [{ good: SAMPLE_INPUT, bad: { method: 'elicitation/create', params: { message: 'x' } } }, {}],
    [{ good: SAMPLE_INPUT, bad: { method: 'tools/call', params: {} } }, {}],
    [
      { good: { method: 'roots/list' }, bad: SAMPLE_INPUT },
      { sampling: false, roots: true },
    ],
    [
      { good: SAMPLE_INPUT, bad: { method: 'roots/list' } },
      { sampling: true, roots: false },
    ],
    [{ good: SAMPLE_INPUT, bad: { method: 'sampling/createMessage', params: { messages: [] } } }, {}],
    [{ good: SAMPLE_INPUT, bad: { ...SAMPLE_INPUT, params: { ...SAMPLE_INPUT.params, tools: [] } } }, {}],
  ] as const;
  for (const [inputs, offers] of cases) {
    const harness = new ClientHarness(rounds(ask(inputs)));
    await harness.connect({ offers: { sampling: true, roots: true, ...offers } });
    let asked = 0;
    harness.serve.sample = () => Promise.reject(new Error(`asked ${++asked}`));
    harness.serve.roots = () => Promise.reject(new Error(`asked ${++asked}`));
    assert.equal((await failureOf(harness.callTool())).code, 'refused');
    await harness.settle();
    assert.equal(asked, 0);
    assert.equal(harness.sent('tools/call').length, 1);
    assert.equal(harness.frames.at(-1), harness.sent('tools/call')[0], 'nothing is sent');
    await harness.end();
  }
});

test('malformed requests for input are invalid results', async () => {
  const many = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, SAMPLE_INPUT]));
  const malformed: JsonObject[] = [
    { resultType: 'input_required', inputRequests: [] },
    { resultType: 'input_required', inputRequests: { a: 5 } },
    { resultType: 'input_required', inputRequests: { a: { params: {} } } },
    { resultType: 'input_required', requestState: 7 },
    { resultType: 'input_required', requestState: 's'.repeat(1_048_577) },
    ask(many),
  ];
  for (const result of malformed) {
    const harness = await ClientHarness.connected(rounds(result));
    assert.equal((await failureOf(harness.callTool())).code, 'invalid-result');
    await harness.end();
  }
});

test('denied sampling abandons the call without any message to the server', async () => {
  const replies: HostRequests['sample']['result'][] = [
    { kind: 'rejected' },
    { kind: 'unavailable', message: 'No model.' },
  ];
  for (const reply of replies) {
    const harness = await ClientHarness.connected(rounds(ask({ k: SAMPLE_INPUT }, 's')));
    harness.serve.sample = () => Promise.resolve(reply);
    const before = harness.frames.length;
    assert.equal((await failureOf(harness.callTool())).code, 'refused');
    await harness.pass(600_000);
    assert.equal(harness.frames.length, before + 1, 'only the call itself left');
    await harness.end();
  }
});

test('roots that cannot be told give the call up, without a retry and without a word to the server', async () => {
  const harness = await ClientHarness.connected(rounds(ask({ k: { method: 'roots/list' } })));
  harness.serve.roots = () => Promise.reject(new Error('CANARY-/home/person/secret'));
  const before = harness.frames.length;
  await failureOf(harness.callTool());
  await harness.settle();
  assert.equal(harness.frames.length, before + 1, 'only the call itself left');
  await harness.end();
});
