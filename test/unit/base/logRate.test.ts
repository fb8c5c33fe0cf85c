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
  assert.equal(passing(fresh(), '\u0001'.repeat(8_192)), 1);
});

test('what cannot be shown as it is counts as eight', () => {
  for (const text of ['\u0001', '\t', '\u202e', '\ud800', '\u0301', '    ', '](', '$('])
    assert.equal(passing(fresh(), text.repeat(256 / text.length)), 16, JSON.stringify(text));
  for (const text of ['x', '漢', 'é', '€', '👩', '   x', ')(', '~!'])
    assert.equal(passing(fresh(), text.repeat(256 / text.length)), 128, JSON.stringify(text));
  assert.equal(passing(fresh(), `${'x'.repeat(200)}\u0001\u0002 \t`), Math.ceil(32_768 / (201 + 3 * 8)));
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
