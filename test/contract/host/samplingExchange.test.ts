/** While a model answers, and what the person makes of its answer: seen as it comes, stopped, asked for again (SAMP2, T134, T141, T142). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { ConsentEntry, PersonDecision } from '../../../src/host/consentQueue';
import { ModelError, type ModelAnswer, type OnText } from '../../../src/host/ports';
import { MOST_ASKS } from '../../../src/host/samplingExchange';
import type { RunChange } from '../../../src/host/samplingRuns';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import type { HostHarness } from '../../support/hostHarness';
import {
  assertAnswered,
  calling,
  callingWithTools,
  decide,
  errorOf,
  PARAMS,
  WITHDRAWALS,
  type Reply,
} from './asking';

/** One time that the model was asked, answered by the test. */
class Asked {
  readonly answer = new Deferred<ModelAnswer>();

  constructor(
    readonly request: SamplingRequest,
    readonly signal: AbortSignal,
    readonly say: OnText,
  ) {}

  gives(text: string): void {
    this.answer.resolve({ role: 'assistant', text, model: 'test-model', stopReason: 'endTurn' });
  }
}

/** A request that waits for the person, before a model that the test plays. */
class Desk {
  readonly asked: Asked[] = [];
  readonly changes: string[] = [];
  private constructor(
    readonly harness: HostHarness,
    readonly reply: Promise<Reply>,
  ) {
    harness.host.runs.onDidChange((change) => this.changes.push(textOf(change)));
    harness.world.answer = async (request, signal, onText) => {
      const asked = new Asked(request, signal, onText);
      this.asked.push(asked);
      return await asked.answer.promise;
    };
  }

  static async open(reviews: boolean, params = PARAMS): Promise<Desk> {
    const harness = await calling();
    harness.world.samplingReviewAnswers = reviews;
    const reply = harness.start('one').server.request('sampling/createMessage', params);
    await harness.settle();
    return new Desk(harness, reply);
  }

  /** A request that was allowed. */
  static async sent(reviews = true): Promise<Desk> {
    const desk = await Desk.open(reviews);
    await decide(desk.harness, { kind: 'allow-once' });
    return desk;
  }

  get last(): Asked {
    return this.asked.at(-1) ?? assert.fail('the model was not asked');
  }

  get answer(): ConsentEntry & { readonly subject: { readonly kind: 'sampling-answer' } } {
    return this.harness.onlyQuestion('sampling-answer');
  }

  async gives(text: string): Promise<void> {
    this.last.gives(text);
    await this.harness.settle();
  }

  async decide(decision: PersonDecision): Promise<void> {
    assert.ok(this.harness.host.consent.decide(this.answer.id, decision));
    await this.harness.settle();
  }

  /** Everything that the server has got. */
  get heard(): string {
    return JSON.stringify(this.harness.start('one').server.received);
  }

  get run() {
    return this.harness.host.runs.of(1);
  }
}

function textOf(change: RunChange): string {
  if (change.kind !== 'ended') return `${change.kind} "${change.run.text}"`;
  return change.end.kind === 'failed' ? `failed: ${change.end.reason}` : change.end.kind;
}

test('what a model says is seen as it comes, and nothing of it reaches the server before it is returned', async () => {
  const desk = await Desk.sent();
  const { conversation, model, serverName } = desk.run?.facts ?? assert.fail();
  assert.deepEqual([conversation, model.name, serverName], [1, 'Test model', 'one']);
  desk.last.say('CAN');
  desk.last.say('CANARY');
  await desk.harness.settle();
  assert.deepEqual(desk.changes, ['began ""', 'said "CAN"', 'said "CANARY"']);
  assert.doesNotMatch(desk.heard, /CAN/);
  assert.deepEqual(desk.harness.host.consent.entries(), [], 'there is nothing to decide yet');
  await desk.gives('CANARY!');
  assert.deepEqual([desk.changes.at(-1), desk.run], ['answered', undefined]);
  assert.equal(desk.answer.subject.conversation, 1);
  assert.doesNotMatch(desk.heard, /CAN/);
  await desk.decide({ kind: 'allow-once' });
  await assertAnswered(desk.reply, 'CANARY!');
  assert.doesNotMatch(desk.harness.world.logLines.join('\n'), /CANARY/);
  await desk.harness.end();
});

