/** A server that tells of changes of its lists without end, and changes nothing: its lists are read, and that is all (T054). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ListKind } from '../../../src/protocol/model';
import { legacyAnswers, modernAnswers } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import type { ScriptedServer } from '../../support/scriptedServer';

const NOTE = 'notifications/tools/list_changed';

/** What the host told of the tools since it was last asked. */
function told(harness: HostHarness, list: ListKind = 'tools'): readonly string[] {
  const changes = harness.changes.splice(0);
  return changes.flatMap((change) => ('list' in change && change.list === list ? [change.kind] : []));
}

/** How often the tools were asked for. */
function asked({ received }: ScriptedServer): number {
  return received.filter((message) => 'method' in message && message.method === 'tools/list').length;
}

test('a list that is read again and is what it was does not cross the link, and is told as the same', async () => {
  let names = ['echo', 'a_name_to_look_for'];
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'tools/list': () => ({ tools: names.map(tool) }) }));
  harness.world.setServers({ one: { command: 'one' } }, { kind: 'user' });
  harness.host.open();
  await harness.settle();
  const { server, hostPort, clientPort } = harness.start('one');
  const crossed = (): boolean =>
    JSON.stringify([hostPort.posts.splice(0), clientPort.posts.splice(0)]).includes('a_name_to_look_for');
  const listing = (): unknown => {
    const state = harness.server('one').catalog?.list('tools');
    return state?.kind === 'ready' ? state.listing : state;
  };
  assert.ok(crossed());
  server.notify(NOTE);
  await harness.pass(1_000);
  assert.ok(crossed(), 'the first time with what stands for it');
  told(harness);
  const first = listing();
  for (let count = 3; count < 7; count++) {
    await harness.pass(1_000);
    server.notify(NOTE);
    await harness.pass(1_000);
    assert.equal(asked(server), count, 'the server is asked');
    assert.deepEqual([told(harness), crossed()], [['same-list'], false]);
    assert.equal(listing(), first, 'it is the very list that was there');
  }
  names = ['a_name_to_look_for'];
  server.notify(NOTE);
  await harness.pass(1_000);
  assert.deepEqual([told(harness), crossed()], [['list'], true]);
  assert.equal(harness.server('one').catalog?.items('tools').length, 1);
  await harness.host.restart('user/one');
  await harness.settle();
  assert.equal(harness.server('one').catalog?.items('tools').length, 1, 'a new client begins anew');
  await harness.end();
});

test('what the person asks for is asked of the server, however long it lets its list be used', async () => {
  const harness = new HostHarness();
  const tools = { resultType: 'complete', tools: [tool('echo')], ttlMs: 3_600_000, cacheScope: 'private' };
  harness.answers.set('one', modernAnswers({ 'tools/list': () => tools }));
  harness.world.setServers({ one: { command: 'one' } }, { kind: 'user' });
  harness.host.open();
  await harness.settle();
  const { server } = harness.start('one');
  for (let count = 1; count < 4; count++) {
    assert.equal(asked(server), count);
    await harness.host.refresh('user/one', 'tools');
    await harness.pass(1_000);
  }
  await harness.end();
});

for (const [era, answers, asks] of [
  ['the stateless era is asked again once its time is over (CACHE4)', modernAnswers, [1, 2, 2, 3]],
  ['the stateful era is left alone: it tells of changes', legacyAnswers, [1, 1, 1, 1]],
] as const)
  test(`when somebody looks at a list, a server of ${era}`, async () => {
    const harness = new HostHarness();
    const tools = { resultType: 'complete', tools: [tool('echo')], ttlMs: 60_000, cacheScope: 'private' };
    harness.answers.set('one', answers({ 'tools/list': () => tools }));
    harness.world.setServers({ one: { command: 'one' } }, { kind: 'user' });
    harness.host.open();
    await harness.settle();
    const { server } = harness.start('one');
    const look = async (): Promise<number> => {
      harness.server('one').catalog?.want('tools');
      await harness.settle();
      return asked(server);
    };
    await harness.pass(59_000);
    const counts = [await look()];
    await harness.pass(1_000);
    counts.push(await look());
    // Twice in a moment is once, and it is fresh again.
    counts.push(await look());
    await harness.pass(60_000);
    counts.push(await look());
    assert.deepEqual(counts, asks);
    await harness.end();
  });
