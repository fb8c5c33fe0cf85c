/** Every request for a model answer is counted once, as what became of it, in the host as it is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { ModelError, type ModelAnswer } from '../../../src/host/ports';
import type { UsageCounts } from '../../../src/host/usage';
import { everyday, type HostHarness } from '../../support/hostHarness';
import { ask, calling, decide, PARAMS, running, WITHDRAWALS } from './asking';

const total = ({ host }: HostHarness): UsageCounts => host.usage.summary('today').total;

/** The server asks; resolves once that is seen. The reply is not waited for. */
async function request(harness: HostHarness): Promise<void> {
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
}

async function review(
  harness: HostHarness,
  decision: Parameters<HostHarness['host']['consent']['decide']>[1],
): Promise<void> {
  assert.ok(harness.host.consent.decide(harness.onlyQuestion('sampling-answer').id, decision));
  await harness.settle();
}

/** What each does, with a request that waits, and what is counted of it. */
const ENDS: Readonly<
  Record<string, readonly [end: (harness: HostHarness) => Promise<void>, counted: Partial<UsageCounts>]>
> = {
  'is allowed': [
    async (harness) => await decide(harness, { kind: 'allow-once' }),
    { outcomes: { answered: 1 }, tokensIn: 11, tokensOut: 3, estimated: 14 },
  ],
  'is allowed, and its answer returned': [
    async (harness) => {
      harness.world.samplingReviewAnswers = true;
      await decide(harness, { kind: 'allow-once' });
      await review(harness, { kind: 'allow-once' });
    },
    { outcomes: { answered: 1 }, tokensOut: 3 },
  ],
  'is allowed, and its answer edited': [
    async (harness) => {
      harness.world.samplingReviewAnswers = true;
      await decide(harness, { kind: 'allow-once' });
      await review(harness, { kind: 'answer', text: 'x'.repeat(400) });
    },
    { outcomes: { edited: 1 }, tokensOut: 3 },
  ],
  'is allowed, and its answer edited into itself': [
    async (harness) => {
      harness.world.samplingReviewAnswers = true;
      await decide(harness, { kind: 'allow-once' });
      await review(harness, { kind: 'answer', text: 'an answer' });
    },
    { outcomes: { answered: 1 } },
  ],
  'is allowed, and its answer refused': [
    async (harness) => {
      harness.world.samplingReviewAnswers = true;
      await decide(harness, { kind: 'allow-once' });
      await review(harness, { kind: 'deny' });
    },
    { outcomes: { 'answer-refused': 1 }, tokensIn: 11, tokensOut: 3 },
  ],
  'is allowed, and its answer expires': [
    async (harness) => {
      harness.world.samplingReviewAnswers = true;
      await decide(harness, { kind: 'allow-once' });
      await harness.pass(600_000);
    },
    { outcomes: { expired: 1 }, tokensIn: 11, tokensOut: 3 },
  ],
  'is edited': [
    async (harness) => {
      const { subject } = harness.onlyQuestion('sampling');
      await decide(harness, { kind: 'allow-edited', request: { ...subject.request, systemPrompt: 'four' } });
      await review(harness, { kind: 'allow-once' });
    },
    { outcomes: { edited: 1 }, tokensIn: 13 },
  ],
  'is answered by hand': [
    async (harness) => await decide(harness, { kind: 'answer', text: 'by hand' }),
    { outcomes: { 'by-hand': 1 }, tokensIn: 0, tokensOut: 0, estimated: 0 },
  ],
  'is denied': [
    async (harness) => await decide(harness, { kind: 'deny' }),
    { outcomes: { denied: 1 }, tokensIn: 0, tokensOut: 0 },
  ],
  expires: [
    async (harness) => await harness.pass(600_000),
    { outcomes: { expired: 1 }, tokensIn: 0, tokensOut: 0 },
  ],
  'gets no answer of the model': [
    async (harness) => {
      harness.world.answer = () => Promise.reject(new ModelError('No.'));
      await decide(harness, { kind: 'allow-once' });
    },
    { outcomes: { failed: 1 }, tokensIn: 11, tokensOut: 0 },
  ],
  'is withdrawn while it is with the model': [
    async (harness) => {
      harness.world.answer = () => new Deferred<ModelAnswer>().promise;
      await decide(harness, { kind: 'allow-once' });
      harness.start('one').server.notify('notifications/cancelled', { requestId: 'server-1' });
      await harness.settle();
    },
    { outcomes: { withdrawn: 1 }, tokensIn: 11, tokensOut: 0 },
  ],
};

