import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { Calls, type Call } from '../../../src/host/calls';
import { FailureError } from '../../../src/protocol/failure';
import { FakeClock } from '../../support/fakeClock';

const WHAT = { serverId: 'user/x', kind: 'tool', target: 'echo' } as const;

test('a call runs, takes time and is done, and its listeners see each step', async () => {
  const clock = new FakeClock();
  const calls = new Calls(clock);
  const seen: Call['state'][] = [];
  calls.onDidChange(({ state }) => seen.push(state));
  const work = new Deferred<string>();
  const run = calls.run(
    WHAT,
    {},
    () => work.promise,
    (text) => text === 'bad',
  );
  const since = clock.wall();
  clock.advance(30);
  calls.report('user/x', 1, { progress: 1 });
  work.resolve('bad');
  assert.equal(await run, 'bad');
  assert.deepEqual(calls.get(1), {
    id: 1,
    ...WHAT,
    startedAt: since,
    background: false,
    state: { kind: 'done', ms: 30, isError: true },
  });
  assert.deepEqual(seen, [
    { kind: 'running' },
    { kind: 'running', progress: { progress: 1 } },
    { kind: 'done', ms: 30, isError: true },
  ]);
});

test('a call that fails says how, and gives back the very error', async () => {
  const calls = new Calls(new FakeClock());
  const error = new FailureError({ code: 'cancelled' });
  await assert.rejects(
    calls.run(WHAT, {}, () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
  assert.deepEqual(calls.get(1)?.state, { kind: 'failed', ms: 0, failure: { code: 'cancelled' } });
});

test('progress counts for a running call of the same server only', async () => {
  const calls = new Calls(new FakeClock());
  const seen: unknown[] = [];
  const work = new Deferred<void>();
  const run = calls.run(WHAT, { onProgress: (progress) => seen.push(progress) }, () => work.promise);
  calls.report('user/y', 1, { progress: 1 });
  calls.report('user/x', 2, { progress: 2 });
  calls.report('user/x', 1, { progress: 3 });
  work.resolve();
  await run;
  calls.report('user/x', 1, { progress: 4 });
  assert.deepEqual(seen, [{ progress: 3 }]);
  assert.equal(calls.get(1)?.state.kind, 'done');
});

test('cancelling aborts the work, from here or from the caller, even before it began', async () => {
  const calls = new Calls(new FakeClock());
  const signals: AbortSignal[] = [];
  const caller = new AbortController();
  const works = [new Deferred<void>(), new Deferred<void>()];
  const runs = works.map((work, index) =>
    calls.run(WHAT, index === 0 ? { signal: caller.signal } : {}, (_id, signal) => {
      signals.push(signal);
      return work.promise;
    }),
  );
  caller.abort();
  calls.cancel(2);
  calls.cancel(99);
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  );
  for (const work of works) work.resolve();
  await Promise.all(runs);
  await calls.run(WHAT, { signal: caller.signal }, (_id, signal) => Promise.resolve(signals.push(signal)));
  assert.equal(signals[2]?.aborted, true);
});

test('the history keeps the last 200 that ended, and every one that runs', async () => {
  const calls = new Calls(new FakeClock());
  const work = new Deferred<void>();
  const first = calls.run(WHAT, {}, () => work.promise);
  for (let count = 0; count < 1_000; count++) await calls.run(WHAT, {}, () => Promise.resolve());
  const kept = Array.from({ length: 1_002 }, (_, id) => id).filter((id) => calls.get(id) !== undefined);
  assert.deepEqual(kept, [1, ...Array.from({ length: 200 }, (_, index) => 802 + index)]);
  work.resolve();
  await first;
  assert.equal(calls.get(1), undefined, 'once it has ended it is the oldest');
});

test("a caller's signal that lives on does not keep ended calls", async () => {
  const calls = new Calls(new FakeClock());
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  for (let count = 0; count < 3; count++) await calls.run(WHAT, { signal }, () => Promise.resolve());
  assert.equal(listeners, 0);
});

test('disposing aborts what runs', async () => {
  const calls = new Calls(new FakeClock());
  const work = new Deferred<void>();
  let aborted = false;
  const run = calls.run(WHAT, {}, (_id, signal) => {
    signal.addEventListener('abort', () => (aborted = true));
    return work.promise;
  });
  calls.dispose();
  assert.ok(aborted);
  work.resolve();
  await run;
});
