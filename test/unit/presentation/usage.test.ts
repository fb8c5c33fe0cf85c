import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { NO_USAGE, OTHERS } from '../../../src/host/usage';
import { UsageBook } from '../../../src/host/usageBook';
import { summarizeUsage, type UsagePeriod } from '../../../src/host/usageSummary';
import { readUsageMessage, type UsagePage } from '../../../src/presentation/usageMessages';
import { usagePage } from '../../../src/presentation/usagePage';
import { usageRow } from '../../../src/presentation/usageRow';
import { shortNumber, tokenText } from '../../../src/presentation/usageTexts';
import { counts, local, series } from '../../support/usage';

const NOW = local(2026, 11, 22, 15, 30);
const OWNER = { id: 'user/one', name: 'one' };
const PERIODS: readonly UsagePeriod[] = ['today', 'week', 'month', 'year'];

function pageOf(book: UsageBook, shown: UsagePeriod = 'week'): UsagePage {
  const summaries = PERIODS.map((period) => summarizeUsage([book], period, NOW));
  return usagePage(summaries, shown, book.days.size > 0);
}

function usageOf(book: UsageBook, shown?: UsagePeriod): Extract<UsagePage['content'], { kind: 'usage' }> {
  const { content } = pageOf(book, shown);
  assert.ok(content.kind === 'usage');
  return content;
}

test('numbers are short, and never longer than they have to be', () => {
  const short = [0, 7, 999, 1_000, 8_412, 99_940, 99_960, 999_499, 999_999, 1_250_000, 2e9, 5e15];
  assert.deepEqual(short.map(shortNumber), [
    '0',
    '7',
    '999',
    '1k',
    '8.4k',
    '99.9k',
    '100k',
    '999k',
    '1M',
    '1.3M',
    '2G',
    '5,000,000G',
  ]);
});

test('an estimate is marked as one', () => {
  assert.equal(tokenText({ ...NO_USAGE, tokensIn: 1 }), '1 token');
  assert.equal(tokenText({ ...NO_USAGE, tokensIn: 8_000, tokensOut: 400, estimated: 1 }), '≈ 8.4k tokens');
});

test('a server has a row once it has asked, with what it used today and what became of it', () => {
  assert.equal(usageRow(OWNER, { hour: NO_USAGE, today: NO_USAGE, week: NO_USAGE }), undefined);
  const today = {
    outcomes: { answered: 9, denied: 2, 'refused-busy': 1 },
    tokensIn: 8_000,
    tokensOut: 400,
    estimated: 0,
  };
  const row = usageRow(OWNER, { hour: NO_USAGE, today, week: today });
  assert.equal(row?.label, 'Sampling');
  assert.equal(row.description, '12 requests, 8.4k tokens today');
  assert.equal(row.spoken, 'Sampling of one, 12 requests, 8.4k tokens today');
  assert.deepEqual(row.tooltip().slice(1, 2), [
    'Today: 12 requests, 8.4k tokens (9 answered, 2 denied by you, 1 refused: too many waited)',
  ]);
  const before = usageRow(OWNER, { hour: NO_USAGE, today: NO_USAGE, week: counts('answered', 1) });
  assert.equal(before?.description, '1 request, 1 token in 7 days');
});

test('the page says when something will be on it, and when only this period is empty', () => {
  const empty = pageOf(new UsageBook());
  assert.equal(empty.content.kind, 'empty');
  const book = new UsageBook();
  book.add(local(2026, 11, 1), series('a', 'm'), counts('answered', 10, 5));
  assert.equal(pageOf(book, 'week').content.kind, 'nothing');
  assert.equal(pageOf(book, 'month').content.kind, 'usage');
  assert.deepEqual(
    pageOf(book).periods.map(({ label, requests, tokens }) => `${label}: ${requests}, ${tokens}`),
    [
      'Today: 0 requests, 0 tokens',
      '7 days: 0 requests, 0 tokens',
      '30 days: 1 request, 15 tokens',
      '12 months: 1 request, 15 tokens',
    ],
  );
});

