import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { SharedWork } from '../../../src/base/sharedWork';

test('shared work is told to end when nobody waits for it any more, and begun anew for the next', async () => {
  const signals: AbortSignal[] = [];
  const answers: Deferred<number>[] = [];
  const shared = new SharedWork<number>(() => new Error('cancelled'));
  const join = (signal: AbortSignal): Promise<number> =>
    shared.join((end) => {
      signals.push(end);
      const answer = new Deferred<number>();
      answers.push(answer);
      return answer.promise;
    }, signal);
  const [first, second] = [new AbortController(), new AbortController()];
  const a = assert.rejects(join(first.signal), /cancelled/);
  const b = assert.rejects(join(second.signal), /cancelled/);
  first.abort();
  await a;
  assert.equal(signals[0]?.aborted, false, 'somebody still waits');
  second.abort();
  await b;
  assert.deepEqual([signals[0]?.aborted, shared.isUnderWay], [true, false]);
  await assert.rejects(join(AbortSignal.abort()), /cancelled/);
  const c = join(new AbortController().signal);
  answers[1]?.resolve(7);
  assert.deepEqual([await c, signals.length, shared.isUnderWay], [7, 2, false]);
  const d = join(new AbortController().signal);
  answers[2]?.reject(new Error('no'));
  await assert.rejects(d, /no/);
  assert.equal(shared.isUnderWay, false);
});
