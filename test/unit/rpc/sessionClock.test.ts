import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { Failure } from '../../../src/protocol/failure';
import { SessionClock } from '../../../src/rpc/sessionClock';
import { FakeClock } from '../../support/fakeClock';

function running(
  idle: number,
  total: number,
): {
  clock: FakeClock;
  session: SessionClock;
  expired: Failure[];
  deadline: ReturnType<SessionClock['start']>;
} {
  const clock = new FakeClock();
  const session = new SessionClock(clock);
  const expired: Failure[] = [];
  const deadline = session.start({ idle, total }, (failure) => expired.push(failure));
  return { clock, session, expired, deadline };
}

test('the idle limit runs out once, at its time', () => {
  const { clock, expired } = running(100, 1_000);
  clock.advance(99);
  assert.deepEqual(expired, []);
  clock.advance(1);
  clock.advance(10_000);
  assert.deepEqual(expired, [{ code: 'timeout', ms: 100, limit: 'idle' }]);
  assert.equal(clock.waiting, 0);
});

test('a sign of life starts the idle limit again, never the total one', () => {
  const { clock, expired, deadline } = running(100, 250);
  for (let times = 0; times < 5; times++) {
    clock.advance(49);
    deadline.touch();
  }
  assert.deepEqual(expired, []);
  clock.advance(5);
  assert.deepEqual(expired, [{ code: 'timeout', ms: 250, limit: 'total' }]);
});

test('nested pauses stop the clock until the last one ends, and ending one twice counts once', () => {
  const { clock, session, expired } = running(100, 1_000);
  clock.advance(60);
  const outer = session.pause();
  clock.advance(1_000);
  const inner = session.pause();
  outer.dispose();
  outer.dispose();
  clock.advance(1_000);
  assert.deepEqual(expired, []);
  inner.dispose();
  clock.advance(39);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.equal(expired.length, 1);
});

test('a deadline that starts in a pause begins behind it', () => {
  const clock = new FakeClock();
  const session = new SessionClock(clock);
  const pause = session.pause();
  const expired: Failure[] = [];
  session.start({ idle: 10, total: 20 }, (failure) => expired.push(failure));
  clock.advance(1_000);
  pause.dispose();
  clock.advance(9);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.equal(expired.length, 1);
});

test('a request ends when its clock has stood still for too long in all, however short each pause is', () => {
  for (const [stand, run] of [
    [100, 0],
    [30, 10],
    [7, 1],
  ] as const) {
    const clock = new FakeClock();
    const session = new SessionClock(clock, 1_000);
    const expired: number[] = [];
    const begin = clock.monotonic();
    session.start({ idle: 5_000, total: 500 }, () => expired.push(clock.monotonic() - begin));
    while (clock.monotonic() - begin < 5_000) {
      const pause = session.pause();
      clock.advance(stand);
      pause.dispose();
      clock.advance(run);
    }
    assert.deepEqual(expired, [1_500]);
  }
});

test('the longest standstill ends a request in the middle of a pause, at its time', () => {
  const clock = new FakeClock();
  const session = new SessionClock(clock, 1_000);
  const expired: Failure[] = [];
  session.start({ idle: 100, total: 500 }, (failure) => expired.push(failure));
  clock.advance(50);
  const pause = session.pause();
  // It began in the pause, and has its own end.
  session.start({ idle: 100, total: 800 }, (failure) => expired.push(failure));
  clock.advance(1_449);
  assert.deepEqual(expired, []);
  clock.advance(1);
  assert.deepEqual(expired, [{ code: 'timeout', ms: 500, limit: 'total' }]);
  clock.advance(350);
  assert.equal(expired.length, 2);
  pause.dispose();
  assert.equal(clock.waiting, 0);
});

test('a disposed deadline leaves nothing behind, in a pause too', () => {
  const { clock, session, expired, deadline } = running(100, 1_000);
  const pause = session.pause();
  clock.advance(200);
  deadline.dispose();
  pause.dispose();
  clock.advance(10_000);
  assert.deepEqual(expired, []);
  assert.equal(clock.waiting, 0);
});

test('limits without end never run out', () => {
  const { clock, expired, deadline } = running(Infinity, Infinity);
  clock.advance(1e12);
  assert.deepEqual(expired, []);
  deadline.dispose();
  assert.equal(clock.waiting, 0);
});

test('a deadline runs out when the time outside all pauses has passed, for any pauses', () => {
  const spans = fc.array(fc.record({ run: fc.nat(40), stand: fc.nat(1_000), nested: fc.boolean() }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(spans, (list) => {
      const { clock, session, expired } = running(100, 100_000);
      let counted = 0;
      for (const { run, stand, nested } of list) {
        clock.advance(run);
        counted += run;
        assert.equal(expired.length, counted >= 100 ? 1 : 0);
        const pauses = nested ? [session.pause(), session.pause()] : [session.pause()];
        clock.advance(stand);
        for (const pause of pauses) pause.dispose();
      }
    }),
  );
});

test('many deadlines share one timer, and each runs out at its own time', () => {
  const clock = new FakeClock();
  const session = new SessionClock(clock);
  const expired: string[] = [];
  const start = (name: string, idle: number): ReturnType<SessionClock['start']> =>
    session.start({ idle, total: 10_000 }, () => expired.push(name));
  start('slow', 300);
  start('quick', 100);
  const touched = start('touched', 200);
  const ended = start('ended', 50);
  assert.equal(clock.waiting, 1);
  ended.dispose();
  clock.advance(100);
  assert.deepEqual(expired, ['quick']);
  touched.touch();
  clock.advance(199);
  assert.deepEqual(expired, ['quick']);
  clock.advance(1);
  assert.deepEqual(expired, ['quick', 'slow', 'touched']);
  assert.equal(clock.waiting, 0);
});
