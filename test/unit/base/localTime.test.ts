import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { dayBefore, localDay, localHour, monthBefore, nextMidnight } from '../../../src/base/localTime';

const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

const at = (text: string): number => new Date(text).getTime();

test('hours and days are those of the person’s own calendar, and change with it to the millisecond', () => {
  process.env['TZ'] = 'Asia/Kolkata';
  assert.equal(localDay(at('2026-11-22T18:29:59.999Z')), '2026-11-22');
  assert.equal(localDay(at('2026-11-22T18:30:00Z')), '2026-11-23');
  assert.equal(localHour(at('2026-11-22T18:29:59.999Z')), '2026-11-22T23');
  assert.equal(localHour(at('2026-11-22T18:30:00Z')), '2026-11-23T00');
});

test('days are counted in the calendar, also where one has 23 or 25 hours', () => {
  process.env['TZ'] = 'Europe/Berlin';
  assert.equal(dayBefore(at('2026-03-29T23:30:00+02:00'), 1), '2026-03-28');
  assert.equal(dayBefore(at('2026-03-30T00:30:00+02:00'), 1), '2026-03-29');
  assert.equal(dayBefore(at('2026-10-26T00:30:00+01:00'), 1), '2026-10-25');
  assert.equal(dayBefore(at('2026-03-01T12:00:00+01:00'), 1), '2026-02-28');
  assert.equal(nextMidnight(at('2026-10-25T00:30:00+02:00')), at('2026-10-26T00:00:00+01:00'));
  assert.equal(localHour(at('2026-10-25T02:30:00+02:00')), localHour(at('2026-10-25T02:30:00+01:00')));
});

test('months are counted in the calendar, from its longest days too', () => {
  process.env['TZ'] = 'UTC';
  assert.equal(monthBefore(at('2026-03-31T12:00:00Z'), 1), '2026-02');
  assert.equal(monthBefore(at('2026-03-31T12:00:00Z'), 11), '2025-04');
  assert.equal(monthBefore(at('2026-01-01T00:00:00Z'), 0), '2026-01');
});
