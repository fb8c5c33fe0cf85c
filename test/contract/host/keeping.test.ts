/** What the host keeps apart, keeps to itself, and does not keep at all. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { modernAnswers, paramsOf, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import { ask, calling, decide } from './asking';

/** Methods that reached a server, in order. */
function methods(harness: HostHarness, command: string): string[] {
  return harness
    .start(command)
    .server.received.flatMap((message) => ('method' in message ? [message.method] : []));
}

function sent(harness: HostHarness, command: string, method: string): JsonRpcMessage[] {
  return harness
    .start(command)
    .server.received.filter((message) => 'method' in message && message.method === method);
}

test('no tool is called, no resource read and no prompt fetched unless the person does it', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  harness.start('one').server.notify('notifications/tools/list_changed');
  harness.start('one').server.notify('notifications/resources/list_changed');
  harness.start('one').server.notify('notifications/resources/updated', { uri: 'test://one' });
  await harness.pass(60_000);
  await harness.host.restart('user/one');
  await harness.pass(60_000);
  const allowed = /^(?:server\/discover|initialize|notifications\/initialized|[a-z/]+\/list)$/;
  assert.deepEqual(
    harness
      .startsOf('one')
      .flatMap(({ server }) =>
        server.received.filter((message) => 'method' in message && !allowed.test(message.method)),
      ),
    [],
  );
  assert.equal(harness.startsOf('one').length, 2);
  await harness.end();
});

test('tools of the same name stay apart: each call goes to the server it was meant for, whatever that calls itself', async () => {
  const harness = new HostHarness();
  for (const name of ['one', 'two'])
    harness.answers.set(
      name,
      everyday({ 'tools/list': () => ({ tools: [tool('echo')] }), 'tools/call': () => textResult(name) }),
    );
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  for (const name of ['one', 'two']) {
    const { content } = await harness.host.callTool(`user/${name}`, 'echo', { to: name }, {});
    assert.match(JSON.stringify(content), new RegExp(name));
    assert.deepEqual(
      sent(harness, name, 'tools/call').map((message) => paramsOf(message)['arguments']),
      [{ to: name }],
    );
  }
  await harness.end();
});

test('state that a server gives a call is told to nobody else: not to another server, not in a log, not kept', async () => {
  const harness = new HostHarness();
  let round = 0;
  harness.answers.set(
    'one',
    modernAnswers(
      {
        'tools/list': () => ({ tools: [tool('echo')] }),
        'tools/call': () =>
          round++ === 0
            ? { resultType: 'input_required', requestState: 'STATE-SECRET' }
            : { resultType: 'complete', ...(textResult('done') as JsonObject) },
      },
      { capabilities: { tools: {} } },
    ),
  );
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  const call = harness.host.callTool('user/one', 'echo', {}, {});
  await harness.settle();
  await harness.pass(1_000);
  await call;
  assert.equal(paramsOf(sent(harness, 'one', 'tools/call')[1])['requestState'], 'STATE-SECRET');
  const elsewhere = JSON.stringify([
    harness.start('two').server.received,
    harness.world.logLines,
    [...harness.world.memory.values],
    [...harness.world.decisions.values],
    harness.changes.map(({ kind }) => kind),
  ]);
  assert.doesNotMatch(elsewhere, /STATE-SECRET/);
  await harness.end();
});

test('of a request for a model answer nothing is kept once it is settled, and its words reach no log', async () => {
  const harness = await calling();
  harness.world.answer = () =>
    Promise.resolve({ role: 'assistant', text: 'PRIVATE ANSWER', model: 'test-model' });
  for (const decision of [
    { kind: 'allow-once' },
    { kind: 'deny' },
    { kind: 'answer', text: 'PRIVATE ANSWER' },
  ] as const) {
    const reply = ask(harness);
    await harness.settle();
    await decide(harness, decision);
    await reply;
  }
  assert.deepEqual(harness.host.consent.entries(), []);
  const kept = JSON.stringify([
    harness.world.logLines,
    [...harness.world.memory.values],
    [...harness.world.decisions.values],
  ]);
  assert.doesNotMatch(kept, /What is the weather|PRIVATE ANSWER/);
  await harness.end();
});

test('folders are told only to a server whose entry says so, and never without being asked', async () => {
  const harness = await HostHarness.open({
    told: { command: 'told', roots: 'workspace' },
    untold: { command: 'untold', roots: 'none' },
  });
  for (const name of ['told', 'untold'])
    assert.doesNotMatch(JSON.stringify(harness.start(name).server.received), /file:\/\/\/work/);
  const { server } = harness.start('told');
  const answer = await server.request('roots/list');
  assert.ok('result' in answer);
  const { roots } = answer.result as { readonly roots: readonly { readonly uri: string }[] };
  assert.ok(roots.length > 0 && roots.every(({ uri }) => uri.startsWith('file:///')));
  const refused = await harness.start('untold').server.request('roots/list');
  assert.ok('error' in refused);
  assert.equal(refused.error.code, -32601);
  assert.ok(!methods(harness, 'untold').includes('notifications/roots/list_changed'));
  await harness.end();
});

test('a server that crashed is started again by the next use of it, and what is open is watched again', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', start: 'onDemand' } });
  await harness.host.demand('user/one');
  await harness.settle();
  harness.host.watch.open('user/one', 'test://one');
  const lost = harness.host.callTool('user/one', 'echo', {}, {});
  harness.start('one').server.transport.exit({ code: 1, signal: null });
  await lost.catch(() => undefined);
  await harness.settle();
  assert.equal(harness.state('one').kind, 'failed');
  await harness.host.demand('user/one');
  await harness.settle();
  assert.equal(harness.state('one').kind, 'running');
  assert.deepEqual(
    sent(harness, 'one', 'resources/subscribe').map((message) => paramsOf(message)['uri']),
    ['test://one'],
  );
  assert.equal(sent(harness, 'one', 'tools/call').length, 0, 'a lost call is not made again');
  await harness.end();
});

test('a server of the stateless era that is started again is asked for the same subscription again', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', modernAnswers({}, { capabilities: { resources: { subscribe: true } } }));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  harness.host.watch.open('user/one', 'test://one');
  await harness.settle();
  const filters = (): unknown[] =>
    sent(harness, 'one', 'subscriptions/listen').map((message) => paramsOf(message)['notifications']);
  const wanted = [{ resourceSubscriptions: ['test://one'] }];
  assert.deepEqual(filters(), wanted);
  harness.start('one').server.transport.exit({ code: 1, signal: null });
  await harness.settle();
  await harness.host.start('user/one');
  await harness.settle();
  assert.equal(harness.startsOf('one').length, 2);
  assert.deepEqual(filters(), wanted);
  await harness.end();
});
