/** Servers and people that ask for very much: what it costs is bounded, and nobody else waits for it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FailureError } from '../../../src/protocol/failure';
import { modernAnswers, paramsOf, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import { calling, ID, PARAMS, type Reply, running } from './asking';

/** Lets everything that waits happen, as somebody does who says yes to all. @returns how many that were */
async function sayYes(harness: HostHarness): Promise<number> {
  const entries = harness.host.consent.entries().filter(({ serverId }) => serverId === ID);
  for (const { id } of entries) harness.host.consent.decide(id, { kind: 'allow-once' });
  await harness.settle();
  return entries.length;
}

test('two thousand requests of one call: ten are asked about, the others refused, whoever says yes to all (T134)', async () => {
  const harness = await calling();
  harness.world.samplingReviewAnswers = false;
  let sent = 0;
  harness.world.onSend = () => sent++;
  const { server } = harness.start('one');
  const replies: Reply[] = [];
  let asked = 0;
  for (let burst = 0; burst < 100; burst++) {
    for (let count = 0; count < 20; count++)
      void server.request('sampling/createMessage', PARAMS).then((reply) => replies.push(reply));
    await harness.settle();
    while (harness.host.consent.entries().length > 0) asked += await sayYes(harness);
    // A second later the limits per second are as new.
    await harness.pass(1_000);
  }
  assert.equal(replies.length, 2_000, 'each one has its answer');
  assert.deepEqual([asked, sent], [10, 10]);
  assert.equal(replies.filter((reply) => 'result' in reply).length, 10);
  await harness.end();
});

test('two hundred requests in each round of one call: ten are asked about, and the call ends (T134)', async () => {
  const verse = { method: 'sampling/createMessage', params: PARAMS };
  const inputRequests = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`k${index}`, verse]));
  let calls = 0;
  const harness = await running(
    modernAnswers(
      {
        'tools/list': () => ({ resultType: 'complete', tools: [tool('poet')] }),
        'tools/call': () => {
          calls += 1;
          return { resultType: 'input_required', inputRequests, requestState: 's' };
        },
      },
      { capabilities: { tools: {} } },
    ),
  );
  harness.world.samplingReviewAnswers = false;
  let sent = 0;
  harness.world.onSend = () => sent++;
  let ended = 'runs';
  void harness.host.callTool(ID, 'poet', {}, {}).then(
    () => (ended = 'answered'),
    () => (ended = 'given up'),
  );
  await harness.settle();
  for (let turn = 0; ended === 'runs' && turn < 300; turn++) {
    await sayYes(harness);
    await harness.pass(1_000);
  }
  assert.equal(ended, 'given up');
  assert.ok(sent <= 10, `${sent} reached the model`);
  assert.ok(calls <= 11, `${calls} rounds`);
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.end();
});

test('while one server floods, the question of another one is put as ever, and both wait in one list (T134)', async () => {
  const harness = new HostHarness();
  for (const name of ['one', 'two']) harness.answers.set(name, everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  for (const name of ['one', 'two'])
    harness.host.callTool(`user/${name}`, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  for (let count = 0; count < 500; count++)
    void harness.start('one').server.request('sampling/createMessage', PARAMS);
  void harness.start('two').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  assert.deepEqual(
    harness.host.consent.entries().map(({ serverId }) => serverId),
    ['user/one', 'user/two'],
    'the flood has one place in the list',
  );
  await harness.end();
});

test('of two hundred calls to a server that does not answer 64 run, no other server is held up, and all of them end when they are cancelled (T133)', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  harness.answers.set('two', everyday({ 'tools/call': () => textResult('done') }));
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  const { host } = harness;
  const ends = new Map<string, number>();
  const end = (how: string): void => void ends.set(how, (ends.get(how) ?? 0) + 1);
  const call = (): void =>
    void host.callTool(ID, 'echo', {}, {}).then(
      () => end('answered'),
      (error: unknown) => end(error instanceof FailureError ? error.failure.code : 'thrown'),
    );
  for (let count = 0; count < 200; count++) call();
  const other = await host.callTool('user/two', 'echo', {}, {});
  assert.equal(other.isError, false);
  assert.equal(host.calls.runningOf(ID).length, 64, 'each of them can be seen, and cancelled');
  assert.deepEqual([...ends], [['refused', 136]], 'none waits in line where nobody sees it');
  for (const { id } of host.calls.runningOf(ID)) host.calls.cancel(id);
  await harness.settle();
  assert.deepEqual(
    [...ends],
    [
      ['refused', 136],
      ['cancelled', 64],
    ],
  );
  const { received } = harness.start('one').server;
  const told = received.filter(
    (message) => 'method' in message && message.method === 'notifications/cancelled',
  );
  assert.equal(told.length, 64, 'and their server knows it');
  call();
  await harness.settle();
  assert.equal(host.calls.runningOf(ID).length, 1, 'there is room again');
  await harness.end();
});

for (const includeContext of ['allServers', 'thisServer', 'none', 'x'])
  test(`a server that wishes for the context of "${includeContext}" gets none: what goes to the model is what is shown (T139)`, async () => {
    const harness = await calling();
    const source = { kind: 'resource', uri: 'test://two' } as const;
    harness.host.gathered.add({ serverId: 'user/two', serverName: 'two', source, text: 'CANARY' });
    const sent: unknown[] = [];
    harness.world.onSend = (_model, request) => sent.push(request);
    const { server } = harness.start('one');
    const declared = server.received.find(
      (message) => 'method' in message && message.method === 'initialize',
    );
    const capabilities = paramsOf(declared)['capabilities'] as Readonly<Record<string, unknown>>;
    assert.deepEqual(capabilities['sampling'], {}, 'context is not declared');
    void server.request('sampling/createMessage', { ...PARAMS, includeContext });
    await harness.settle();
    const { subject } = harness.onlyQuestion('sampling');
    await sayYes(harness);
    assert.deepEqual(sent, [subject.request]);
    assert.deepEqual(subject.request.messages, [
      { role: 'user', content: [{ type: 'text', text: 'What is the weather?' }] },
    ]);
    assert.equal(subject.request.systemPrompt, undefined);
    assert.doesNotMatch(JSON.stringify(sent), /CANARY/);
    await harness.end();
  });
