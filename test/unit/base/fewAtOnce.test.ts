import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { FewAtOnce } from '../../../src/base/fewAtOnce';

test('work begins in its order, so much at a time as is allowed, whatever becomes of what went before', async () => {
  const few = new FewAtOnce(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 5 }, () => new Deferred<number>());
  const all = ends.map((end, index) =>
    few.run(() => {
      begun.push(index);
      return end.promise;
    }),
  );
  assert.deepEqual(begun, [0, 1]);
  ends[1]?.resolve(1);
  assert.equal(await all[1], 1);
  assert.deepEqual(begun, [0, 1, 2]);
  ends[0]?.reject(new Error('no'));
  await assert.rejects(all[0] ?? Promise.resolve(), /no/);
  assert.deepEqual(begun, [0, 1, 2, 3]);
  for (const end of ends) end.resolve(9);
  assert.deepEqual(await Promise.all(all.slice(2)), [9, 9, 9]);
  assert.equal(await few.run(() => Promise.resolve('later')), 'later');
});

test('work that throws at once gives its place to the next', async () => {
  const few = new FewAtOnce(1);
  await assert.rejects(
    few.run(() => {
      throw new Error('at once');
    }),
    /at once/,
  );
  assert.equal(await few.run(() => Promise.resolve(1)), 1);
});
