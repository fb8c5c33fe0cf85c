/** Another filter is another subscription; between the two nothing that the server tells is missed (SUBS4, SUBS5). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, idOf, modernAnswers, paramsOf } from '../../support/clientHarness';
import { acknowledge, ALL_LISTS, newest, notify } from './listening';

/** A session whose first subscription is acknowledged. */
async function listening(): Promise<ClientHarness> {
  const harness = await ClientHarness.connected(modernAnswers());
  acknowledge(harness);
  await harness.settle();
  return harness;
}

async function watch(harness: ClientHarness, uri: string): Promise<void> {
  await harness.host.request('subscribe', { uri });
  await harness.settle();
}

const ids = (harness: ClientHarness): ReturnType<typeof idOf>[] =>
  harness.sent('subscriptions/listen').map(idOf);
const cancelled = (harness: ClientHarness): unknown[] =>
  harness.sent('notifications/cancelled').map((frame) => paramsOf(frame)['requestId']);

test('the old one is heard until the server has taken the new one, and ends then', async () => {
  const harness = await listening();
  const old = idOf(newest(harness));
  await watch(harness, 'a:b');
  assert.deepEqual(cancelled(harness), []);
  notify(harness, 'notifications/tools/list_changed', old);
  await harness.pass(1_000);
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }], 'told meanwhile');
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(cancelled(harness), [old]);
  notify(harness, 'notifications/resources/updated', idOf(newest(harness)), { uri: 'a:b' });
  await harness.pass(1_000);
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  await harness.end();
});

test('many changes of the filter leave two open: the last that the server has taken, and the newest', async () => {
  const harness = await listening();
  for (const uri of ['a:1', 'a:2', 'a:3']) await watch(harness, uri);
  const [first, second, third, newer] = ids(harness);
  assert.deepEqual(cancelled(harness), [second, third], 'what was never taken is let go of at once');
  notify(harness, 'notifications/tools/list_changed', first);
  await harness.pass(1_000);
  assert.equal(harness.heard('listChanged').length, 1);
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:1', 'a:2', 'a:3'] });
  await harness.settle();
  assert.deepEqual(cancelled(harness), [second, third, first]);
  assert.notEqual(newer, undefined);
  await harness.end();
});

test('a server that acknowledges nothing is believed after 5 s, of the old one and of the new one', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  const [first] = ids(harness);
  await harness.pass(5_000);
  await watch(harness, 'a:b');
  assert.deepEqual(cancelled(harness), []);
  await harness.pass(4_999);
  assert.deepEqual(cancelled(harness), []);
  await harness.pass(1);
  assert.deepEqual(cancelled(harness), [first]);
  await harness.end();
});

test('when the new one ends, the old one ends with it, and all is asked for again', async () => {
  const harness = await listening();
  const [first] = ids(harness);
  await watch(harness, 'a:b');
  harness.server.notify('notifications/cancelled', { requestId: idOf(newest(harness)) });
  await harness.settle();
  assert.deepEqual(cancelled(harness), [first]);
  await harness.pass(1_200);
  assert.equal(ids(harness).length, 3);
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.equal(harness.heard('listChanged').length, 4, 'what was missed in between is told');
  await harness.end();
});
