/** Rules about requests for model answers in the whole host: what they spare the person, and what they never do. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everyday, HostHarness } from '../../support/hostHarness';
import { ask, calling, decide, errorOf, ID, PARAMS, poet, running } from './asking';
import { allowFor, assertAsked, assertCovered, KEY, makeRule, SlowModel, TERMS } from './granting';

test('a request that a rule covers is answered without a question, and the log says by which rule', async () => {
  const harness = await calling();
  let sent = 0;
  harness.world.onSend = () => sent++;
  await makeRule(harness);
  assert.equal(sent, 1, 'the request that it was made of is allowed as well');
  await assertCovered(harness);
  assert.equal(sent, 2);
  assert.deepEqual(harness.host.consent.entries(), []);
  const noted = harness.world.logLines.filter((line) => line.includes('a rule of yours covers it'));
  assert.deepEqual(noted, [
    'A request for a model answer was allowed: a rule of yours covers it (0 of 3 requests of this hour before it).',
  ]);
  await harness.end();
});

test('when its bounds are used up the person is asked again, is told why, and is spared again after an hour', async () => {
  const harness = await calling();
  await makeRule(harness);
  for (let count = 0; count < 3; count++) await assertCovered(harness);
  assert.equal(await assertAsked(harness), 'the requests that your rule allows in an hour are used up');
  const [rule] = harness.host.permissions.grants.list();
  assert.equal(rule?.uses.length, 3, 'what was asked about is not counted');
  await harness.pass(3_600_000);
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  await assertCovered(harness);
  await harness.end();
});

test('a rule lets a server do no more than all servers may: ten requests in a call', async () => {
  const harness = await calling();
  const bounds = {
    tokensPerRequest: 5_000,
    hour: { requests: 30, tokens: 100_000 },
    day: { requests: 90, tokens: 100_000 },
  };
  await makeRule(harness, { bounds });
  for (let count = 1; count < 10; count++) await assertCovered(harness);
  assert.equal(errorOf(await ask(harness)).message, 'Too many sampling requests in one call.');
  await harness.end();
});

test('without a call of the person no rule helps, also where a server may ask at any time', async () => {
  const harness = await running(everyday({ 'tools/call': () => undefined }), {
    sampling: { outsideCalls: true },
  });
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  await makeRule(harness, { scope: 'always' });
  harness.host.calls.cancel(1);
  await harness.settle();
  assert.equal(await assertAsked(harness), 'none of your calls is running');
  await harness.end();
});

test('revoking a rule aborts a request that is with the model under it, and the server is told no', async () => {
  for (const scope of ['session', 'workspace', 'always'] as const) {
    const harness = await calling();
    await makeRule(harness, { scope });
    const model = new SlowModel(harness);
    const reply = ask(harness);
    await harness.settle();
    assert.equal(model.signals.length, 1);
    const [rule] = harness.host.permissions.grants.list();
    await harness.host.permissions.grants.revoke(rule?.id ?? assert.fail());
    await harness.settle();
    assert.equal(model.signals[0]?.aborted, true);
    assert.equal(errorOf(await reply).code, -1);
    assert.deepEqual(harness.host.permissions.grants.list(), []);
    model.answer();
    await assertAsked(harness);
    await harness.end();
  }
});

test('revoking one rule leaves alone what goes on under another, and revoking all ends both', async () => {
  const harness = new HostHarness();
  for (const name of ['one', 'two']) harness.answers.set(name, everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  const request = (name: string) => harness.start(name).server.request('sampling/createMessage', PARAMS);
  for (const name of ['one', 'two']) {
    harness.host.callTool(`user/${name}`, 'echo', {}, {}).catch(() => undefined);
    await harness.settle();
    void request(name);
    await harness.settle();
    assert.equal(await allowFor(harness), 'allowed');
  }
  const model = new SlowModel(harness);
  const replies = ['one', 'two'].map((name) => request(name));
  await harness.settle();
  const { grants } = harness.host.permissions;
  const [first] = grants.list();
  await grants.revoke(first?.id ?? assert.fail());
  await harness.settle();
  assert.deepEqual(
    model.signals.map(({ aborted }) => aborted),
    [true, false],
  );
  await grants.revokeAll();
  await harness.settle();
  for (const reply of replies) assert.equal(errorOf(await reply).code, -1);
  assert.deepEqual(grants.list(), []);
  await harness.end();
});

test('a rule that another window revokes lets no answer pass that comes after that', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const model = new SlowModel(harness);
  const reply = ask(harness);
  await harness.settle();
  await harness.world.decisions.set(KEY, []);
  model.answer();
  assert.equal(errorOf(await reply).code, -1);
  await assertAsked(harness);
  await harness.end();
});

test('a rule that was revoked does not come back when another window writes what it had read before', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'always' });
  const before = harness.world.decisions.get(KEY);
  await harness.host.permissions.grants.revokeAll();
  await harness.world.decisions.set(KEY, before);
  assert.deepEqual(harness.host.permissions.grants.list(), []);
  await assertAsked(harness);
  await harness.end();
});

test('a rule that ends while its request is with the model still allows that request, and no other', async () => {
  const harness = await calling();
  await makeRule(harness, { scope: 'workspace', lastsMs: 1_000 });
  const model = new SlowModel(harness);
  const reply = ask(harness);
  await harness.settle();
  await harness.pass(1_000);
  model.answer();
  assert.ok('result' in (await reply));
  await assertAsked(harness);
  assert.deepEqual(harness.host.permissions.grants.list(), []);
  await harness.end();
});

test('a rule for one tool covers what is known to come from it, and nothing of another one', async () => {
  const harness = await poet();
  const call = (): Promise<unknown> => harness.host.callTool(ID, 'poet', {}, {}).catch(() => undefined);
  void call();
  await harness.settle();
  const { cause } = harness.onlyQuestion('sampling').subject.grant?.facts ?? assert.fail();
  assert.deepEqual(cause, { kind: 'tool', name: 'poet' });
  assert.equal(await allowFor(harness, { onlyTool: true }), 'allowed');
  assert.equal(harness.host.permissions.grants.list()[0]?.tool, 'poet');
  const covered = call();
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  assert.match(JSON.stringify(await covered), /an answer/);
  await harness.end();
});

test('the answer to a request that a rule covers is reviewed as any other', async () => {
  const harness = await calling();
  await makeRule(harness);
  harness.world.samplingReviewAnswers = true;
  const reply = ask(harness);
  await harness.settle();
  const { id, subject } = harness.onlyQuestion('sampling-answer');
  assert.equal(subject.edited, false);
  assert.ok(harness.host.consent.decide(id, { kind: 'allow-once' }));
  assert.ok('result' in (await reply));
  const second = ask(harness);
  await harness.settle();
  harness.onlyQuestion('sampling-answer');
  await harness.host.permissions.grants.revokeAll();
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), [], 'the review goes with the rule');
  assert.equal(errorOf(await second).code, -1);
  await harness.end();
});

test('a server that is muted stays muted, whatever rule there is', async () => {
  const harness = await calling();
  const other = { ...TERMS.bounds, hour: { requests: 1, tokens: 20_000 } };
  await makeRule(harness, { bounds: other });
  await assertCovered(harness);
  for (let count = 0; count < 3; count++) {
    void ask(harness);
    await harness.settle();
    await decide(harness, { kind: 'deny' });
  }
  await harness.pass(3_600_000);
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  assert.equal(errorOf(await ask(harness)).message, 'Sampling is not available.');
  await harness.end();
});