test('the table has each server with its models, what became of its requests, and a total', () => {
  const book = new UsageBook();
  for (let count = 0; count < 3; count++) book.add(NOW, series('a', 'm'), counts('answered', 1_000, 200));
  book.add(NOW, series('a'), counts('denied'));
  book.add(NOW, series('a'), counts('refused-hourly'));
  book.add(NOW, { ...series('b', 'm'), where: 'app' }, counts('failed', 50, 0, 50));
  book.add(NOW, OTHERS, counts('expired'));
  const { table } = usageOf(book);
  assert.deepEqual(table.columns, ['Server', 'Requests', 'Denied', 'Tokens in', 'Tokens out']);
  assert.deepEqual(
    table.rows.map(({ kind, name, detail, numbers }) => [kind, name, detail, numbers.join(' | ')]),
    [
      ['server', 'a', undefined, '5 | 2 | 3,000 | 600'],
      ['model', 'm (vendor)', '3 answered', '3 | 0 | 3,000 | 600'],
      ['model', 'No model', '1 denied by you, 1 refused: too many in an hour', '2 | 2 | 0 | 0'],
      ['server', 'b', 'in app', '1 | 0 | ≈ 50 | 0'],
      ['model', 'm (vendor)', '1 without an answer of a model', '1 | 0 | ≈ 50 | 0'],
      ['server', 'Others', undefined, '1 | 0 | 0 | 0'],
      ['model', 'Those used least lately', '1 expired', '1 | 0 | 0 | 0'],
      ['total', 'Total', undefined, '7 | 2 | ≈ 3,050 | ≈ 600'],
    ],
  );
});

test('bars are as high as what they stand for, and every number of them is in a table', () => {
  const book = new UsageBook();
  book.add(NOW, series('a', 'm'), counts('answered', 60, 20));
  book.add(local(2026, 11, 20), series('a', 'm'), counts('edited', 30, 10));
  book.add(local(2026, 11, 20), series('a'), counts('denied'));
  const { charts, numbers } = usageOf(book);
  const [tokens, requests] = charts;
  assert.equal(tokens?.most, '80');
  assert.equal(tokens.spoken, 'Tokens by day, at most 80');
  assert.deepEqual(tokens.axis, ['16 Nov', '19 Nov', '22 Nov']);
  assert.deepEqual(tokens.bars.at(-1), {
    text: '22 Nov: 80 tokens',
    parts: [
      { kind: 'in', height: 0.75 },
      { kind: 'out', height: 0.25 },
    ],
  });
  assert.deepEqual(requests?.bars[4], {
    text: '20 Nov: 1 answered after your edit, 1 denied by you',
    parts: [
      { kind: 'answered', height: 0.5 },
      { kind: 'denied', height: 0.5 },
    ],
  });
  assert.deepEqual(requests.bars[0], { text: '16 Nov: none', parts: [] });
  assert.deepEqual(
    numbers.rows.map(({ name, numbers: cells }) => [name, ...cells]),
    [
      ['20 Nov', '2', '1', '30', '10'],
      ['22 Nov', '1', '0', '60', '20'],
    ],
  );
  assert.deepEqual(usageOf(book, 'today').charts[0]?.axis, ['00:00', '11:00', '23:00']);
  assert.deepEqual(usageOf(book, 'year').charts[0]?.axis, ['Dec 2025', 'May 2026', 'Nov 2026']);
});

test('requests that cost nothing draw no bar of tokens', () => {
  const book = new UsageBook();
  book.add(NOW, series('a'), counts('denied'));
  assert.ok(usageOf(book).charts[0]?.bars.every(({ parts }) => parts.length === 0));
});

test('names are shown safely wherever they come from', () => {
  const book = new UsageBook();
  const name = 'evil\u202E[x](command:y)\n'.repeat(20);
  book.add(
    NOW,
    { serverKey: 'k', serverName: name, where: name, modelName: name, modelVendor: name },
    counts(),
  );
  const shown = JSON.stringify(pageOf(book));
  assert.doesNotMatch(shown, /\u202E|\]\(/);
  assert.ok(shown.length < 10_000);
});

test('a page that says anything but what ours says is not listened to (T116)', () => {
  for (const type of ['ready', 'export', 'clear'] as const) {
    assert.deepEqual(readUsageMessage({ type }), { type });
    assert.equal(readUsageMessage({ type, more: 1 }), undefined);
  }
  for (const period of PERIODS)
    assert.deepEqual(readUsageMessage({ type: 'period', period }), { type: 'period', period });
  for (const raw of [
    { type: 'period' },
    { type: 'period', period: '__proto__' },
    { period: 'week' },
    [],
    null,
    'ready',
  ])
    assert.equal(readUsageMessage(raw), undefined);
  fc.assert(
    fc.property(fc.jsonValue(), (raw) => {
      const read = readUsageMessage(raw);
      if (read) assert.deepEqual(read, raw);
    }),
  );
});
