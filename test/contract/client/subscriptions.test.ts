import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import type { JsonValue } from '../../../src/base/json';
import { ClientHarness, idOf, legacyAnswers, modernAnswers, paramsOf } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { ALL_LISTS, filters, newest, notify, SUBSCRIPTION_ID } from './listening';

// Every pause is as short as it can be, unless a test says otherwise.
mock.method(Math, 'random', () => 0);

test('one subscription asks for the lists that the server says change', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  assert.deepEqual(filters(harness), [ALL_LISTS]);
  await harness.end();
  const some = await ClientHarness.connected(
    modernAnswers({}, { capabilities: { tools: {}, prompts: { listChanged: true } } }),
  );
  assert.deepEqual(filters(some), [{ promptsListChanged: true }]);
  await some.end();
  const none = await ClientHarness.connected(modernAnswers({}, { capabilities: { tools: {} } }));
  assert.deepEqual(filters(none), []);
  await none.end();
});

test('list changes count only under the id of our subscription, with its type', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  const id = idOf(harness.sent('subscriptions/listen')[0]);
  const changed = 'notifications/tools/list_changed';
  for (const other of [undefined, String(id), 999, null, {}] as (JsonValue | undefined)[])
    notify(harness, changed, other);
  harness.server.notify(changed);
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), []);
  notify(harness, 'notifications/subscriptions/acknowledged', id, { notifications: ALL_LISTS });
  notify(harness, changed, id);
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }]);
  await harness.end();
});

