import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LogRate } from '../../../src/base/logRate';
import { FakeClock } from '../../support/fakeClock';

/** How many of these pass one after the other. */
function passing(rate: LogRate, text: string): number {
  let count = 0;
  for (; count < 1_000 && rate.isOpen; count++) rate.take(text);
  return count;
}

const fresh = (): LogRate => new LogRate(new FakeClock());

test('200 texts pass in a second, and 32,768 characters in them', () => {
  assert.equal(passing(fresh(), ''), 200);
  assert.equal(passing(fresh(), 'x'.repeat(163)), 200);
  assert.equal(passing(fresh(), 'x'.repeat(164)), 200);
  assert.equal(passing(fresh(), 'x'.repeat(256)), 128);
  assert.equal(passing(fresh(), 'x'.repeat(257)), 128);
});

test('a text passes however long it is, and nothing after it', () => {
  assert.equal(passing(fresh(), 'x'.repeat(32_767)), 2);
  assert.equal(passing(fresh(), 'x'.repeat(32_768)), 1);
  assert.equal(passing(fresh(), '漢'.repeat(8_192)), 1);
});

test('characters that are not printable ASCII count as four', () => {
  for (const text of ['漢', '\u0001', '\t', 'é', '\u202e', '\ud800'])
    assert.equal(passing(fresh(), text.repeat(128)), 64, JSON.stringify(text));
  assert.equal(passing(fresh(), '👩'.repeat(64)), 64);
  assert.equal(passing(fresh(), 'x~ é'.repeat(64)), Math.ceil(32_768 / (7 * 64)));
});

test('the next second has a share of its own, and no more than that', () => {
  const clock = new FakeClock();
  const rate = new LogRate(clock);
  assert.equal(passing(rate, 'x'.repeat(256)), 128);
  clock.advance(1_000 - (clock.monotonic() % 1_000) - 1);
  assert.ok(!rate.isOpen);
  clock.advance(1);
  assert.equal(passing(rate, ''), 200);
  clock.advance(3_600_000);
  assert.equal(passing(rate, 'x'.repeat(256)), 128);
});
