/** A local server that crashes is started again by itself, later each time and not for ever (LIFE9, T036). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { AfterCrash } from '../../../src/policy/crashRestart';
import { serverNotes, serverRow } from '../../../src/presentation/serverRows';
import { failsSaying } from '../../support/failures';
import { paramsOf } from '../../support/clientHarness';
import { everyday, HostHarness } from '../../support/hostHarness';

const ID = 'user/one';
const SHARED = { kind: 'workspace' } as const;
/** Longer than any wait. */
const LONG = 3_600_000;

function open(more: Readonly<Record<string, unknown>> = {}): Promise<HostHarness> {
  return HostHarness.open({ one: { command: 'one', ...more } });
}

async function crash(harness: HostHarness, code = 1): Promise<AfterCrash | undefined> {
  harness.start('one').server.transport.exit({ code, signal: null });
  await harness.settle();
  return next(harness);
}

function next(harness: HostHarness): AfterCrash | undefined {
  const state = harness.state('one');
  return state.kind === 'failed' ? state.next : undefined;
}

function waitOf(after: AfterCrash | undefined): number {
  assert.ok(after?.kind === 'restart', JSON.stringify(after));
  return after.inMs;
}

/** Crashes and comes back, `times` times. */
async function crashAndReturn(harness: HostHarness, times: number): Promise<void> {
  for (let round = 0; round < times; round++) {
    await harness.pass(waitOf(await crash(harness)));
    assert.equal(harness.state('one').kind, 'running');
  }
}

for (const code of [1, 0])
  test(`a server that ends with exit code ${code} comes back when its wait is over, and its row says so`, async () => {
    const harness = await open();
    const inMs = waitOf(await crash(harness, code));
    assert.ok(inMs >= 800 && inMs <= 1_200, String(inMs));
    const row = serverRow(harness.server('one'));
    assert.equal(row.description, 'restarting in 1 s (2 of 5)');
    assert.match(row.context, /\bstartable\b.*\bstoppable\b/);
    assert.deepEqual(row.icon, { id: 'history', color: 'problemsWarningIcon.foreground' });
    await harness.pass(inMs - 1);
    assert.equal(harness.startsOf('one').length, 1);
    await harness.pass(1);
    assert.equal(harness.state('one').kind, 'running');
    assert.equal(harness.startsOf('one').length, 2);
    await harness.end();
  });

test('what was on its way fails, a call is not made again, and what is open is watched again', async () => {
  const harness = await open();
  harness.start('one').server.answers.set('tools/call', () => undefined);
  harness.host.watch.open(ID, 'test://one');
  const call = failsSaying(harness.host.callTool(ID, 'echo', {}, {}), /The server ended/);
  await harness.settle();
  const inMs = waitOf(await crash(harness));
  await call;
  await failsSaying(harness.host.callTool(ID, 'echo', {}, {}), /not running/);
  await harness.pass(inMs);
  const sent = harness.start('one').server.received.filter((message) => 'method' in message);
  assert.deepEqual(
    sent.filter(({ method }) => method === 'resources/subscribe').map((message) => paramsOf(message)['uri']),
    ['test://one'],
  );
  assert.ok(!sent.some(({ method }) => method === 'tools/call'));
  await harness.end();
});

test('it waits longer each time; the fifth crash in ten minutes is the last, until the person starts it', async () => {
  const harness = await open();
  for (const [round, base] of [1_000, 2_000, 4_000, 8_000].entries()) {
    const after = await crash(harness);
    assert.ok(after?.kind === 'restart');
    assert.equal(after.start, round + 2);
    assert.ok(after.inMs >= 0.8 * base && after.inMs <= 1.2 * base, `${after.inMs} of ${base}`);
    await harness.pass(after.inMs);
    assert.equal(harness.state('one').kind, 'running');
  }
  harness.start('one').server.transport.peerHandlers?.onStderr(['the last words'], 0);
  assert.deepEqual(await crash(harness, 7), { kind: 'crash-loop', crashes: 5 });
  const row = serverRow(harness.server('one'));
  assert.equal(row.description, 'stopped: crash loop');
  assert.match(row.context, /\bstartable\b/);
  assert.doesNotMatch(row.context, /\bstoppable\b/);
  assert.deepEqual(
    serverNotes(harness.server('one')).map(({ label }) => label),
    [
      'It ended 5 times in ten minutes, and is not started again by itself.',
      'The server ended (exit code 7).',
      'stderr: the last words',
    ],
  );
  await harness.pass(LONG);
  assert.equal(harness.startsOf('one').length, 5);
  await harness.host.start(ID);
  assert.equal(harness.state('one').kind, 'running');
  const again = await crash(harness);
  assert.ok(again?.kind === 'restart' && again.start === 2, 'it counts anew');
  await harness.end();
});

test('a server that ran for a minute is waited for as the first time, and crashes of long ago do not count', async () => {
  const harness = await open();
  await crashAndReturn(harness, 3);
  await harness.pass(60_000);
  const after = await crash(harness);
  assert.ok(after?.kind === 'restart' && after.inMs <= 1_200 && after.start === 5);
  await harness.pass(after.inMs);
  await harness.pass(600_000);
  const later = await crash(harness);
  assert.ok(later?.kind === 'restart' && later.start === 2);
  await harness.end();
});

