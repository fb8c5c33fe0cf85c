/** What becomes of a request for a model answer, and which server may make one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ModelError } from '../../../src/host/ports';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import { failsSaying } from '../../support/failures';
import { everyday, HostHarness } from '../../support/hostHarness';
import { ask, assertAnswered, calling, decide, errorOf, ID, PARAMS, poet } from './asking';

test('an allowed request goes to the model the person saw, and its answer to the server', async () => {
  const harness = await calling();
  const used: [string, SamplingRequest][] = [];
  harness.world.onSend = (id, request) => used.push([id, request]);
  const reply = ask(harness);
  await harness.settle();
  const { subject } = harness.onlyQuestion('sampling');
  assert.equal(used.length, 0, 'nothing leaves before the decision');
  // Another model comes up while the person reads.
  harness.world.model = {
    ...harness.world.model,
    kind: 'model',
    id: 'test/expensive',
  } as typeof harness.world.model;
  await decide(harness, { kind: 'allow-once' });
  assert.deepEqual(
    used.map(([id]) => id),
    ['test/model'],
  );
  assert.deepEqual(used[0]?.[1], subject.request, 'exactly what was shown');
  await assertAnswered(reply, 'an answer');
  await harness.end();
});

test('no is no: the server is told so, the model is not asked, and the next request is a question of its own (T136)', async () => {
  const harness = await calling();
  let sent = 0;
  harness.world.onSend = () => sent++;
  const reply = ask(harness);
  await harness.settle();
  await decide(harness, { kind: 'deny' });
  assert.equal(errorOf(await reply).code, -1);
  void ask(harness);
  await harness.settle();
  harness.onlyQuestion('sampling');
  assert.equal(sent, 0);
  await harness.end();
});

test("an answer typed by hand reaches the server as a human's, without any model", async () => {
  const harness = await calling();
  harness.world.model = { kind: 'none', reason: 'There is no model.' };
  const reply = ask(harness);
  await harness.settle();
  assert.equal(harness.onlyQuestion('sampling').subject.model.kind, 'none');
  await decide(harness, { kind: 'answer', text: 'by hand' });
  await assertAnswered(reply, 'by hand', { model: 'human', stopReason: 'endTurn' });
  await harness.end();
});

test('allowing without a model lets nothing happen', async () => {
  const harness = await calling();
  harness.world.model = { kind: 'none', reason: 'There is no model of CANARY-account.' };
  const reply = ask(harness);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  assert.doesNotMatch(JSON.stringify(await reply), /CANARY/);
  assert.equal(errorOf(await reply).message, 'No language model is available.');
  await harness.end();
});

test('what the model or its provider says in an error never reaches the server (T142)', async () => {
  for (const error of [new ModelError('quota of CANARY-account is used up'), new Error('CANARY stack')]) {
    const harness = await calling();
    harness.world.answer = () => Promise.reject(error);
    const reply = ask(harness);
    await harness.settle();
    await decide(harness, { kind: 'allow-once' });
    assert.equal(errorOf(await reply).message, 'The language model gave no answer.');
    assert.doesNotMatch(JSON.stringify(await reply), /CANARY/);
    await harness.end();
  }
});

test('a list of models that cannot be read is told to the person, not to the server', async () => {
  const harness = await calling();
  harness.world.onChoose = () => {
    throw new ModelError('sign in first');
  };
  void ask(harness);
  await harness.settle();
  assert.deepEqual(harness.onlyQuestion('sampling').subject.model, { kind: 'none', reason: 'sign in first' });
  await harness.end();
});

test('a question expires as unavailable after its time, which is no denial', async () => {
  const harness = await calling();
  harness.world.samplingExpiryMs = 60_000;
  for (let round = 0; round < 4; round++) {
    const reply = ask(harness);
    await harness.settle();
    const { expiresAt } = harness.onlyQuestion('sampling');
    assert.equal(expiresAt, harness.clock.wall() + 60_000);
    await harness.pass(60_000);
    assert.equal(errorOf(await reply).message, 'Nobody decided in time.');
    assert.deepEqual(harness.host.consent.entries(), []);
  }
  await harness.end();
});

test('a request while no call of the person runs is refused, unless a setting of the person says otherwise (T138)', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  assert.match(errorOf(await ask(harness)).message, /only available while a call is running/);
  harness.world.samplingOutsideCalls = true;
  void ask(harness);
  await harness.settle();
  assert.deepEqual(harness.onlyQuestion('sampling').subject.cause, { kind: 'while-running', callTitles: [] });
  harness.host.consent.decide(harness.onlyQuestion('sampling').id, { kind: 'deny' });
  // Taken back, it counts from then on, without a restart.
  harness.world.samplingOutsideCalls = false;
  assert.match(errorOf(await ask(harness)).message, /only available while a call is running/);
  await harness.end();
});

test("only the user's own entry may widen that, not one of the workspace", async () => {
  const sampling = { outsideCalls: true };
  const mine = await HostHarness.open({ one: { command: 'one', sampling } });
  void ask(mine);
  await mine.settle();
  mine.onlyQuestion('sampling');
  await mine.end();

  const theirs = await HostHarness.open({ one: { command: 'one', sampling } }, { kind: 'workspace' });
  await theirs.approve();
  assert.match(errorOf(await ask(theirs)).message, /only available while a call is running/);
  await theirs.end();
});

test('when the call ends, the request that waits is withdrawn and the next is not put before the person', async () => {
  const harness = await calling();
  const server = harness.start('one').server;
  const [first, second] = [ask(harness), server.request('sampling/createMessage', PARAMS)];
  await harness.settle();
  const [call] = harness.host.calls.runningOf(ID);
  assert.ok(call);
  harness.host.calls.cancel(call.id);
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  assert.equal(errorOf(await first).message, 'Cancelled.');
  assert.match(errorOf(await second).message, /only available while a call is running/);
  await harness.end();
});

test('what a server of the stateful era asks is never pinned on one call', async () => {
  const harness = await calling();
  harness.host.callTool(ID, 'wipe', {}, {}).catch(() => undefined);
  await harness.settle();
  void ask(harness);
  await harness.settle();
  assert.deepEqual(harness.onlyQuestion('sampling').subject.cause, {
    kind: 'while-running',
    callTitles: ['echo', 'wipe'],
  });
  await harness.end();
});

test('what a call of the stateless era needs is known by that call', async () => {
  const harness = await poet();
  const called = harness.host.callTool(ID, 'poet', {}, {});
  await harness.settle();
  assert.deepEqual(harness.onlyQuestion('sampling').subject.cause, {
    kind: 'call',
    callId: 1,
    callTitle: 'poet',
  });
  await decide(harness, { kind: 'allow-once' });
  const [block] = (await called).content;
  assert.match(JSON.stringify(block), /an answer/);

  const denied = harness.host.callTool(ID, 'poet', {}, {});
  const gaveUp = failsSaying(denied, /denied the model request/);
  await harness.settle();
  await decide(harness, { kind: 'deny' });
  await gaveUp;
  await harness.end();
});

test('what the host reads by itself entitles no server to ask', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'resources/read': () => undefined }));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  harness.host.readResource(ID, 'test://one', { background: true }).catch(() => undefined);
  await harness.settle();
  const reply = await ask(harness);
  assert.match(errorOf(reply).message, /while a call is running/);
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.end();
});

test('sampling that is off is not declared, and a server that asks anyway learns of no such method', async () => {
  const harness = await calling({ sampling: 'off', roots: 'none' });
  const initialize = harness
    .start('one')
    .server.received.find((message) => 'method' in message && message.method === 'initialize');
  assert.ok(initialize && 'params' in initialize);
  assert.deepEqual(initialize.params?.['capabilities'], { elicitation: { form: {}, url: {} } });
  assert.equal(errorOf(await ask(harness)).code, -32601);
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.end();
});

test('a model that the entry names is what the choice is narrowed to', async () => {
  const wanted: (string | undefined)[] = [];
  const harness = await calling({ sampling: { model: 'small' } });
  harness.world.onChoose = (given) => wanted.push(given);
  void ask(harness);
  await harness.settle();
  assert.deepEqual(wanted, ['small']);
  await harness.end();
});

test('each request of a server is a conversation of its own', async () => {
  const harness = await calling();
  const { server } = harness.start('one');
  for (const number of [1, 2]) {
    const reply = server.request('sampling/createMessage', PARAMS);
    await harness.settle();
    assert.equal(harness.onlyQuestion('sampling').subject.conversation, number);
    await decide(harness, { kind: 'deny' });
    await reply;
  }
  await harness.end();
});
