/** Entries that are wrong, added, changed and removed take effect while the host is open. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HostHarness } from '../../support/hostHarness';

test('a wrong entry is its own failure, with the name of the field, and the others run', async () => {
  const harness = await HostHarness.open({
    good: { command: 'good' },
    typo: { command: 'typo', args: 'not-a-list' },
    nothing: {},
    text: 'node server.js',
    remote: { url: 'http://example.com/mcp' },
    lost: { command: 'lost', cwd: '/nowhere' },
    unknown: { command: 'unknown', args: ['${command:evil}'] },
  });
  assert.equal(harness.state('good').kind, 'running');
  for (const [name, field] of [
    ['typo', 'args'],
    ['nothing', 'command'],
    ['text', ''],
    ['remote', 'url'],
    ['lost', 'cwd'],
    ['unknown', 'args[0]'],
  ] as const) {
    const state = harness.state(name);
    assert.ok(state.kind === 'failed' && state.cause.kind === 'config', `${name} failed of its entry`);
    assert.equal(state.cause.problems[0]?.field, field);
  }
  assert.deepEqual(
    harness.starts.map(({ command }) => command),
    ['good'],
  );
  await harness.end();
});

test('a name that cannot be used fails with the name as the field', async () => {
  const harness = await HostHarness.open(
    JSON.parse(
      '{"__proto__":{"command":"p"},"a/b":{"command":"ab"},"constructor":{"command":"c"}}',
    ) as Record<string, unknown>,
  );
  const proto = harness.state('__proto__');
  assert.ok(proto.kind === 'failed' && proto.cause.kind === 'config');
  assert.equal(proto.cause.problems[0]?.field, '__proto__');
  assert.equal(harness.state('a/b').kind, 'failed');
  assert.equal(harness.state('constructor').kind, 'running', 'an inherited name is a name like any other');
  assert.equal(({} as Record<string, unknown>)['command'], undefined);
  await harness.end();
});

test('adding, changing and removing an entry of the user takes effect at once', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  await harness.edit({ one: { command: 'one' }, two: { command: 'two' } });
  assert.equal(harness.state('two').kind, 'running');
  assert.equal(harness.startsOf('one').length, 1, 'what did not change goes on');

  await harness.edit({ one: { command: 'one', args: ['new'] }, two: { command: 'two' } });
  assert.deepEqual(
    harness.startsOf('one').map(({ spec }) => spec.args),
    [[], ['new']],
  );
  assert.equal(harness.alive('one'), 1);
  assert.equal(harness.state('one').kind, 'running');

  await harness.edit({ two: { command: 'two' } });
  assert.equal(harness.alive('one'), 0);
  assert.deepEqual(
    harness.host.servers().map(({ definition }) => definition.name),
    ['two'],
  );
  await harness.end();
});

test('the order of keys in an entry is no change', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', env: { A: '1', B: '2' } } });
  await harness.edit({ one: { env: { B: '2', A: '1' }, command: 'one' } });
  assert.equal(harness.starts.length, 1);
  await harness.end();
});

test('whoever hears of a change of the settings sees the whole new list', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' }, two: { command: 'two' } });
  const seen = new Set<string>();
  harness.host.onDidChange(() =>
    seen.add(
      harness.host
        .servers()
        .map(({ definition }) => definition.name)
        .join(),
    ),
  );
  await harness.edit({
    one: { command: 'one', start: 'never' },
    two: { command: 'two' },
    three: { command: 'three' },
  });
  assert.deepEqual([...seen], ['one,two,three']);
  await harness.end();
});

test('an entry whose mistake is corrected starts', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', args: 7 } });
  assert.equal(harness.state('one').kind, 'failed');
  await harness.edit({ one: { command: 'one' } });
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('a running server whose entry becomes wrong ends and says what is wrong', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  await harness.edit({ one: { command: 'one', args: 7 } });
  const state = harness.state('one');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'config');
  assert.equal(harness.alive('one'), 0);
  await harness.end();
});

test('an entry that is removed and comes back while its server ends is started once the first is gone', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  harness.world.setServers({});
  harness.world.setServers({ one: { command: 'one' } });
  harness.world.setServers({});
  harness.world.setServers({ one: { command: 'one' } });
  await harness.settle();
  assert.equal(harness.state('one').kind, 'running');
  assert.equal(harness.peak.get('one'), 1, 'never two at once');
  assert.equal(harness.startsOf('one').length, 2);
  await harness.end();
});

test('the log of a server is forgotten when it is gone, but not when it came back meanwhile', async () => {
  const forgotten: string[] = [];
  const harness = new HostHarness({
    logs: {
      forServer: () => ({ trace: drop, debug: drop, info: drop, warn: drop, error: drop }),
      remove: (id) => void forgotten.push(id),
    },
  });
  harness.world.setServers({ one: { command: 'one' }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  harness.world.setServers({});
  harness.world.setServers({ two: { command: 'two' } });
  await harness.settle();
  assert.deepEqual(forgotten, ['user/one']);
  await harness.end();
});

function drop(): void {
  // Nothing is kept.
}

test('what the person stopped stays stopped when its entry changes', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  await harness.host.stop('user/one');
  await harness.edit({ one: { command: 'one', args: ['new'] } });
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  await harness.host.start('user/one');
  assert.deepEqual(harness.start('one').spec.args, ['new'], 'and starts with what the entry says now');
  await harness.end();
});

test('settings that change before the host opened are not lost, and nothing starts early', async () => {
  const harness = new HostHarness();
  harness.world.setServers({ one: { command: 'one' } });
  harness.world.trustGranted.fire();
  await harness.settle();
  assert.equal(harness.launches, 0);
  harness.host.open();
  await harness.settle();
  assert.equal(harness.state('one').kind, 'running');
  await harness.end();
});

test('after the host closed, nothing starts any more, whatever changes', async () => {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  const server = harness.server('one');
  await harness.host.close();
  harness.world.setServers({ one: { command: 'one', args: ['x'] }, two: { command: 'two' } });
  harness.world.trustGranted.fire();
  harness.host.open();
  await Promise.all([server.start('person'), server.restart('person'), harness.host.start('user/one')]);
  await harness.settle();
  assert.equal(harness.launches, 1);
  await harness.end();
});
