/** How much a server may ask for model answers, and what becomes of one that asks too much. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { everyday, HostHarness } from '../../support/hostHarness';
import { ask, calling, decide, errorOf, ID, PARAMS, type Reply } from './asking';

/** Settled replies in order; requests that wait stay out. */
function collect(replies: readonly Promise<Reply>[]): (Reply | undefined)[] {
  const settled: (Reply | undefined)[] = replies.map(() => undefined);
  replies.forEach((reply, index) => void reply.then((value) => (settled[index] = value)));
  return settled;
}

test('one question at a time per server, three may wait, more are refused as busy', async () => {
  const harness = await calling();
  const server = harness.start('one').server;
  const replies = Array.from({ length: 5 }, () => server.request('sampling/createMessage', PARAMS));
  const settled = collect(replies);
  await harness.settle();
  harness.onlyQuestion('sampling');
  assert.deepEqual(
    settled.map((reply) => (reply === undefined ? 'waits' : errorOf(reply).message)),
    ['waits', 'waits', 'waits', ...Array<string>(2).fill('Busy: too many sampling requests are waiting.')],
  );
  await decide(harness, { kind: 'allow-once' });
  harness.onlyQuestion('sampling');
  assert.ok(settled[0] && 'result' in settled[0]);
  await harness.end();
});

test("servers do not wait for each other's questions", async () => {
  const harness = new HostHarness();
  for (const name of ['one', 'two']) harness.answers.set(name, everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  for (const name of ['one', 'two']) {
    harness.host.callTool(`user/${name}`, 'echo', {}, {}).catch(() => undefined);
    await harness.settle();
    void harness.start(name).server.request('sampling/createMessage', PARAMS);
  }
  await harness.settle();
  assert.deepEqual(
    harness.host.consent.entries().map(({ serverId }) => serverId),
    ['user/one', 'user/two'],
  );
  await harness.end();
});

test('three denials mute the server, also for what already waits, and whatever becomes of its entry (T136)', async () => {
  const harness = await calling();
  const server = harness.start('one').server;
  const replies: Promise<Reply>[] = [];
  const request = (): void => void replies.push(server.request('sampling/createMessage', PARAMS));
  for (let count = 0; count < 3; count++) request();
  const settled = collect(replies);
  await harness.settle();
  await decide(harness, { kind: 'deny' });
  request();
  await harness.settle();
  await decide(harness, { kind: 'deny' });
  await decide(harness, { kind: 'deny' });
  assert.deepEqual(harness.host.consent.entries(), [], 'nobody is asked any more');
  assert.deepEqual(
    settled.slice(0, 3).map((reply) => reply && errorOf(reply).code),
    [-1, -1, -1],
  );
  assert.equal(errorOf(await (replies[3] ?? assert.fail())).message, 'Sampling is not available.');

  await harness.edit({});
  await harness.edit({ one: { command: 'one' } });
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  assert.equal(errorOf(await ask(harness)).message, 'Sampling is not available.');
  await harness.end();
});

test('a server may ask thirty times an hour, whatever becomes of its entry', async () => {
  const entry = { one: { command: 'one', sampling: { outsideCalls: true } } };
  const harness = await HostHarness.open(entry);
  for (let asked = 0; asked < 30; asked++) {
    void ask(harness);
    await harness.pass(1_000);
    await decide(harness, { kind: 'allow-once' });
  }
  assert.match(errorOf(await ask(harness)).message, /Too many/);
  await harness.edit({});
  await harness.edit(entry);
  assert.equal(harness.startsOf('one').length, 2);
  assert.match(errorOf(await ask(harness)).message, /Too many/, 'another one of this name is the same one');
  await harness.pass(3_600_000);
  void ask(harness);
  await harness.settle();
  harness.onlyQuestion('sampling');
  await harness.end();
});

test('a server that is refused again and again fills no log', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  for (let round = 0; round < 20; round++) await ask(harness);
  const noted = (): number => harness.world.logLines.filter((line) => line.includes('was refused')).length;
  assert.equal(noted(), 1);
  await harness.pass(10_000);
  await ask(harness);
  assert.equal(noted(), 2);
  assert.ok(harness.world.logLines.some((line) => line.includes('19 more')));
  await harness.end();
});
