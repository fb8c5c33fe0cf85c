import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SamplingRequest } from '../../../src/protocol/sampling';
import type { HostHarness } from '../../support/hostHarness';
import { ask, assertAnswered, calling, decide } from './asking';

/** Runs until the request waits; the requests that go to the model are in the list. */
async function waiting(): Promise<{
  readonly harness: HostHarness;
  readonly reply: ReturnType<typeof ask>;
  readonly request: SamplingRequest;
  readonly sent: readonly SamplingRequest[];
}> {
  const harness = await calling();
  const sent: SamplingRequest[] = [];
  harness.world.onSend = (_id, request) => sent.push(request);
  const reply = ask(harness);
  await harness.settle();
  return { harness, reply, request: harness.onlyQuestion('sampling').subject.request, sent };
}

const hello = (text: string): SamplingRequest['messages'] => [
  { role: 'user', content: [{ type: 'text', text }] },
];

test('an edited request goes to the model as the person wrote it, and the server is not told', async () => {
  const { harness, reply, request, sent } = await waiting();
  const edited = { ...request, systemPrompt: 'CANARY', messages: hello('Is it warm?'), maxTokens: 20 };
  await decide(harness, { kind: 'allow-edited', request: edited });
  assert.deepEqual(sent, [edited]);
  const { subject } = harness.onlyQuestion('sampling-answer');
  assert.deepEqual([subject.edited, subject.request], [true, edited]);
  harness.host.consent.decide(harness.onlyQuestion('sampling-answer').id, { kind: 'allow-once' });
  await assertAnswered(reply, 'an answer');
  assert.doesNotMatch(JSON.stringify(harness.start('one').server.received), /CANARY/);
  assert.doesNotMatch(harness.world.logLines.join('\n'), /CANARY/);
  await harness.end();
});

test('an edited request that asks for more than the server takes decides nothing', async () => {
  const { harness, request, sent } = await waiting();
  const { id } = harness.onlyQuestion('sampling');
  for (const edited of [
    { ...request, maxTokens: 51 },
    { ...request, messages: [] },
    { ...request, messages: hello('x'.repeat(2_097_153)) },
  ])
    assert.equal(harness.host.consent.decide(id, { kind: 'allow-edited', request: edited }), false);
  await harness.settle();
  harness.onlyQuestion('sampling');
  assert.deepEqual(sent, []);
  await harness.end();
});

test('wishes about models and context are the server’s own, whatever an edited request says of them', async () => {
  const { harness, request, sent } = await waiting();
  const claimed = {
    ...request,
    messages: hello('y'),
    preferences: { hints: ['big'] },
    includeContext: 'allServers',
  };
  await decide(harness, { kind: 'allow-edited', request: claimed });
  assert.deepEqual(sent, [{ ...request, messages: hello('y') }]);
  await harness.end();
});

test('the answer to an edited request waits for the person even where reviews are off (T141)', async () => {
  const harness = await calling({ sampling: { reviewAnswer: false } });
  harness.world.samplingReviewAnswers = false;
  const reply = ask(harness);
  await harness.settle();
  const { request } = harness.onlyQuestion('sampling').subject;
  await decide(harness, { kind: 'allow-edited', request: { ...request, messages: hello('secret plan') } });
  assert.equal(harness.start('one').server.received.filter((message) => 'result' in message).length, 0);
  harness.host.consent.decide(harness.onlyQuestion('sampling-answer').id, { kind: 'deny' });
  assert.ok('error' in (await reply));
  await harness.end();
});
