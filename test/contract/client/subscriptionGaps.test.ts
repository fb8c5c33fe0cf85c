import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, idOf, modernAnswers } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { acknowledge, ALL_CHANGED, ALL_LISTS, endNewest, newest, notify } from './listening';

test('what may have changed while there was no subscription is told when there is one again', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  acknowledge(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [], 'nothing was missed so far');
  await endNewest(harness);
  await harness.pass(1_000);
  assert.deepEqual(harness.heard('listChanged'), [], 'not before it is open');
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  acknowledge(harness);
  await harness.pass(60_000);
  assert.equal(harness.heard('listChanged').length, 4, 'once');
  await harness.end();
});

test('only what the subscription is about is told, and a new filter meanwhile makes no difference', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {},
      { capabilities: { tools: { listChanged: true }, prompts: {}, resources: { subscribe: true } } },
    ),
  );
  await endNewest(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  acknowledge(harness, { toolsListChanged: true, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }]);
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  await harness.end();
});

test('a server that does not acknowledge is believed after 5 s', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  await endNewest(harness);
  await harness.pass(1_000 + 4_999);
  assert.deepEqual(harness.heard('listChanged'), []);
  await harness.pass(1);
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await harness.end();
});

test('a subscription that fails for now is asked for again, after the same pauses', async () => {
  let refusals = 2;
  const busy: Answer = () => {
    if (refusals-- > 0) throw new ScriptedError(-32603, 'temporarily busy');
    return undefined;
  };
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': busy }));
  for (const [index, wait] of [1_000, 5_000].entries()) {
    await harness.pass(wait - 1);
    assert.equal(harness.sent('subscriptions/listen').length, index + 1);
    await harness.pass(1);
    assert.equal(harness.sent('subscriptions/listen').length, index + 2);
  }
  assert.deepEqual(
    harness.heard('wire').map(({ message }) => message),
    Array<string>(2).fill('The server ended a subscription with error -32603.'),
  );
  acknowledge(harness);
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await harness.end();
});

test('a server without subscriptions is not asked for other filters either', async () => {
  const refuses: Answer = () => {
    throw new ScriptedError(-32601, 'no');
  };
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': refuses }));
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.pass(3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 1);
  await harness.end();
});

test('a server that agrees to less than it was asked for is noted, once', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  const { promptsListChanged: _, ...less } = ALL_LISTS;
  acknowledge(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.host.request('subscribe', { uri: 'c:d' });
  await harness.settle();
  assert.deepEqual(harness.heard('wire'), []);
  for (const agreed of [{ ...less, resourceSubscriptions: ['c:d', 'e:f'] }, {}]) {
    acknowledge(harness, agreed);
    await harness.settle();
    assert.deepEqual(
      harness.heard('wire').map(({ message }) => message),
      [
        'The server does not tell of all changes it was asked about, it left out: promptsListChanged, resourceSubscriptions (1).',
      ],
    );
  }
  await harness.end();
});

test('an acknowledgement in no form agrees to nothing', async () => {
  for (const notifications of [
    undefined,
    null,
    'all',
    [],
    { toolsListChanged: 'yes', resourceSubscriptions: 'a:b' },
  ]) {
    const harness = await ClientHarness.connected(
      modernAnswers({}, { capabilities: { tools: { listChanged: true } } }),
    );
    notify(
      harness,
      'notifications/subscriptions/acknowledged',
      idOf(newest(harness)),
      notifications === undefined ? {} : { notifications },
    );
    await harness.settle();
    assert.match(harness.heard('wire')[0]?.message ?? '', /left out: toolsListChanged\.$/);
    await harness.end();
  }
});
