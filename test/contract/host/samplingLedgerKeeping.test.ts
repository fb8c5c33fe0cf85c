/** What was counted is kept for the person, over windows and workspaces, and holds names and numbers only. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { UsageCounts } from '../../../src/host/usage';
import { SamplingLedger } from '../../../src/host/samplingLedger';
import { FakeClock } from '../../support/fakeClock';
import { everyday, HostHarness } from '../../support/hostHarness';
import { TestWorld } from '../../support/testPorts';
import { calling, decide, ID, PARAMS } from './asking';

const total = ({ host }: HostHarness): UsageCounts => host.usage.summary('today').total;

/** The server asks; resolves once that is seen. The reply is not waited for. */
async function request(harness: HostHarness): Promise<void> {
  void harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
}

test('counts outlive the window, with names and numbers and nothing of any text', async () => {
  const harness = await calling();
  harness.world.answer = () => Promise.resolve({ role: 'assistant', text: 'CANARY answer', model: 'm' });
  void harness.start('one').server.request('sampling/createMessage', {
    ...PARAMS,
    systemPrompt: 'CANARY prompt',
    messages: [{ role: 'user', content: { type: 'text', text: 'CANARY message' } }],
  });
  await harness.settle();
  await decide(harness, { kind: 'allow-once' });
  await harness.end();
  const stored = JSON.stringify([...harness.world.decisions.values]);
  assert.match(stored, /Test model/);
  assert.doesNotMatch(stored, /CANARY/);
  assert.doesNotMatch(
    JSON.stringify([...harness.world.memory.values]),
    /Test model/,
    'the workspace has none',
  );

  const next = new HostHarness({ decisions: harness.world.decisions });
  next.world.setServers({ one: { command: 'one' } });
  next.host.open();
  await next.settle();
  assert.deepEqual(total(next).outcomes, { answered: 1 });
  assert.deepEqual(next.host.usage.of(ID).today.outcomes, { answered: 1 });
  await next.host.usage.clear();
  assert.deepEqual(total(next).outcomes, {});
  await next.end();
});

/** A ledger whose server is refused at each call, and how often it has written. */
function refusing(): { ledger: SamplingLedger; clock: FakeClock; refuse(): void; writes(): number } {
  const world = new TestWorld();
  const clock = new FakeClock();
  world.clock = clock;
  let writes = 0;
  const { set } = world.decisions;
  world.decisions.set = async (key, value) => {
    writes++;
    await set(key, value);
  };
  const ledger = new SamplingLedger(world.ports(), () => ({ kind: 'user' }));
  const refuse = (): void => {
    const record = ledger.begin({ serverId: ID, serverName: 'one' });
    record.refused('busy');
    record.end();
    record.end();
  };
  return { ledger, clock, refuse, writes: () => writes };
}

test('two thousand refused requests are all counted, and are no two thousand writes (T134)', () => {
  const { ledger, clock, refuse, writes } = refusing();
  for (let count = 0; count < 2_000; count++) refuse();
  assert.deepEqual(ledger.of(ID).today.outcomes, { 'refused-busy': 2_000 });
  clock.advance(10_000);
  assert.equal(writes(), 1);
  refuse();
  ledger.dispose();
  assert.deepEqual([writes(), clock.waiting], [2, 0], 'what is not written yet is, at the end');
});

test('what is counted is kept at once, as a reload gives no time, and then every two seconds at most', () => {
  const { ledger, clock, refuse, writes } = refusing();
  refuse();
  clock.advance(1);
  assert.equal(writes(), 1);
  for (let count = 0; count < 19; count++) {
    refuse();
    clock.advance(100);
  }
  assert.equal(writes(), 1);
  clock.advance(100);
  assert.equal(writes(), 2);
  clock.advance(60_000);
  assert.equal(writes(), 2, 'nothing is left to write');
  refuse();
  clock.advance(1);
  assert.equal(writes(), 3);
  ledger.dispose();
});

test('a server of another workspace is another one, and no path is kept', async () => {
  const open = async (
    folder: { readonly uri: string; readonly name: string; readonly path: string },
    decisions = new HostHarness().world.decisions,
  ): Promise<HostHarness> => {
    const harness = new HostHarness({ decisions });
    harness.world.folders = [folder];
    harness.machine.folders.add(folder.path);
    harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
    harness.world.setServers({ one: { command: 'one' } }, { kind: 'workspace' });
    harness.host.open();
    await harness.settle();
    return harness;
  };
  const first = await open({
    uri: 'file:///home/person/secret-place',
    name: 'app',
    path: '/home/person/secret-place',
  });
  await first.approve();
  await request(first);
  assert.deepEqual(first.host.usage.of('workspace/one').today.outcomes, { 'refused-unprompted': 1 });
  assert.equal(first.host.usage.days()[0]?.series.where, 'app');
  await first.end();
  const { decisions } = first.world;
  const stored = JSON.stringify(decisions.get('samplingUsage/1') ?? 'nothing');
  assert.doesNotMatch(stored, /secret-place/);
  const second = await open({ uri: 'file:///other', name: 'other', path: '/other' }, decisions);
  assert.deepEqual(second.host.usage.of('workspace/one').today.outcomes, {});
  await second.end();
});

test('the host tells of what a server has used, and of the day after', async () => {
  const harness = await calling();
  const told = (): unknown[] => harness.changes.filter(({ kind }) => kind === 'usage');
  await request(harness);
  assert.deepEqual(told(), []);
  await decide(harness, { kind: 'deny' });
  assert.deepEqual(told(), [{ kind: 'usage', serverId: ID }]);
  assert.deepEqual(harness.host.usage.of(ID).today.outcomes, { denied: 1 });
  const now = harness.clock.wall();
  const midnight = new Date(now);
  midnight.setHours(24, 0, 0, 0);
  await harness.pass(midnight.getTime() - now);
  assert.deepEqual(told().at(-1), { kind: 'usage' });
  const { hour, today, week } = harness.host.usage.of(ID);
  assert.deepEqual([hour.outcomes, today.outcomes, week.outcomes], [{}, {}, { denied: 1 }]);
  await harness.end();
});
