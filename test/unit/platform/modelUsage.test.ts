import assert from 'node:assert/strict';
import { test } from 'node:test';

import { systemClock } from '../../../src/base/clock';
import { countUsage } from '../../../src/platform/modelUsage';
import { FakeClock } from '../../support/fakeClock';

/** A text of this length that is counted so. */
const counted = (
  characters: number,
  count: () => PromiseLike<number>,
): { readonly characters: number; readonly count: () => PromiseLike<number> } => ({ characters, count });
const as = (tokens: number) => () => Promise.resolve(tokens);

test('tokens of all messages are added, and those of the answer are apart', async () => {
  const input = [counted(40, as(10)), counted(8, as(2.2))];
  assert.deepEqual(await countUsage(input, counted(4, as(1)), systemClock), { input: 13, output: 1 });
  assert.deepEqual(await countUsage([], counted(0, as(0)), systemClock), { input: 0, output: 0 });
});

test('a model that cannot count, or makes numbers up, has counted nothing', async () => {
  const cannot = (): Promise<number> => Promise.reject(new Error('no'));
  const breaks = (): Promise<number> => {
    throw new Error('no');
  };
  for (const count of [
    cannot,
    breaks,
    as(0),
    as(-5),
    as(Number.NaN),
    as(Number.POSITIVE_INFINITY),
    as(1e300),
  ])
    assert.deepEqual(
      await countUsage([counted(4, as(1)), counted(100, count)], counted(100, count), systemClock),
      {},
      'a part of the input alone is no count of it',
    );
});

test('nobody waits for long for a count that does not come, and what came in time counts', async () => {
  const clock = new FakeClock();
  const never = (): Promise<number> => new Promise(() => undefined);
  const usage = countUsage([counted(4, never)], counted(4, as(1)), clock);
  await new Promise<void>((resolve) => setImmediate(resolve));
  clock.advance(1_000);
  assert.deepEqual(await usage, { output: 1 });
  assert.equal(clock.waiting, 0);
});