test('where answers are not reviewed the run says that the server got this one', async () => {
  const desk = await Desk.sent(false);
  await desk.gives('unseen');
  assert.equal(desk.changes.at(-1), 'returned');
  await assertAnswered(desk.reply, 'unseen');
  await desk.harness.end();
});

for (const reviews of [true, false])
  test(`a model that the person stops is told so, and what it had said waits for them, reviews ${reviews ? 'on' : 'off'}`, async () => {
    const desk = await Desk.sent(reviews);
    desk.last.say('so far');
    desk.run?.stop();
    desk.last.say('so far and late');
    await desk.harness.settle();
    assert.ok(desk.last.signal.aborted);
    const { answer, stopped } = desk.answer.subject;
    assert.deepEqual([answer.text, answer.stopReason, stopped], ['so far', undefined, true]);
    assert.doesNotMatch(desk.heard, /so far/);
    await desk.decide({ kind: 'allow-once' });
    const given = await desk.reply;
    assert.ok('result' in given);
    assert.match(JSON.stringify(given.result), /"text":"so far"/);
    assert.doesNotMatch(JSON.stringify(given.result), /stopReason/);
    assert.equal(desk.harness.host.usage.summary('today').total.tokensOut, 2);
    await desk.harness.end();
  });

test('asked again, the model gets the same request, its other answer waits, and the server got nothing', async () => {
  const desk = await Desk.sent();
  await desk.gives('FIRST');
  await desk.decide({ kind: 'ask-again' });
  assert.equal(desk.asked.length, 2);
  assert.deepEqual(desk.asked[1]?.request, desk.asked[0]?.request);
  // Whoever asks again wants to see what comes of it.
  desk.harness.world.samplingReviewAnswers = false;
  await desk.gives('second');
  const { answer, asksLeft } = desk.answer.subject;
  assert.deepEqual([answer.text, asksLeft], ['second', MOST_ASKS - 2]);
  await desk.decide({ kind: 'allow-once' });
  await assertAnswered(desk.reply, 'second');
  assert.doesNotMatch(desk.heard, /FIRST/);
  const { outcomes, tokensIn, tokensOut, estimated } = desk.harness.host.usage.summary('today').total;
  assert.deepEqual([outcomes, tokensIn, tokensOut], [{ answered: 1 }, 22, 4], 'both times cost');
  assert.equal(estimated, 26);
  await desk.harness.end();
});

test('T134: one request of a server is with a model a few times at most, whatever its answers', async () => {
  const desk = await Desk.sent();
  for (let count = 1; count < MOST_ASKS; count++) {
    await desk.gives(`answer ${count}`);
    await desk.decide({ kind: 'ask-again' });
  }
  await desk.gives('the last');
  assert.equal(desk.answer.subject.asksLeft, 0);
  assert.ok(!desk.harness.host.consent.decide(desk.answer.id, { kind: 'ask-again' }));
  assert.equal(desk.asked.length, MOST_ASKS);
  await desk.decide({ kind: 'deny' });
  assert.equal(errorOf(await desk.reply).code, -1);
  await desk.harness.end();
});

test('an answer that was there waits again when the model, asked once more, gives none; the server hears nothing of it', async () => {
  const desk = await Desk.sent();
  await desk.gives('the first');
  await desk.decide({ kind: 'ask-again' });
  desk.last.answer.reject(new ModelError('CANARY of the account'));
  await desk.harness.settle();
  const { answer, failure, asksLeft } = desk.answer.subject;
  assert.deepEqual([answer.text, failure, asksLeft], ['the first', 'CANARY of the account', MOST_ASKS - 2]);
  // Stopped before it said a word, it is the same.
  await desk.decide({ kind: 'ask-again' });
  desk.run?.stop();
  await desk.harness.settle();
  assert.deepEqual([desk.answer.subject.answer.text, desk.answer.subject.stopped], ['the first', undefined]);
  await desk.decide({ kind: 'allow-once' });
  await assertAnswered(desk.reply, 'the first');
  assert.doesNotMatch(desk.heard, /CANARY/);
  assert.deepEqual(desk.harness.host.usage.summary('today').total.outcomes, { answered: 1 });
  await desk.harness.end();
});

