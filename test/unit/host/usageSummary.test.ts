import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { UsageBook } from '../../../src/host/usageBook';
import { dailyUsage, serverUsage, summarizeUsage, type UsagePeriod } from '../../../src/host/usageSummary';
import { counts, local, series } from '../../support/usage';

const NOW = local(2026, 11, 22, 15, 30);
const PERIODS: readonly UsagePeriod[] = ['today', 'week', 'month', 'year'];

/** Requests at these times. */
function bookOf(...times: readonly number[]): UsageBook {
  const book = new UsageBook();
  for (const at of times) book.add(at, series('a', 'm'), counts('answered', 3, 2));
  return book;
}

const answeredIn = (book: UsageBook, period: UsagePeriod, now = NOW): number =>
  summarizeUsage([book], period, now).total.outcomes.answered ?? 0;

test('a period ends with today, and begins where its name says, to the minute', () => {
  const cases: readonly (readonly [period: UsagePeriod, first: number, before: number])[] = [
    ['today', local(2026, 11, 22, 0, 0), local(2026, 11, 21, 23, 59)],
    ['week', local(2026, 11, 16, 0, 0), local(2026, 11, 15, 23, 59)],
    ['month', local(2026, 10, 24, 0, 0), local(2026, 10, 23, 23, 59)],
    ['year', local(2025, 12, 1, 0, 0), local(2025, 11, 30, 23, 59)],
  ];
  for (const [period, first, before] of cases) {
    assert.equal(answeredIn(bookOf(first), period), 1, `${period}: its first minute`);
    assert.equal(answeredIn(bookOf(before), period), 0, `${period}: the minute before`);
    assert.equal(answeredIn(bookOf(local(2026, 11, 23, 0, 0)), period), 0, `${period}: tomorrow`);
  }
});

test('every part of a period is there once, in order, with what happened in it', () => {
  const names = (period: UsagePeriod): readonly string[] =>
    summarizeUsage([], period, NOW).parts.map(({ name }) => name);
  assert.deepEqual(
    PERIODS.map((period) => names(period).length),
    [24, 7, 30, 12],
  );
  assert.deepEqual([names('today')[0], names('today')[23]], ['2026-11-22T00', '2026-11-22T23']);
  assert.deepEqual([names('week')[0], names('week')[6]], ['2026-11-16', '2026-11-22']);
  assert.deepEqual([names('month')[0], names('month')[29]], ['2026-10-24', '2026-11-22']);
  assert.deepEqual([names('year')[0], names('year')[11]], ['2025-12', '2026-11']);
  const book = bookOf(local(2026, 11, 22, 9, 59), local(2026, 11, 22, 10, 0), local(2026, 11, 20));
  const counted = (period: UsagePeriod): unknown =>
    summarizeUsage([book], period, NOW).parts.flatMap(({ name, counts: { outcomes } }) =>
      outcomes.answered === undefined ? [] : [[name, outcomes.answered]],
    );
  assert.deepEqual(counted('today'), [
    ['2026-11-22T09', 1],
    ['2026-11-22T10', 1],
  ]);
  assert.deepEqual(counted('week'), [
    ['2026-11-20', 1],
    ['2026-11-22', 2],
  ]);
  assert.deepEqual(counted('year'), [['2026-11', 3]]);
});

test('parts and lines each add up to the total, of several books', () => {
  const times = fc.array(fc.integer({ min: 0, max: 7 * 24 - 1 }), { maxLength: 30 });
  fc.assert(
    fc.property(times, times, (one, other) => {
      const books = [one, other].map((hours, index) => {
        const book = new UsageBook();
        for (const ago of hours)
          book.add(NOW - ago * 3_600_000, series('a', `m${(ago + index) % 3}`), counts('denied', ago, 1));
        return book;
      });
      for (const period of PERIODS) {
        const { total, parts, lines } = summarizeUsage(books, period, NOW);
        for (const pieces of [parts, lines]) {
          const sum = (of: (piece: (typeof pieces)[number]) => number): number =>
            pieces.reduce((all, piece) => all + of(piece), 0);
          assert.equal(
            sum(({ counts: { outcomes } }) => outcomes.denied ?? 0),
            total.outcomes.denied ?? 0,
          );
          assert.equal(
            sum(({ counts: { tokensIn } }) => tokensIn),
            total.tokensIn,
          );
        }
      }
    }),
  );
});

test('lines are by server and model, those that cost most first', () => {
  const book = new UsageBook();
  book.add(NOW, series('a', 'small'), counts('answered', 10, 0));
  book.add(NOW, series('b', 'large'), counts('answered', 90, 10));
  book.add(NOW, series('a'), counts('denied'));
  for (let count = 0; count < 2; count++) book.add(NOW, series('b'), counts('refused-busy'));
  const lines = summarizeUsage([book], 'today', NOW).lines.map(({ series: { serverName, modelName } }) => [
    serverName,
    modelName,
  ]);
  assert.deepEqual(lines, [
    ['b', 'large'],
    ['a', 'small'],
    ['b', ''],
    ['a', ''],
  ]);
});

test('what one server has used is of all its models, and of no other server', () => {
  const book = bookOf(NOW, local(2026, 11, 22, 14, 0), local(2026, 11, 16), local(2026, 11, 15));
  book.add(NOW, series('a', 'other'), counts('denied'));
  book.add(NOW, series('b', 'm'), counts('answered', 500, 500));
  const { hour, today, week } = serverUsage([book, bookOf(NOW)], 'key of a', NOW);
  assert.deepEqual(hour, { outcomes: { answered: 2, denied: 1 }, tokensIn: 6, tokensOut: 4, estimated: 0 });
  assert.deepEqual([today.outcomes.answered, week.outcomes.answered], [3, 4]);
});

test('days are listed with their series, the oldest first, each once', () => {
  const days = dailyUsage([bookOf(NOW, local(2026, 1, 5)), bookOf(NOW)]).map(
    ({ day, counts: { outcomes } }) => [day, outcomes.answered],
  );
  assert.deepEqual(days, [
    ['2026-01-05', 1],
    ['2026-11-22', 2],
  ]);
});
