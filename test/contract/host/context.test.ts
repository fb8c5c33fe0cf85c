/** The person's context, with servers behind it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness } from '../../support/hostHarness';

const ID = 'user/one';
const URI = 'test://one';

function put(harness: HostHarness, serverId: string, uri: string): void {
  const source = { kind: 'resource', uri } as const;
  harness.host.gathered.add({ serverId, serverName: 'one', source, text: 'what it was' });
}

test('a resource in the context is watched, and marked when its server says that it changed', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  put(harness, ID, URI);
  put(harness, 'user/two', URI);
  await harness.settle();
  harness.start('one').server.notify('notifications/resources/updated', { uri: URI });
  await harness.settle();
  await harness.pass(1_000);
  assert.deepEqual(
    harness.host.gathered.items().map(({ serverId, isStale }) => [serverId, isStale]),
    [
      [ID, true],
      ['user/two', false],
    ],
  );
  await harness.end();
});

test('no server hears of what the context holds of another one, or of itself', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  const source = { kind: 'tool', name: 'search', given: '{}' } as const;
  harness.host.gathered.add({ serverId: ID, serverName: 'one', source, text: 'CANARY-CONTEXT' });
  put(harness, ID, 'test://CANARY-CONTEXT');
  await harness.settle();
  const toTwo = JSON.stringify(harness.start('two').server.received);
  assert.doesNotMatch(toTwo, /CANARY-CONTEXT|search/);
  const toOne = harness
    .start('one')
    .server.received.filter((message) => JSON.stringify(message).includes('CANARY'));
  assert.deepEqual(
    toOne.map((message) => ('method' in message ? message.method : '')),
    ['resources/subscribe'],
    'only the address, to be told of changes',
  );
  await harness.end();
});

test('the context has the budget of the settings', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  harness.world.contextTokenBudget = 2;
  put(harness, ID, URI);
  assert.deepEqual(harness.host.gathered.items(), []);
  assert.equal(harness.host.gathered.size.budget, 2);
  await harness.end();
});
