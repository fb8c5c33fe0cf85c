import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { everyday, HostHarness } from '../../support/hostHarness';
import {
  ask,
  assertAnswered,
  calling,
  decide,
  errorOf,
  ID,
  PARAMS,
  type Reply,
  WITHDRAWALS,
  poet,
} from './asking';

type Decision = Parameters<HostHarness['host']['consent']['decide']>[1];

/** A server whose request was allowed and answered by the model: its answer waits. */
async function answered(
  entry: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly harness: HostHarness; readonly reply: Promise<Reply> }> {
  const harness = await calling(entry);
  harness.world.samplingReviewAnswers = true;
  harness.world.answer = () =>
    Promise.resolve({ role: 'assistant', text: 'CANARY', model: 'test-model', stopReason: 'maxTokens' });
  const reply = harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  return { harness, reply };
}

async function decideAnswer(harness: HostHarness, decision: Decision): Promise<void> {
  assert.ok(harness.host.consent.decide(harness.onlyQuestion('sampling-answer').id, decision));
  await harness.settle();
}

const heard = (harness: HostHarness): string => JSON.stringify(harness.start('one').server.received);

test('an answer waits for the person, and nothing of it reaches the server before it is returned', async () => {
  const { harness, reply } = await answered();
  const { serverName, subject } = harness.onlyQuestion('sampling-answer');
  assert.equal(serverName, 'one');
  assert.deepEqual(subject.answer, {
    role: 'assistant',
    text: 'CANARY',
    model: 'test-model',
    stopReason: 'maxTokens',
  });
  assert.deepEqual([subject.edited, subject.cause], [false, { kind: 'while-running', callTitles: ['echo'] }]);
  assert.doesNotMatch(heard(harness), /CANARY/);
  await decideAnswer(harness, { kind: 'allow-once' });
  await assertAnswered(reply, 'CANARY', { stopReason: 'maxTokens' });
  assert.doesNotMatch(harness.world.logLines.join('\n'), /CANARY/);
  await harness.end();
});

test('an edited answer reaches the server as the person wrote it, without why the model ended', async () => {
  const { harness, reply } = await answered();
  await decideAnswer(harness, { kind: 'answer', text: 'Only this.' });
  await assertAnswered(reply, 'Only this.', {});
  assert.doesNotMatch(heard(harness), /CANARY/);
  await harness.end();
});

test('an answer that was edited into itself is the answer', async () => {
  const { harness, reply } = await answered();
  await decideAnswer(harness, { kind: 'answer', text: 'CANARY' });
  const given = await reply;
  assert.ok('result' in given);
  assert.match(JSON.stringify(given.result), /"stopReason":"maxTokens"/);
  await harness.end();
});

test('a refused answer is told as a rejection, and is no denial that mutes', async () => {
  const { harness, reply } = await answered();
  await decideAnswer(harness, { kind: 'deny' });
  assert.equal(errorOf(await reply).code, -1);
  for (let count = 0; count < 4; count++) {
    const next = ask(harness);
    await harness.settle();
    await decide(harness, { kind: 'allow-once' });
    await decideAnswer(harness, { kind: 'deny' });
    assert.equal(errorOf(await next).code, -1);
  }
  assert.doesNotMatch(heard(harness), /CANARY/);
  await harness.end();
});

test('an answer expires as unavailable after its own time', async () => {
  const harness = await calling();
  harness.world.samplingExpiryMs = 60_000;
  harness.world.samplingReviewAnswers = true;
  const reply = ask(harness);
  await harness.settle();
  await harness.pass(50_000);
  await decide(harness, { kind: 'allow-once' });
  assert.equal(harness.onlyQuestion('sampling-answer').expiresAt, harness.clock.wall() + 60_000);
  await harness.pass(59_999);
  harness.onlyQuestion('sampling-answer');
  await harness.pass(1);
  assert.equal(errorOf(await reply).message, 'Nobody decided in time.');
  await harness.end();
});