for (const [how, [end, expected]] of Object.entries(ENDS))
  test(`a request that ${how} is counted as that, once`, async () => {
    const harness = await calling();
    await request(harness);
    assert.deepEqual(total(harness).outcomes, {}, 'nothing before it has ended');
    await end(harness);
    const counted = total(harness);
    assert.deepEqual({ ...counted, ...expected }, counted);
    await harness.end();
    assert.deepEqual(total(harness), counted, 'nor again at the end');
  });

for (const [what, happen] of WITHDRAWALS)
  test(`a request that is withdrawn because ${what} is counted as that, once`, async () => {
    const harness = await calling();
    await request(harness);
    void happen(harness);
    await harness.settle();
    await harness.end();
    assert.deepEqual(total(harness).outcomes, { withdrawn: 1 });
  });

test('a request that could go to no model counts as one without an answer, and for no model', async () => {
  const harness = await calling();
  harness.world.model = { kind: 'none', reason: 'There is none.' };
  await request(harness);
  await decide(harness, { kind: 'allow-once' });
  assert.deepEqual(total(harness), { outcomes: { failed: 1 }, tokensIn: 0, tokensOut: 0, estimated: 0 });
  assert.equal(harness.host.usage.days()[0]?.series.modelName, '');
  await harness.end();
});

test('every refusal by policy is counted with its cause (T134)', async () => {
  const harness = await calling();
  for (let count = 0; count < 3; count++) {
    await request(harness);
    await decide(harness, { kind: 'deny' });
  }
  await request(harness);
  assert.deepEqual(total(harness).outcomes, { denied: 3, 'refused-muted': 1 });
  await harness.end();

  const atRest = await running(everyday());
  await request(atRest);
  assert.deepEqual(total(atRest).outcomes, { 'refused-unprompted': 1 });
  await atRest.end();

  const busy = await calling();
  for (let count = 0; count < 11; count++) {
    await request(busy);
    await busy.pass(1_000);
    if (count < 10) await decide(busy, { kind: 'answer', text: 'x' });
  }
  assert.deepEqual(total(busy).outcomes, { 'by-hand': 10, 'refused-per-call': 1 });
  await busy.end();

  const often = await running(everyday(), { sampling: { outsideCalls: true } });
  for (let count = 0; count < 31; count++) {
    await request(often);
    await often.pass(1_000);
    if (count < 30) await decide(often, { kind: 'answer', text: 'x' });
  }
  assert.deepEqual(total(often).outcomes, { 'by-hand': 30, 'refused-hourly': 1 });
  await often.end();
});

test('tokens are those that the model counts, for the model that it went to, and the server learns of none', async () => {
  const harness = await calling();
  harness.world.answer = () =>
    Promise.resolve({
      role: 'assistant',
      text: 'an answer',
      model: 'test-model',
      usage: { input: 4_321, output: 1_234 },
    });
  harness.world.samplingReviewAnswers = true;
  const reply = ask(harness);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  assert.ok(!('usage' in harness.onlyQuestion('sampling-answer').subject.answer));
  await review(harness, { kind: 'allow-once' });
  harness.world.samplingReviewAnswers = false;
  assert.doesNotMatch(JSON.stringify(await reply), /usage|4321|1234/);
  const [line] = harness.host.usage.summary('today').lines;
  assert.deepEqual(line?.counts, {
    outcomes: { answered: 1 },
    tokensIn: 4_321,
    tokensOut: 1_234,
    estimated: 0,
  });
  assert.deepEqual([line.series.modelName, line.series.modelVendor], ['Test model', 'test']);
  harness.world.answer = () =>
    Promise.resolve({
      role: 'assistant',
      text: 'four',
      model: 'm',
      usage: { input: Number.NaN, output: -1 },
    });
  await request(harness);
  await decide(harness, { kind: 'allow-once' });
  assert.deepEqual(total(harness), {
    outcomes: { answered: 2 },
    tokensIn: 4_332,
    tokensOut: 1_236,
    estimated: 13,
  });
  await harness.end();
});
