/** Counts by hour and by day, bounded in age and in size. Knows nothing of who writes them where. */

import { dayBefore, localDay, localHour } from '../base/localTime';
import { NO_USAGE, OTHERS, seriesKey, sumUsage, type UsageCounts, type UsageSeries } from './usage';

/** Hours are kept this many days, and days this many. */
const HOURS_KEPT_DAYS = 8;
const DAYS_KEPT = 400;

/** Bounds of one book. What is beyond is folded into {@link OTHERS}, the oldest first; nothing of it is lost. */
export interface BookLimits {
  /** Servers and models, those that the rest is folded into included. */
  readonly series: number;
  /** Counts by day, and by hour. */
  readonly days: number;
  readonly hours: number;
}

/** Counts by the name of their hour or day, then by series. */
export type Cells = Map<string, Map<string, UsageCounts>>;

/** A book of counts. */
export class UsageBook {
  /** By their keys. */
  readonly series = new Map<string, UsageSeries>();
  readonly hours: Cells = new Map();
  readonly days: Cells = new Map();

  /** Counts something that happened at this time of the wall clock. */
  add(at: number, series: UsageSeries, counts: UsageCounts): void {
    const key = this.know(series);
    addTo(this.hours, localHour(at), key, counts);
    addTo(this.days, localDay(at), key, counts);
  }

  /** Counts all of another book, too. */
  addAll(other: UsageBook): void {
    for (const series of other.series.values()) this.know(series);
    for (const [mine, theirs] of [
      [this.hours, other.hours],
      [this.days, other.days],
    ] as const)
      for (const [name, counts] of theirs)
        for (const [key, each] of counts) if (this.series.has(key)) addTo(mine, name, key, each);
  }

  /** Counts under exactly this hour or day; for what was kept. */
  restore(kind: 'hours' | 'days', name: string, series: UsageSeries, counts: UsageCounts): void {
    addTo(this[kind], name, this.know(series), counts);
  }

  /**
   * Drops what is too old at `now`, and folds what is too much. What lies in the future stays: the clock was set back, or goes wrong now, and
   * that is no reason to lose anything.
   */
  trim(now: number, limits: BookLimits): void {
    const firstHour = `${dayBefore(now, HOURS_KEPT_DAYS)}T00`;
    const firstDay = dayBefore(now, DAYS_KEPT);
    for (const name of this.hours.keys()) if (name < firstHour) this.hours.delete(name);
    for (const name of this.days.keys()) if (name < firstDay) this.days.delete(name);
    this.forgetUnused();
    this.foldSeries(limits.series);
    this.foldOldest(this.hours, limits.hours);
    this.foldOldest(this.days, limits.days);
    this.forgetUnused();
  }

  private know(series: UsageSeries): string {
    const key = seriesKey(series);
    this.series.set(key, series);
    return key;
  }

  private foldSeries(max: number): void {
    if (this.series.size <= max) return;
    const others = seriesKey(OTHERS);
    const lastUsed = new Map<string, string>();
    for (const day of [...this.days.keys()].sort(compare))
      for (const key of this.days.get(day)?.keys() ?? []) lastUsed.set(key, day);
    const oldest = [...this.series.keys()]
      .filter((key) => key !== others)
      .sort((a, b) => compare(lastUsed.get(a) ?? '', lastUsed.get(b) ?? ''));
    const folded = new Set(oldest.slice(0, Math.max(0, oldest.length - (max - 1))));
    for (const cells of [this.hours, this.days])
      for (const counts of cells.values()) this.fold(counts, (key) => folded.has(key));
    for (const key of folded) this.series.delete(key);
  }

  private foldOldest(cells: Cells, max: number): void {
    const names = [...cells.keys()].sort(compare);
    // All that is kept by age has room: only a future that never comes can hold more than this.
    for (const name of names.splice(max)) cells.delete(name);
    let total = [...cells.values()].reduce((sum, { size }) => sum + size, 0);
    for (const name of names) {
      const counts = cells.get(name);
      if (total <= max || !counts) return;
      total -= counts.size;
      this.fold(counts, () => true);
      total += counts.size;
    }
  }

  private fold(counts: Map<string, UsageCounts>, isFolded: (key: string) => boolean): void {
    const others = seriesKey(OTHERS);
    for (const [key, each] of [...counts]) {
      if (key === others || !isFolded(key)) continue;
      counts.delete(key);
      counts.set(others, sumUsage(counts.get(others) ?? NO_USAGE, each));
      this.series.set(others, OTHERS);
    }
  }

  private forgetUnused(): void {
    const used = new Set<string>();
    for (const cells of [this.hours, this.days])
      for (const counts of cells.values()) for (const key of counts.keys()) used.add(key);
    for (const key of this.series.keys()) if (!used.has(key)) this.series.delete(key);
  }
}

function addTo(cells: Cells, name: string, key: string, counts: UsageCounts): void {
  const bucket = cells.get(name) ?? new Map<string, UsageCounts>();
  bucket.set(key, sumUsage(bucket.get(key) ?? NO_USAGE, counts));
  cells.set(name, bucket);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
