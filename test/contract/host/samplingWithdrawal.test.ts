import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { SamplingAnswer } from '../../../src/protocol/sampling';
import { calling, decide, ID, PARAMS, WITHDRAWALS } from './asking';

for (const [what, happen] of WITHDRAWALS)
  test(`a question leaves the queue by itself when ${what}, and a late click does nothing`, async () => {
    const harness = await calling();
    let sent = 0;
    harness.world.onSend = () => sent++;
    void harness.start('one').server.request('sampling/createMessage', PARAMS);
    await harness.settle();
    const { id } = harness.onlyQuestion('sampling');
    void happen(harness);
    await harness.settle();
    assert.deepEqual(harness.host.consent.entries(), []);
    assert.equal(harness.host.consent.decide(id, { kind: 'allow-once' }), false);
    await harness.settle();
    assert.equal(sent, 0);
    await harness.end();
  });

test('a question is withdrawn when its server is stopped, even by a client that says nothing any more', async () => {
  const harness = await calling();
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  harness.start('one').clientPort.listen({ onBatch: () => undefined, onClose: () => undefined });
  void harness.host.stop(ID);
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.pass(3_000);
  harness.start('one').server.transport.exit({ code: null, signal: 'SIGKILL' });
  await harness.end();
});

test('a model that is asked is told to stop when nobody waits any more, and holds up nothing if it does not', async () => {
  const harness = await calling();
  const told: AbortSignal[] = [];
  harness.world.answer = (_request, signal) => {
    told.push(signal);
    return new Deferred<SamplingAnswer>().promise;
  };
  const server = harness.start('one').server;
  void server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  assert.deepEqual([told.length, told[0]?.aborted], [1, false]);
  server.notify('notifications/cancelled', { requestId: 'server-1' });
  await harness.settle();
  assert.equal(told[0]?.aborted, true);
  void server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  harness.onlyQuestion('sampling');
  await harness.end();
});

test('an answer that comes after the server took its request back is kept from it', async () => {
  const harness = await calling();
  const answer = new Deferred<SamplingAnswer>();
  harness.world.answer = () => answer.promise;
  const server = harness.start('one').server;
  void server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  server.notify('notifications/cancelled', { requestId: 'server-1' });
  await harness.settle();
  answer.resolve({ role: 'assistant', text: 'CANARY', model: 'm' });
  await harness.settle();
  assert.doesNotMatch(JSON.stringify(server.received), /CANARY/);
  await harness.end();
});

test('a model stops when the call that entitled the server to ask has ended', async () => {
  const harness = await calling();
  let told: AbortSignal | undefined;
  harness.world.answer = (_request, signal) => {
    told = signal;
    return new Deferred<SamplingAnswer>().promise;
  };
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  assert.equal(told?.aborted, false);
  harness.host.calls.cancel(1);
  await harness.settle();
  assert.equal(told?.aborted, true);
  await harness.end();
});

test('a server that may ask at any time is not held to its calls', async () => {
  const harness = await calling({ sampling: { outsideCalls: true } });
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  harness.host.calls.cancel(1);
  await harness.settle();
  await decide(harness, { kind: 'deny' });
  await harness.end();
});
