import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  decideAfterCrash,
  decideAfterCut,
  recentCrashes,
  type Crash,
} from '../../../src/policy/crashRestart';

const quick = (at: number): Crash => ({ at, ranMs: 100 });
const healthy = (at: number): Crash => ({ at, ranMs: 60_000 });

/** Crashes so far | shortest, middle and longest wait. */
const WAITS: readonly (readonly [readonly Crash[], number, number, number])[] = [
  [[quick(0)], 800, 1_000, 1_200],
  [[quick(0), quick(1)], 1_600, 2_000, 2_400],
  [[quick(0), quick(1), quick(2)], 3_200, 4_000, 4_800],
  [[quick(0), quick(1), quick(2), quick(3)], 6_400, 8_000, 9_600],
  // After a minute in which it ran, as the first time.
  [[quick(0), quick(1), healthy(2)], 800, 1_000, 1_200],
  [[quick(0), healthy(1), quick(2)], 1_600, 2_000, 2_400],
  [[quick(0), { at: 1, ranMs: 59_999 }], 1_600, 2_000, 2_400],
];

for (const [crashes, ...expected] of WAITS)
  test(`after crashes of servers that ran ${crashes.map(({ ranMs }) => ranMs).join(', ')} ms it waits ${expected[1]} ms, a fifth more or less`, () => {
    for (const [index, dice] of [0, 0.5, 1].entries())
      assert.deepEqual(decideAfterCrash(crashes, dice), {
        kind: 'restart',
        inMs: expected[index],
        start: crashes.length + 1,
        of: 5,
      });
  });

test('five crashes in ten minutes are a loop, however long the server ran in between', () => {
  for (const crash of [quick, healthy])
    assert.deepEqual(decideAfterCrash([0, 1, 2, 3, 4].map(crash), 0.5), { kind: 'crash-loop', crashes: 5 });
});

test('cut streams are opened again after a second at the earliest and a minute at the latest, ten of them at most', () => {
  const waits = Array.from({ length: 9 }, (_, count) =>
    [0, 1].map((dice) => {
      const next = decideAfterCut(
        Array.from({ length: count + 1 }, (__, at) => quick(at)),
        dice,
      );
      assert.ok(next.kind === 'restart' && next.start === count + 2 && next.of === 10);
      return next.inMs / 1_000;
    }),
  );
  assert.deepEqual(waits.slice(0, 3), [
    [1, 1.2],
    [2, 2.4],
    [4, 4.8],
  ]);
  assert.deepEqual(waits.slice(5), [[32, 38.4], ...Array.from({ length: 3 }, () => [50, 60])]);
  assert.deepEqual(
    decideAfterCut(
      Array.from({ length: 10 }, (_, at) => quick(at)),
      0,
    ),
    {
      kind: 'out-of-reach',
      tries: 10,
    },
  );
});

test('crashes count for ten minutes, and none of a time to come', () => {
  const now = 1_000_000;
  const crashes = [now - 600_000, now - 599_999, now, now + 1].map(quick);
  assert.deepEqual(
    recentCrashes(crashes, now).map(({ at }) => at),
    [now - 599_999, now],
  );
  assert.equal(
    recentCrashes(
      Array.from({ length: 100 }, () => quick(now)),
      now,
    ).length,
    10,
  );
});
