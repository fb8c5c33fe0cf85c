import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { OTHERS, sumUsage, type UsageOutcome } from '../../../src/host/usage';
import { UsageBook } from '../../../src/host/usageBook';
import { readBook, storedBook } from '../../../src/host/usageStorage';
import { counts, local, requestsIn, series } from '../../support/usage';

const ROOMY = { series: 100, days: 10_000, hours: 10_000 };
const NOW = local(2026, 11, 22);
const DAY_MS = 86_400_000;

const anyCounts = fc.record({
  outcomes: fc.dictionary(
    fc.constantFrom<UsageOutcome>('answered', 'denied', 'refused-busy'),
    fc.integer({ min: 1, max: 1_000 }),
    { noNullPrototype: true },
  ),
  tokensIn: fc.nat(1_000),
  tokensOut: fc.nat(1_000),
  estimated: fc.constant(0),
});

test('sums are of each outcome by itself, in any order, and stay numbers', () => {
  assert.deepEqual(sumUsage(counts('answered', 1, 2, 3), counts('denied', 10, 20, 30)), {
    outcomes: { answered: 1, denied: 1 },
    tokensIn: 11,
    tokensOut: 22,
    estimated: 33,
  });
  fc.assert(
    fc.property(anyCounts, anyCounts, anyCounts, (a, b, c) => {
      assert.deepEqual(sumUsage(a, b), sumUsage(b, a));
      assert.deepEqual(sumUsage(sumUsage(a, b), c), sumUsage(a, sumUsage(b, c)));
    }),
  );
  const huge = { ...counts('answered', Number.MAX_SAFE_INTEGER), outcomes: { answered: 2 ** 53 - 1 } };
  const sum = sumUsage(huge, huge);
  assert.ok(Number.isSafeInteger(sum.tokensIn) && Number.isSafeInteger(sum.outcomes.answered));
});

test('a request counts in its hour and its day, at their borders too', () => {
  const book = new UsageBook();
  for (const at of [
    local(2026, 11, 21, 23, 59),
    local(2026, 11, 22, 0, 0),
    local(2026, 11, 22, 0, 59),
    local(2026, 11, 22, 1, 0),
  ])
    book.add(at, series('a'), counts());
  const names = (cells: UsageBook['days']): unknown =>
    [...cells].map(([name, each]) => [name, [...each.values()][0]?.outcomes.answered]);
  assert.deepEqual(names(book.hours), [
    ['2026-11-21T23', 1],
    ['2026-11-22T00', 2],
    ['2026-11-22T01', 1],
  ]);
  assert.deepEqual(names(book.days), [
    ['2026-11-21', 1],
    ['2026-11-22', 3],
  ]);
});

test('hours are kept for eight days and days for four hundred, and no longer', () => {
  const book = new UsageBook();
  for (const days of [0, 8, 9, 400, 401])
    book.add(local(2026, 11, 22 - days), series(`${days} days ago`), counts());
  book.trim(NOW, ROOMY);
  assert.deepEqual([...book.hours.keys()].sort(), ['2026-11-14T12', '2026-11-22T12']);
  assert.deepEqual([...book.days.keys()].sort(), ['2025-10-18', '2026-11-13', '2026-11-14', '2026-11-22']);
  assert.ok(![...book.series.values()].some(({ serverName }) => serverName === '401 days ago'));
});

test('a clock that is set back loses nothing, and one that was wrong for long fills nothing', () => {
  const book = new UsageBook();
  book.add(NOW, series('a'), counts());
  book.trim(local(1970, 1, 2), ROOMY);
  assert.equal(requestsIn([book]), 1);
  for (let day = 0; day < 50; day++) book.add(local(2090, 1, day), series('a'), counts());
  book.trim(NOW, { series: 100, days: 20, hours: 20 });
  assert.equal(book.days.size, 20);
  assert.ok(book.days.has('2026-11-22'), 'what is real stays');
});

test('too many servers and models are folded, those used least lately first, and none of their counts is lost', () => {
  const book = new UsageBook();
  for (let index = 0; index < 30; index++)
    book.add(NOW - (30 - index) * DAY_MS, series(`s${index}`, 'm'), counts('answered', 10, 1));
  book.add(NOW, series('s0', 'm'), counts());
  book.trim(NOW, { ...ROOMY, series: 5 });
  assert.deepEqual([...book.series.values()].map(({ serverName }) => serverName).sort(), [
    '',
    's0',
    's27',
    's28',
    's29',
  ]);
  assert.equal(requestsIn([book]), 31);
  book.trim(NOW, { ...ROOMY, series: 5 });
  assert.equal(book.series.size, 5, 'folding again changes nothing');
  assert.equal(requestsIn([book]), 31);
});

test('too many counts are folded day by day, the oldest first, and none is lost', () => {
  const book = new UsageBook();
  for (let day = 0; day < 10; day++)
    for (const server of ['a', 'b', 'c', 'd']) book.add(NOW - day * DAY_MS, series(server), counts('denied'));
  book.trim(NOW, { ...ROOMY, days: 25 });
  const sizes = [...book.days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cells]) => cells.size);
  assert.deepEqual(sizes, [1, 1, 1, 1, 1, 4, 4, 4, 4, 4]);
  assert.equal(requestsIn([book]), 40);
  assert.deepEqual(
    [...(book.days.get('2026-11-13')?.keys() ?? [])],
    [JSON.stringify([OTHERS.serverKey, '', ''])],
  );
});

const anyBook = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.constantFrom('a', '__proto__', 'c'), anyCounts))
  .map((entries) => {
    const book = new UsageBook();
    for (const [days, name, each] of entries) book.add(NOW - days * DAY_MS, series(name, name), each);
    return book;
  });

test('books together hold the counts of each, in any order', () => {
  fc.assert(
    fc.property(anyBook, anyBook, (a, b) => {
      const [one, other] = [new UsageBook(), new UsageBook()];
      for (const book of [a, b]) one.addAll(book);
      for (const book of [b, a]) other.addAll(book);
      assert.equal(requestsIn([one]), requestsIn([a, b]));
      assert.deepEqual(one, other);
    }),
  );
});

test('a book is read back as it was stored', () => {
  fc.assert(
    fc.property(anyBook, (book) => {
      const stored: unknown = JSON.parse(JSON.stringify(storedBook(book)));
      assert.deepEqual(readBook(stored as never), book);
    }),
  );
});

test('a stored book of any shape is read as far as it holds counts', () => {
  fc.assert(fc.property(fc.jsonValue(), (stored) => void readBook(stored as never)));
  const good = storedBook(bookOfOne());
  for (const [field, damaged] of [
    ['series', [['key', 'only', 'four', 'texts']]],
    ['series', 5],
    ['days', { '2026-11-22': [[7, { answered: 1 }]] }],
    ['days', { '2026-11-22': [['0', { answered: 1 }]] }],
    ['days', { today: [[0, { answered: 1 }]], '2026-11-22T12': [[0, { answered: 1 }]] }],
    ['days', { '2026-11-22': [[0, { answered: -1, denied: 1.5, failed: '1', in: null, constructor: 1 }]] }],
  ] as const)
    assert.equal(requestsIn([readBook({ ...good, [field]: damaged })]), 0, JSON.stringify(damaged));
  assert.equal(requestsIn([readBook(good)]), 1);
});

function bookOfOne(): UsageBook {
  const book = new UsageBook();
  book.add(NOW, series('a', 'm'), counts('answered', 5, 6, 7));
  return book;
}
