import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { EntryScope } from '../../../src/policy/serverEntry';
import { everyday, HostHarness } from '../../support/hostHarness';

const SCOPES = { user: { kind: 'user' }, workspace: { kind: 'workspace' } } as const;

/** What one edit of the settings leaves of the server: an entry, a wrong one, or nothing. */
type Version = 'gone' | 'wrong' | 'idle' | number;

/** What the person, the settings and the process may do. `turns` pass before the next thing happens; many let all come to rest. */
type Command = { readonly turns: number } & (
  | { readonly kind: 'start' | 'stop' | 'restart' | 'demand' | 'crash' | 'lose' | 'fail' | 'heal' }
  | { readonly kind: 'edit'; readonly to: Version }
  | { readonly kind: 'decide'; readonly allow: boolean }
  | { readonly kind: 'wait'; readonly ms: number }
);

const turns = fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, fc.integer({ min: 0, max: 12 }));
const plain = (
  kind: 'start' | 'stop' | 'restart' | 'demand' | 'crash' | 'lose' | 'fail' | 'heal',
): fc.Arbitrary<Command> => turns.map((count) => ({ kind, turns: count }));
const version: fc.Arbitrary<Version> = fc.oneof(
  fc.constantFrom<Version>('gone', 'wrong', 'idle'),
  fc.integer({ min: 1, max: 3 }),
);
const command: fc.Arbitrary<Command> = fc.oneof(
  plain('start'),
  plain('stop'),
  plain('restart'),
  plain('demand'),
  plain('crash'),
  plain('lose'),
  plain('fail'),
  plain('heal'),
  fc.record({ kind: fc.constant('edit' as const), to: version, turns }),
  fc.record({ kind: fc.constant('decide' as const), allow: fc.boolean(), turns }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 100, max: 12_000 }), turns }),
);

function entryOf(to: Version): Readonly<Record<string, unknown>> {
  if (to === 'gone') return {};
  if (to === 'wrong') return { one: { command: 'one', args: 7 } };
  if (to === 'idle') return { one: { command: 'one', start: 'never' } };
  return { one: { command: 'one', args: [`version ${to}`] } };
}

async function pass(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

function run(harness: HostHarness, scope: EntryScope, step: Command): void {
  const id = `${scope.kind}/one`;
  const alive = harness
    .startsOf('one')
    .filter((start) => start.alive)
    .at(-1);
  switch (step.kind) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'demand':
      void harness.host[step.kind](id);
      break;
    case 'crash':
      alive?.server.transport.exit({ code: 1, signal: null });
      break;
    case 'lose':
      alive?.clientPort.break('it ran out of memory');
      break;
    case 'fail':
      // Dies of the first thing it is asked.
      harness.answers.set(
        'one',
        everyday({
          'server/discover': () => {
            harness.start('one').server.transport.exit({ code: 1, signal: null });
            return undefined;
          },
        }),
      );
      break;
    case 'heal':
      harness.answers.delete('one');
      break;
    case 'edit':
      harness.world.setServers(entryOf(step.to), scope);
      break;
    case 'wait':
      harness.clock.advance(step.ms);
      break;
    case 'decide':
      for (const { id: entry } of harness.host.consent.entries())
        harness.host.consent.decide(entry, { kind: step.allow ? 'allow-once' : 'deny' });
      break;
  }
}

/** What must hold at rest, whatever happened before. */
function check(harness: HostHarness, scope: EntryScope): void {
  assert.ok((harness.peak.get('one') ?? 0) <= 1, 'never two processes of one server');
  const server = harness.host.server(`${scope.kind}/one`);
  const live = harness.startsOf('one').filter(({ alive }) => alive);
  if (!server) {
    assert.equal(live.length, 0, 'what is not configured does not run');
    assert.deepEqual(harness.host.consent.entries(), [], 'and is not asked about');
    return;
  }
  assert.ok(
    ['stopped', 'running', 'failed'].includes(server.state.kind),
    `at rest, not ${server.state.kind}`,
  );
  assert.equal(
    live.length,
    server.state.kind === 'running' ? 1 : 0,
    `a process exactly while it is ${server.state.kind}`,
  );
  assert.equal(server.state.kind === 'running', server.catalog !== undefined);
  if (server.state.kind === 'running')
    assert.equal(server.state.pid, live[0]?.pid, 'of the process that runs');
  assert.equal(server.isPreparing, false);
  const waits = server.state.kind === 'stopped' && server.state.why.kind === 'approval';
  const changed = server.state.kind === 'running' && server.runsOldDefinition;
  const asked = harness.host.consent.entries().length;
  if (waits) assert.equal(asked, 1, 'whoever waits for approval is in the queue');
  // What crashed says so, and its changed entry can still be approved.
  const ended = server.state.kind === 'failed' && scope.kind === 'workspace';
  if (asked > 0) assert.ok(waits || changed || ended, 'and nobody else');
  if (scope.kind === 'user') assert.equal(changed, false, "the user's own runs as it is written");
}

async function play(scope: EntryScope, commands: readonly Command[]): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.world.setServers(entryOf(1), scope);
  harness.host.open();
  for (const step of commands) {
    run(harness, scope, step);
    await pass(step.turns);
    if (step.turns < 10) continue;
    await harness.settle();
    check(harness, scope);
  }
  await harness.settle();
  check(harness, scope);
  return harness;
}

for (const scope of Object.values(SCOPES))
  test(`whatever happens to a server of the ${scope.kind}, it comes to rest with at most one process, as its state says`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
        const harness = await play(scope, commands);
        // The last word counts, whatever came before it.
        await harness.edit(entryOf(9), scope);
        harness.answers.delete('one');
        await harness.host.restart(`${scope.kind}/one`);
        for (const { id } of harness.host.consent.entries())
          harness.host.consent.decide(id, { kind: 'allow-once' });
        await harness.settle();
        assert.equal(harness.state('one', scope).kind, 'running');
        assert.deepEqual(harness.start('one').spec.args, ['version 9']);
        await harness.host.stop(`${scope.kind}/one`);
        assert.deepEqual(harness.state('one', scope), { kind: 'stopped', why: { kind: 'by-person' } });
        check(harness, scope);
        await harness.end();
      }),
      { numRuns: 300 },
    );
  });

test('nothing that the person did not approve is ever started, in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const harness = new HostHarness();
      const approved = new Set<string>();
      harness.host.consent.onDidChange((change) => {
        const { subject } = change.entry;
        if (change.kind !== 'settled' || change.outcome.kind !== 'allow-once' || subject.kind !== 'launch')
          return;
        if (subject.review.launch.kind === 'local') approved.add(JSON.stringify(subject.review.launch.args));
      });
      harness.world.setServers(entryOf(1), SCOPES.workspace);
      harness.host.open();
      for (const step of commands) {
        run(harness, SCOPES.workspace, step);
        await pass(step.turns);
        for (const { spec } of harness.starts)
          assert.ok(approved.has(JSON.stringify(spec.args)), `${spec.args.join()} was approved`);
      }
      await harness.settle();
      for (const { spec } of harness.starts) assert.ok(approved.has(JSON.stringify(spec.args)));
      await harness.end();
    }),
    { numRuns: 300 },
  );
});