test('T142: a model that fails at first costs the server its answer, and only the person hears why', async () => {
  const desk = await Desk.sent();
  desk.last.answer.reject(new ModelError('CANARY of the account'));
  await desk.harness.settle();
  assert.equal(desk.changes.at(-1), 'failed: CANARY of the account');
  assert.equal(errorOf(await desk.reply).message, 'The language model gave no answer.');
  assert.doesNotMatch(desk.heard, /CANARY/);
  await desk.harness.end();
});

for (const [what, happen] of WITHDRAWALS)
  test(`T142: a run ends at once when ${what}, also when the model is asked again`, async () => {
    for (const again of [false, true]) {
      const desk = await Desk.sent();
      if (again) {
        await desk.gives('the first');
        await desk.decide({ kind: 'ask-again' });
      }
      desk.last.say('half an ans');
      void happen(desk.harness);
      await desk.harness.settle();
      assert.ok(desk.last.signal.aborted);
      assert.deepEqual([desk.changes.at(-1), desk.run], ['withdrawn', undefined]);
      assert.deepEqual(desk.harness.host.consent.entries(), []);
      await desk.gives('too late');
      assert.doesNotMatch(desk.heard, /half an ans|the first|too late/);
      await desk.harness.end();
    }
  });

test('an answer that was asked for again expires after a time of its own', async () => {
  const desk = await Desk.open(true);
  desk.harness.world.samplingExpiryMs = 60_000;
  await decide(desk.harness, { kind: 'allow-once' });
  await desk.gives('one');
  await desk.harness.pass(59_000);
  await desk.decide({ kind: 'ask-again' });
  await desk.gives('two');
  await desk.harness.pass(59_999);
  assert.equal(desk.answer.subject.answer.text, 'two');
  await desk.harness.pass(1);
  assert.equal(errorOf(await desk.reply).message, 'Nobody decided in time.');
  assert.doesNotMatch(desk.heard, /"(?:one|two)"/);
  await desk.harness.end();
});

test('a request goes to the model that the person chose for it, which also answers again', async () => {
  const desk = await Desk.open(true);
  const models: string[] = [];
  desk.harness.world.onSend = (id) => models.push(id);
  const { model } = desk.harness.onlyQuestion('sampling').subject;
  assert.ok(model.kind === 'model');
  await decide(desk.harness, { kind: 'allow-once', model: { ...model, id: 'other/one', name: 'Other' } });
  await desk.gives('a');
  await desk.decide({ kind: 'ask-again' });
  assert.deepEqual([models, desk.run?.facts.model.name], [['other/one', 'other/one'], 'Other']);
  await desk.harness.end();
});

test('so does one that was edited', async () => {
  const desk = await Desk.open(true);
  const models: string[] = [];
  desk.harness.world.onSend = (id) => models.push(id);
  const { model, request } = desk.harness.onlyQuestion('sampling').subject;
  assert.ok(model.kind === 'model');
  const other = { ...model, id: 'other/one', name: 'Other' };
  await decide(desk.harness, { kind: 'allow-edited', request: { ...request, maxTokens: 1 }, model: other });
  assert.deepEqual(models, ['other/one']);
  await desk.harness.end();
});

test('T141: an answer by hand reaches the server with the reason that the person gave for its end', async () => {
  for (const stopReason of ['endTurn', 'maxTokens', 'stopSequence'] as const) {
    const desk = await Desk.open(true, { ...PARAMS, stopSequences: ['END'] });
    await decide(desk.harness, { kind: 'answer', text: 'by hand', stopReason });
    await assertAnswered(desk.reply, 'by hand', { model: 'human', stopReason });
    await desk.harness.end();
  }
});

test('a person may answer with the use of a tool that the request brings, which is the server’s to act on', async () => {
  const harness = await callingWithTools(true);
  const tools = [{ name: 'weather', inputSchema: { type: 'object' } }];
  const reply = harness.start('one').server.request('sampling/createMessage', { ...PARAMS, tools });
  await harness.settle();
  const use = { type: 'tool_use', id: 'by-hand-1', name: 'weather', input: '{"city":"Bern"}' } as const;
  await decide(harness, { kind: 'answer', text: '', stopReason: 'toolUse', toolUses: [use] });
  const given = await reply;
  assert.ok('result' in given);
  assert.match(
    JSON.stringify(given.result),
    /"tool_use","id":"by-hand-1","name":"weather","input":\{"city":"Bern"\}.*"stopReason":"toolUse"/,
  );
  await harness.end();
});
