/** What the usage page and its panel say to each other. Plain data; a page is as foreign as anything else that sends messages. */

import type { UsagePeriod } from '../host/usageSummary';

/** A period to choose, with what was used in it. */
export interface PagePeriod {
  readonly id: UsagePeriod;
  readonly label: string;
  readonly requests: string;
  readonly tokens: string;
}

/** What a part of a bar stands for. */
export type BarKind = 'in' | 'out' | 'answered' | 'denied' | 'unanswered';

/** One bar of a chart. */
export interface PageBar {
  /** Shown when it is pointed at. */
  readonly text: string;
  /** From below; heights from 0 to 1. */
  readonly parts: readonly { readonly kind: BarKind; readonly height: number }[];
}

/** A chart over the period. */
export interface PageChart {
  readonly title: string;
  /** What a screen reader says instead of it; the numbers are in a table. */
  readonly spoken: string;
  /** What the highest bar stands for. */
  readonly most: string;
  readonly legend: readonly { readonly kind: BarKind; readonly label: string }[];
  readonly bars: readonly PageBar[];
  /** First, middle and last of its bars. */
  readonly axis: readonly string[];
}

/** One row of a table: what it is about, and its numbers. */
export interface PageRow {
  readonly kind: 'server' | 'model' | 'part' | 'total';
  readonly name: string;
  /** Below the name. */
  readonly detail?: string;
  readonly numbers: readonly string[];
}

/** A table; the first column is the name. */
export interface PageTable {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly PageRow[];
}

/** All that the page shows. */
export interface UsagePage {
  readonly title: string;
  readonly intro: string;
  readonly exportLabel: string;
  readonly clearLabel: string;
  readonly periodsLabel: string;
  readonly periods: readonly PagePeriod[];
  readonly period: UsagePeriod;
  readonly content:
    | { readonly kind: 'empty'; readonly text: string }
    | { readonly kind: 'nothing'; readonly text: string }
    | {
        readonly kind: 'usage';
        readonly charts: readonly PageChart[];
        readonly table: PageTable;
        readonly numbers: PageTable;
        readonly note: string;
      };
}

/** From the panel to the page. */
export interface UsagePanelMessage {
  readonly type: 'show';
  readonly page: UsagePage;
}

/** From the page to the panel. */
export type UsagePageMessage =
  /** The page runs and wants to be told what to show. */
  | { readonly type: 'ready' }
  | { readonly type: 'period'; readonly period: UsagePeriod }
  | { readonly type: 'export' }
  | { readonly type: 'clear' };

const PERIODS: ReadonlyMap<unknown, UsagePeriod> = new Map(
  (['today', 'week', 'month', 'year'] as const).map((period) => [period, period]),
);

/** Reads a message of the page (T116). @returns undefined unless it is exactly what a page of ours sends */
export function readUsageMessage(raw: unknown): UsagePageMessage | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(raw));
  const type = fields.get('type');
  if (type === 'ready' || type === 'export' || type === 'clear')
    return fields.size === 1 ? { type } : undefined;
  const period = PERIODS.get(fields.get('period'));
  return type === 'period' && fields.size === 2 && period !== undefined ? { type, period } : undefined;
}