test('watching opens the new subscription before it cancels the old one', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(filters(harness), [ALL_LISTS, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] }]);
  const [first, second] = harness.sent('subscriptions/listen');
  const order = harness.frames.slice(-2).map((frame) => ('method' in frame ? frame.method : ''));
  assert.deepEqual(order, ['subscriptions/listen', 'notifications/cancelled']);
  assert.deepEqual(paramsOf(harness.sent('notifications/cancelled')[0]), {
    requestId: idOf(first),
    reason: 'no longer needed',
  });
  notify(harness, 'notifications/resources/updated', idOf(first), { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), [], 'the old one is over');
  notify(harness, 'notifications/resources/updated', idOf(second), { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  await harness.host.request('unsubscribe', { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(filters(harness).at(-1), ALL_LISTS);
  await harness.end();
});

test('when nothing is left to hear of the subscription is ended, and none takes its place', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers({}, { capabilities: { resources: { subscribe: true } } }),
  );
  assert.deepEqual(filters(harness), [], 'there was nothing to hear of');
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  await harness.host.request('unsubscribe', { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(filters(harness), [{ resourceSubscriptions: ['a:b'] }]);
  assert.deepEqual(
    harness.sent('notifications/cancelled').map((frame) => paramsOf(frame)['requestId']),
    [idOf(newest(harness))],
  );
  await harness.end();
});

test('a subscription has no deadline', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  await harness.pass(30 * 24 * 3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 1);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

for (const how of ['a final result', 'a cancellation'] as const)
  test(`a subscription that the server ends with ${how} is opened again after a pause`, async () => {
    const harness = await ClientHarness.connected(modernAnswers());
    const end = async (): Promise<void> => {
      const id = idOf(harness.sent('subscriptions/listen').at(-1));
      if (how === 'a cancellation') harness.server.notify('notifications/cancelled', { requestId: id });
      else harness.server.respond(id, { resultType: 'complete', _meta: { [SUBSCRIPTION_ID]: id } });
      await harness.settle();
    };
    for (const [index, wait] of [1_000, 5_000, 30_000].entries()) {
      await end();
      await harness.pass(wait - 1);
      assert.equal(harness.sent('subscriptions/listen').length, index + 1);
      await harness.pass(1);
      assert.equal(harness.sent('subscriptions/listen').length, index + 2);
    }
    await harness.pass(20_000);
    await end();
    await harness.pass(1_000);
    assert.equal(harness.sent('subscriptions/listen').length, 5, 'one that lasted starts the pauses anew');
    assert.equal(harness.sent('notifications/cancelled').length, 0, 'what is over is not cancelled');
    const ids = harness.sent('subscriptions/listen').map(idOf);
    assert.equal(new Set(ids).size, ids.length);
    await harness.end();
  });

test('a server that ends its subscriptions at once is left alone after a few', async () => {
  const ends: Answer = () => ({ resultType: 'complete' });
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': ends }));
  await harness.pass(1_000);
  await harness.pass(5_000);
  await harness.pass(30_000);
  await harness.pass(60_000);
  await harness.pass(3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 5);
  await harness.end();
});

test('a server without subscriptions is asked once', async () => {
  const refuses: Answer = () => {
    throw new ScriptedError(-32601, 'no');
  };
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': refuses }));
  await harness.pass(3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 1);
  assert.deepEqual(
    harness.heard('wire').map(({ message }) => message),
    ['The server does not take subscriptions.'],
  );
  await harness.end();
});

test('a cancellation of the server ends no call of the stateless era', async () => {
  const harness = await ClientHarness.connected(modernAnswers({ 'tools/call': () => undefined }));
  const call = harness.callTool();
  await harness.settle();
  const id = idOf(harness.sent('tools/call')[0]);
  harness.server.notify('notifications/cancelled', { requestId: id });
  await harness.settle();
  harness.server.respond(id, { content: [] });
  assert.deepEqual((await call).content, []);
  await harness.end();
});

test('closing cancels the subscription, and nothing is opened again', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  await harness.host.request('close', undefined);
  await harness.pass(3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 1);
  assert.deepEqual(paramsOf(harness.frames.at(-1)), {
    requestId: idOf(harness.sent('subscriptions/listen')[0]),
    reason: 'no longer needed',
  });
  await harness.end();
});

test('what is asked about one resource leaves one after the other, and a watch that fails late does not end a newer one', async () => {
  const subscribed: ((outcome: 'refused' | 'accepted') => void)[] = [];
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/subscribe': ({ uri }) =>
        uri === 'a:other'
          ? {}
          : new Promise((resolve, reject) =>
              subscribed.push((outcome) =>
                outcome === 'accepted' ? resolve({}) : reject(new ScriptedError(-32603, 'no')),
              ),
            ),
      'resources/unsubscribe': () => ({}),
    }),
  );
  const first = assert.rejects(harness.host.request('subscribe', { uri: 'a:b' }));
  await harness.settle();
  const between = harness.host.request('unsubscribe', { uri: 'a:b' });
  const second = harness.host.request('subscribe', { uri: 'a:b' });
  await harness.host.request('subscribe', { uri: 'a:other' });
  await harness.settle();
  const asked = (): readonly unknown[] =>
    harness.frames.flatMap((frame) =>
      'method' in frame && frame.method.startsWith('resources/')
        ? [[frame.method, paramsOf(frame)['uri']]]
        : [],
    );
  assert.deepEqual(asked(), [
    ['resources/subscribe', 'a:b'],
    ['resources/subscribe', 'a:other'],
  ]);
  subscribed[0]?.('refused');
  await first;
  await between;
  await harness.settle();
  assert.deepEqual(asked().slice(2), [
    ['resources/unsubscribe', 'a:b'],
    ['resources/subscribe', 'a:b'],
  ]);
  subscribed[1]?.('accepted');
  await second;
  harness.server.notify('notifications/resources/updated', { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  await harness.end();
});

test('a watch that fails is none, and can be tried again', async () => {
  let refusals = 1;
  const subscribe: Answer = () => {
    if (refusals-- > 0) throw new ScriptedError(-32603, 'no');
    return {};
  };
  const harness = await ClientHarness.connected(legacyAnswers({ 'resources/subscribe': subscribe }));
  await assert.rejects(harness.host.request('subscribe', { uri: 'a:b' }));
  await harness.host.request('subscribe', { uri: 'a:b' });
  assert.equal(harness.sent('resources/subscribe').length, 2);
  await harness.end();
});