for (const [what, end, kind] of [
  ['is stopped', (harness) => harness.host.stop(ID), 'stopped'],
  ['is removed', (harness) => harness.edit({}), undefined],
  [
    'is not to come back by the settings',
    (harness) => {
      harness.world.restartAfterCrash = false;
      return harness.edit({ one: { command: 'one' } });
    },
    'failed',
  ],
] as const satisfies readonly (readonly [
  string,
  (harness: HostHarness) => Promise<void>,
  string | undefined,
])[])
  test(`a crashed server that ${what} meanwhile stays away`, async () => {
    const harness = await open();
    waitOf(await crash(harness));
    await end(harness);
    assert.equal(harness.clock.waiting, 0, 'nothing waits any more');
    await harness.pass(LONG);
    assert.equal(harness.startsOf('one').length, 1);
    const server = harness.host.server(ID);
    assert.equal(server?.state.kind, kind);
    if (kind === 'failed') assert.equal(server && serverRow(server).description, 'failed: exit code 1');
    await harness.end();
  });

test('a stop wins while the crashed process is still being ended, and over the wait', async () => {
  const harness = await open();
  const { server } = harness.start('one');
  let gone = (): void => undefined;
  server.clientTransport.close = () => new Promise<void>((resolve) => (gone = resolve));
  waitOf(await crash(harness));
  const stopped = harness.host.stop(ID);
  await harness.pass(2_000);
  gone();
  await harness.pass(2_000);
  await stopped;
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  assert.equal(harness.startsOf('one').length, 1);
  await harness.end();
});

for (const [what, more, settings] of [
  ['is started by hand only', { start: 'never' }, true],
  ['is not to come back by the settings', {}, false],
] as const)
  test(`a server that ${what} stays away after a crash`, async () => {
    const harness = await open(more);
    harness.world.restartAfterCrash = settings;
    await harness.host.start(ID);
    assert.equal(await crash(harness), undefined);
    assert.equal(harness.state('one').kind, 'failed');
    await harness.pass(LONG);
    assert.equal(harness.startsOf('one').length, 1);
    await harness.end();
  });

test('a server that has never been ready is not started again', async () => {
  const harness = new HostHarness();
  harness.answers.set('one', dying(harness));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  await harness.pass(30_000);
  assert.equal(harness.state('one').kind, 'failed');
  assert.equal(next(harness), undefined);
  const { length } = harness.startsOf('one');
  await harness.pass(LONG);
  assert.equal(harness.startsOf('one').length, length);
  await harness.end();
});

test('one that was ready once and cannot come up any more is tried as often as one that crashes', async () => {
  const harness = await open();
  harness.answers.set('one', dying(harness));
  let after = await crash(harness);
  for (const start of [2, 3, 4, 5]) {
    assert.ok(after?.kind === 'restart');
    assert.equal(after.start, start);
    await harness.pass(after.inMs);
    assert.equal(harness.state('one').kind, 'failed');
    after = next(harness);
  }
  assert.equal(after?.kind, 'crash-loop');
  await harness.end();
});

test('a program that is gone, or a server that is ended for what it sends, is not started again and again', async () => {
  const gone = await open();
  const inMs = waitOf(await crash(gone));
  gone.machine.missing.add('one');
  await gone.pass(inMs);
  assert.equal(gone.state('one').kind, 'failed');
  assert.equal(next(gone), undefined);
  await gone.end();
  const hostile = await open();
  hostile.start('one').server.transport.violate('wrote an endless line');
  await hostile.settle();
  assert.equal(hostile.state('one').kind, 'failed');
  assert.equal(next(hostile), undefined);
  assert.match(
    hostile.world.logLines.join('\n'),
    /The connection ended \(refused\)\..*wrote an endless line/,
  );
  await hostile.end();
});

test('an approval that no longer holds ends it: nothing is started that was not approved', async () => {
  for (const change of ['edited while it ran', 'edited while it waits', 'taken back'] as const) {
    const harness = await HostHarness.open({ one: { command: 'one', args: ['old'] } }, SHARED);
    await harness.approve();
    const edit = (): Promise<void> => harness.edit({ one: { command: 'one', args: ['new'] } }, SHARED);
    if (change === 'edited while it ran') await edit();
    harness.start('one').server.transport.exit({ code: 1, signal: null });
    await harness.settle();
    if (change === 'edited while it waits') await edit();
    if (change === 'taken back') await harness.host.revokeApproval('workspace/one');
    await harness.pass(LONG);
    const state = harness.state('one', SHARED);
    assert.ok(state.kind === 'stopped' && state.why.kind === 'approval', change);
    assert.equal(harness.startsOf('one').length, 1);
    harness.onlyQuestion('launch');
    await harness.approve();
    assert.equal(harness.state('one', SHARED).kind, 'running');
    await harness.end();
  }
});

test('crashes before a reload of the window count as well', async () => {
  const before = await open();
  await crashAndReturn(before, 4);
  const { memory } = before.world;
  await before.end();
  const after = new HostHarness({ memory });
  after.clock.advance(before.clock.monotonic() - after.clock.monotonic());
  after.world.setServers({ one: { command: 'one' } });
  after.host.open();
  await after.settle();
  assert.equal((await crash(after))?.kind, 'crash-loop');
  await after.end();
});

test('a client that is lost comes back with its server', async () => {
  const harness = await open();
  harness.start('one').clientPort.break('it ran out of memory');
  await harness.settle();
  await harness.pass(waitOf(next(harness)));
  assert.equal(harness.state('one').kind, 'running');
  assert.equal(harness.alive('one'), 1);
  await harness.end();
});

/** A server that ends when it is asked the first thing. */
function dying(harness: HostHarness): ReturnType<typeof everyday> {
  const die = (): undefined => {
    harness.start('one').server.transport.exit({ code: 1, signal: null });
    return undefined;
  };
  return everyday({ 'server/discover': die, initialize: die });
}
