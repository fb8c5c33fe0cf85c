import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TextRate } from '../../../src/base/textRate';
import { FakeClock } from '../../support/fakeClock';

/** How many of these pass one after the other. */
function passing(rate: TextRate, text: string): number {
  let count = 0;
  while (count < 1_000_000 && rate.admit(text)) count++;
  return count;
}

test('32,768 characters pass at once, in texts of any length', () => {
  assert.equal(passing(new TextRate(new FakeClock()), 'x'.repeat(128)), 256);
  assert.equal(passing(new TextRate(new FakeClock()), 'x'), 32_768);
  assert.equal(passing(new TextRate(new FakeClock()), 'x'.repeat(32_768)), 1);
  assert.equal(passing(new TextRate(new FakeClock()), 'x'.repeat(32_769)), 0);
});

test('characters that are not printable ASCII take the room of four', () => {
  for (const text of ['漢', '\u0001', '\t', 'é', '\u202e', '\ud800'])
    assert.equal(passing(new TextRate(new FakeClock()), text.repeat(128)), 64, JSON.stringify(text));
  assert.equal(passing(new TextRate(new FakeClock()), '👩'.repeat(64)), 64);
  assert.equal(passing(new TextRate(new FakeClock()), 'x~ é'), Math.floor(32_768 / 7));
});

test('a text that does not fit takes nothing, so that a shorter one may', () => {
  const rate = new TextRate(new FakeClock());
  assert.ok(rate.admit('x'.repeat(32_000)));
  assert.ok(!rate.admit('x'.repeat(1_000)));
  assert.ok(!rate.admit('é'.repeat(200)));
  assert.ok(rate.admit('x'.repeat(768)));
  assert.ok(!rate.admit('x'));
  assert.ok(rate.admit(''));
});

test('the room grows back with time, up to what it was', () => {
  const clock = new FakeClock();
  const rate = new TextRate(clock);
  assert.equal(passing(rate, 'x'.repeat(128)), 256);
  clock.advance(250);
  assert.equal(passing(rate, 'x'.repeat(128)), 64);
  clock.advance(3_600_000);
  assert.equal(passing(rate, 'x'.repeat(128)), 256);
});