for (const [what, happen] of WITHDRAWALS)
  test(`an answer is withdrawn when ${what}, and a late click returns nothing`, async () => {
    const { harness } = await answered();
    const { id } = harness.onlyQuestion('sampling-answer');
    void happen(harness);
    await harness.settle();
    assert.deepEqual(harness.host.consent.entries(), []);
    assert.equal(harness.host.consent.decide(id, { kind: 'allow-once' }), false);
    await harness.settle();
    assert.doesNotMatch(heard(harness), /CANARY/);
    await harness.end();
  });

test('while an answer waits the deadlines of calls stand still', async () => {
  const { harness, reply } = await answered({ timeouts: { request: 10, total: 20 } });
  await harness.pass(300_000);
  assert.equal(harness.host.calls.runningOf(ID).length, 1);
  await decideAnswer(harness, { kind: 'allow-once' });
  assert.ok('result' in (await reply));
  assert.equal(harness.host.calls.runningOf(ID).length, 1);
  await harness.pass(10_000);
  assert.equal(harness.host.calls.runningOf(ID).length, 0, 'they go on behind it');
  await harness.end();
});

test('while an answer waits the next request of its server does, and counts as one that waits', async () => {
  const { harness } = await answered();
  const { server } = harness.start('one');
  void server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  harness.onlyQuestion('sampling-answer');
  await decideAnswer(harness, { kind: 'allow-once' });
  harness.onlyQuestion('sampling');
  await harness.end();
});

test('an answer by hand is not put before the person again', async () => {
  const harness = await calling();
  harness.world.samplingReviewAnswers = true;
  const reply = ask(harness);
  await harness.settle();
  await decide(harness, { kind: 'answer', text: 'by hand' });
  assert.ok('result' in (await reply));
  await harness.end();
});

test('a review that was switched on while the model worked takes effect', async () => {
  const harness = await calling();
  harness.world.onSend = () => (harness.world.samplingReviewAnswers = true);
  void ask(harness);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  harness.onlyQuestion('sampling-answer');
  await harness.end();
});

test('the person’s own entry may switch reviews on and off, one of the workspace may not', async () => {
  const off = await calling({ sampling: { reviewAnswer: false } });
  off.world.samplingReviewAnswers = true;
  const reply = ask(off);
  await off.settle();
  await decide(off, { kind: 'allow-once' });
  assert.ok('result' in (await reply));
  await off.end();

  const on = await calling({ sampling: { reviewAnswer: true } });
  void ask(on);
  await on.settle();
  await decide(on, { kind: 'allow-once' });
  on.onlyQuestion('sampling-answer');
  await on.end();

  const theirs = new HostHarness();
  theirs.world.samplingReviewAnswers = true;
  theirs.answers.set('one', everyday({ 'tools/call': () => undefined }));
  theirs.world.setServers(
    { one: { command: 'one', sampling: { reviewAnswer: false } } },
    { kind: 'workspace' },
  );
  theirs.host.open();
  await theirs.settle();
  await theirs.approve();
  theirs.host.callTool('workspace/one', 'echo', {}, {}).catch(() => undefined);
  await theirs.settle();
  void ask(theirs);
  await theirs.settle();
  await decide(theirs, { kind: 'allow-once' });
  theirs.onlyQuestion('sampling-answer');
  await theirs.end();
});

test('in the stateless era a call goes on with a returned answer, and is given up with a refused one', async () => {
  const harness = await poet();
  harness.world.samplingReviewAnswers = true;
  const called = harness.host.callTool(ID, 'poet', {}, {});
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  assert.deepEqual(harness.onlyQuestion('sampling-answer').subject.cause, {
    kind: 'call',
    callId: 1,
    callTitle: 'poet',
  });
  await decideAnswer(harness, { kind: 'allow-once' });
  assert.match(JSON.stringify((await called).content), /an answer/);

  const refused = harness.host.callTool(ID, 'poet', {}, {});
  const gaveUp = failsSaying(refused, /refused its answer/);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  await decideAnswer(harness, { kind: 'deny' });
  await gaveUp;
  await harness.end();
});
