import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { HostHarness } from '../../support/hostHarness';

const ID = 'user/one';

/** A server that was lost while its process still takes a while to end. */
async function lostButAlive(): Promise<{ harness: HostHarness; gone: Deferred<void> }> {
  const harness = await HostHarness.open({ one: { command: 'one' } });
  const gone = new Deferred<void>();
  const { server } = harness.start('one');
  server.clientTransport.close = () => gone.promise;
  server.transport.exit({ code: null, signal: null });
  await harness.settle();
  assert.equal(harness.state('one').kind, 'failed', 'told at once');
  assert.equal(harness.start('one').hostPort.isClosed, false, 'the client still ends its process');
  return { harness, gone };
}

for (const [how, again] of [
  ['started', (harness: HostHarness) => harness.host.start(ID)],
  ['restarted', (harness: HostHarness) => harness.host.restart(ID)],
  ['changed', (harness: HostHarness) => harness.edit({ one: { command: 'one', args: ['x'] } })],
  [
    'removed and written again',
    async (harness: HostHarness) => {
      await harness.edit({});
      await harness.edit({ one: { command: 'one' } });
    },
  ],
] as const)
  test(`a lost server that is ${how} starts when nothing is left of the process before`, async () => {
    const { harness, gone } = await lostButAlive();
    const done = again(harness);
    await harness.settle();
    assert.equal(harness.startsOf('one').length, 1);
    gone.resolve();
    await done;
    await harness.settle();
    assert.equal(harness.startsOf('one').length, 2);
    assert.equal(harness.state('one').kind, 'running');
    await harness.end();
  });

test('a lost server that is stopped meanwhile stays stopped, and the host waits for its end', async () => {
  const { harness, gone } = await lostButAlive();
  const started = harness.host.start(ID);
  const stopped = harness.host.stop(ID);
  let closed = false;
  const closing = harness.host.close().then(() => (closed = true));
  await harness.settle();
  assert.equal(closed, false);
  gone.resolve();
  await Promise.all([started, stopped, closing]);
  assert.deepEqual(harness.state('one'), { kind: 'stopped', why: { kind: 'by-person' } });
  assert.equal(harness.startsOf('one').length, 1);
  await harness.end();
});

test('disposing ends the client of a lost server at once', async () => {
  const { harness, gone } = await lostButAlive();
  harness.host.dispose();
  assert.ok(harness.start('one').hostPort.isClosed);
  gone.resolve();
  await harness.end();
});
