/** Counts of a time, by server and model and over that time. Pure: books and the time come in, plain data go out. */

import { dayBefore, localDay, localHour, monthBefore } from '../base/localTime';
import { NO_USAGE, sumUsage, type UsageCounts, type UsageSeries } from './usage';
import type { UsageBook } from './usageBook';

/** A time that ends with today: today itself, 7 or 30 days, or 12 months of the calendar. */
export type UsagePeriod = 'today' | 'week' | 'month' | 'year';

/** Counts of one server and model. */
export interface UsageLine {
  readonly series: UsageSeries;
  readonly counts: UsageCounts;
}

/** Counts of one part of a period: `2026-11-22T09` for an hour, `2026-11-22` for a day, `2026-11` for a month. */
export interface UsagePart {
  readonly name: string;
  readonly counts: UsageCounts;
}

/** All that was counted in a period. */
export interface UsageSummary {
  readonly period: UsagePeriod;
  readonly total: UsageCounts;
  /** Those that were used in it, most tokens first; what has none after that, most requests first. */
  readonly lines: readonly UsageLine[];
  /** Every part of the period in order, also those in which nothing happened. */
  readonly parts: readonly UsagePart[];
}

/** What one server has used, with all models. */
export interface ServerUsage {
  readonly hour: UsageCounts;
  readonly today: UsageCounts;
  readonly week: UsageCounts;
}

/** One server and model on one day. */
export interface DailyUsage extends UsageLine {
  readonly day: string;
}

/** @param now wall time in milliseconds */
export function summarizeUsage(books: readonly UsageBook[], period: UsagePeriod, now: number): UsageSummary {
  const { first, parts, partOf } = PERIODS[period](now);
  const last = localDay(now);
  const lines = new Map<string, UsageLine>();
  const counted = new Map(parts.map((name) => [name, NO_USAGE]));
  let total = NO_USAGE;
  for (const book of books) {
    for (const [day, cells] of book.days) {
      if (day < first || day > last) continue;
      for (const [key, counts] of cells) {
        const series = book.series.get(key);
        if (!series) continue;
        lines.set(key, { series, counts: sumUsage(lines.get(key)?.counts ?? NO_USAGE, counts) });
        total = sumUsage(total, counts);
      }
    }
    for (const [name, cells] of period === 'today' ? book.hours : book.days) {
      const part = partOf(name);
      const before = counted.get(part);
      if (!before || name.slice(0, 10) > last) continue;
      counted.set(part, [...cells.values()].reduce(sumUsage, before));
    }
  }
  return {
    period,
    total,
    lines: [...lines.values()].sort(byWeight),
    parts: [...counted].map(([name, counts]) => ({ name, counts })),
  };
}

/** @param now wall time in milliseconds */
export function serverUsage(books: readonly UsageBook[], serverKey: string, now: number): ServerUsage {
  const today = localDay(now);
  const first = dayBefore(now, 6);
  return {
    hour: sumOf(books, 'hours', serverKey, (name) => name === localHour(now)),
    today: sumOf(books, 'days', serverKey, (name) => name === today),
    week: sumOf(books, 'days', serverKey, (name) => name >= first && name <= today),
  };
}

/** Every day of every server and model, the oldest first. */
export function dailyUsage(books: readonly UsageBook[]): readonly DailyUsage[] {
  const found = new Map<string, DailyUsage>();
  for (const book of books)
    for (const [day, cells] of book.days)
      for (const [key, counts] of cells) {
        const series = book.series.get(key);
        const id = `${day} ${key}`;
        if (series)
          found.set(id, { day, series, counts: sumUsage(found.get(id)?.counts ?? NO_USAGE, counts) });
      }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

interface Period {
  /** The first day of it. */
  readonly first: string;
  /** Names of its parts, in order. */
  readonly parts: readonly string[];
  /** The part that an hour or a day is in. */
  readonly partOf: (name: string) => string;
}

function lastDays(now: number, count: number): Period {
  const parts = Array.from({ length: count }, (_, index) => dayBefore(now, count - 1 - index));
  return { first: dayBefore(now, count - 1), parts, partOf: (day) => day };
}

const PERIODS: Readonly<Record<UsagePeriod, (now: number) => Period>> = {
  today: (now) => {
    const day = localDay(now);
    const parts = Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}`);
    return { first: day, parts, partOf: (hour) => hour };
  },
  week: (now) => lastDays(now, 7),
  month: (now) => lastDays(now, 30),
  year: (now) => {
    const parts = Array.from({ length: 12 }, (_, index) => monthBefore(now, 11 - index));
    return { first: `${monthBefore(now, 11)}-01`, parts, partOf: (day) => day.slice(0, 7) };
  },
};

function sumOf(
  books: readonly UsageBook[],
  kind: 'hours' | 'days',
  serverKey: string,
  isWanted: (name: string) => boolean,
): UsageCounts {
  let sum = NO_USAGE;
  for (const book of books)
    for (const [name, cells] of book[kind]) {
      if (!isWanted(name)) continue;
      for (const [key, counts] of cells)
        if (book.series.get(key)?.serverKey === serverKey) sum = sumUsage(sum, counts);
    }
  return sum;
}

function byWeight(a: UsageLine, b: UsageLine): number {
  return tokensOf(b) - tokensOf(a) || countOf(b) - countOf(a);
}

function tokensOf({ counts }: UsageLine): number {
  return counts.tokensIn + counts.tokensOut;
}

function countOf({ counts }: UsageLine): number {
  return Object.values(counts.outcomes).reduce((sum, count) => sum + count, 0);
}
