/** What sampling costs, as the content of the usage page. */

import type { UsageCounts } from '../host/usage';
import type { UsageLine, UsagePart, UsagePeriod, UsageSummary } from '../host/usageSummary';
import { safeText } from '../policy/safeText';
import type { BarKind, PageChart, PageRow, PageTable, UsagePage } from './usageMessages';
import {
  outcomeText,
  requestsIn,
  requestText,
  shortNumber,
  tokenText,
  usageModelName,
  usageServerName,
} from './usageTexts';

const PERIOD_LABELS: Readonly<Record<UsagePeriod, string>> = {
  today: 'Today',
  week: '7 days',
  month: '30 days',
  year: '12 months',
};

const COLUMNS = ['Requests', 'Denied', 'Tokens in', 'Tokens out'];

/**
 * The page.
 * @param summaries one of each period, in the order in which they are offered
 * @param shown which of them is shown in full
 * @param hasAny whether anything was ever counted
 */
export function usagePage(
  summaries: readonly UsageSummary[],
  shown: UsagePeriod,
  hasAny: boolean,
): UsagePage {
  return {
    title: 'Sampling Usage',
    intro:
      'What servers have asked language models for, and what that cost. Only counts are kept, on this machine, and never the text of a request or an answer.',
    exportLabel: 'Export CSV…',
    clearLabel: 'Clear…',
    periodsLabel: 'Period',
    periods: summaries.map(({ period, total }) => ({
      id: period,
      label: PERIOD_LABELS[period],
      requests: requestText(total),
      tokens: tokenText(total),
    })),
    period: shown,
    content: contentOf(
      summaries.find(({ period }) => period === shown),
      hasAny,
    ),
  };
}

function contentOf(summary: UsageSummary | undefined, hasAny: boolean): UsagePage['content'] {
  if (!hasAny)
    return {
      kind: 'empty',
      text: 'No server has asked for a model answer yet. When one does, you see here how often, what became of it, and how many tokens it took.',
    };
  if (!summary || requestsIn(summary.total) === 0)
    return { kind: 'nothing', text: 'No server has asked for a model answer in this period.' };
  return {
    kind: 'usage',
    charts: [tokenChart(summary), requestChart(summary)],
    table: serverTable(summary),
    numbers: partTable(summary),
    note:
      summary.total.estimated > 0
        ? '≈: the model did not count these tokens, or not all of them. They are estimated, rather too many: at three bytes each, and 2,000 for a picture or a sound.'
        : 'Tokens are as the models count them.',
  };
}

function tokenChart({ parts, period }: UsageSummary): PageChart {
  const most = Math.max(...parts.map(({ counts }) => counts.tokensIn + counts.tokensOut));
  return {
    title: 'Tokens',
    spoken: `Tokens by ${PART_WORDS[period]}, at most ${most.toLocaleString('en')}`,
    most: shortNumber(most),
    legend: [
      { kind: 'in', label: 'in' },
      { kind: 'out', label: 'out' },
    ],
    bars: parts.map(({ name, counts }) => ({
      text: `${partLabel(name)}: ${tokenText(counts)}`,
      parts: heights(
        [
          ['in', counts.tokensIn],
          ['out', counts.tokensOut],
        ],
        most,
      ),
    })),
    axis: axisOf(parts),
  };
}

function requestChart({ parts, period }: UsageSummary): PageChart {
  const most = Math.max(...parts.map(({ counts }) => requestsIn(counts)));
  return {
    title: 'Requests',
    spoken: `Requests by ${PART_WORDS[period]}, at most ${most.toLocaleString('en')}`,
    most: shortNumber(most),
    legend: [
      { kind: 'answered', label: 'answered' },
      { kind: 'denied', label: 'denied or refused' },
      { kind: 'unanswered', label: 'unanswered' },
    ],
    bars: parts.map(({ name, counts }) => ({
      text:
        requestsIn(counts) === 0 ? `${partLabel(name)}: none` : `${partLabel(name)}: ${outcomeText(counts)}`,
      parts: heights(
        (['answered', 'denied', 'unanswered'] as const).map((kind) => [kind, requestsIn(counts, kind)]),
        most,
      ),
    })),
    axis: axisOf(parts),
  };
}

function heights(
  values: readonly (readonly [BarKind, number])[],
  most: number,
): readonly { readonly kind: BarKind; readonly height: number }[] {
  return values.flatMap(([kind, value]) => (value > 0 && most > 0 ? [{ kind, height: value / most }] : []));
}

function axisOf(parts: readonly UsagePart[]): readonly string[] {
  return [0, Math.floor((parts.length - 1) / 2), parts.length - 1].map((index) =>
    partLabel(parts[index]?.name ?? ''),
  );
}

function serverTable({ lines, total, period }: UsageSummary): PageTable {
  const servers = new Map<string, UsageLine[]>();
  for (const line of lines) {
    const { serverKey } = line.series;
    servers.set(serverKey, [...(servers.get(serverKey) ?? []), line]);
  }
  return {
    caption: `By server and model, ${PERIOD_LABELS[period].toLowerCase()}`,
    columns: ['Server', ...COLUMNS],
    rows: [
      ...[...servers.values()].flatMap(serverRows),
      { kind: 'total', name: 'Total', numbers: numbersOf([total]) },
    ],
  };
}

function serverRows(lines: readonly UsageLine[]): readonly PageRow[] {
  const [first] = lines;
  if (!first) return [];
  const { series } = first;
  return [
    {
      kind: 'server',
      name: usageServerName(series),
      ...(series.where === '' ? {} : { detail: `in ${safeText(series.where, 80)}` }),
      numbers: numbersOf(lines.map(({ counts }) => counts)),
    },
    ...lines.map(({ series: each, counts }): PageRow => ({
      kind: 'model',
      name: usageModelName(each),
      detail: outcomeText(counts),
      numbers: numbersOf([counts]),
    })),
  ];
}

function partTable({ parts, period }: UsageSummary): PageTable {
  return {
    caption: `By ${PART_WORDS[period]}`,
    columns: ['When', ...COLUMNS],
    rows: parts.flatMap(({ name, counts }) =>
      requestsIn(counts) === 0
        ? []
        : [{ kind: 'part', name: partLabel(name), numbers: numbersOf([counts]) } as const],
    ),
  };
}

function numbersOf(all: readonly UsageCounts[]): readonly string[] {
  const sum = (count: (counts: UsageCounts) => number): number =>
    all.reduce((total, counts) => total + count(counts), 0);
  const mark = all.some(({ estimated }) => estimated > 0) ? '≈ ' : '';
  const tokens = (value: number): string => `${value === 0 ? '' : mark}${value.toLocaleString('en')}`;
  return [
    sum(requestsIn).toLocaleString('en'),
    sum((counts) => requestsIn(counts, 'denied')).toLocaleString('en'),
    tokens(sum(({ tokensIn }) => tokensIn)),
    tokens(sum(({ tokensOut }) => tokensOut)),
  ];
}

const PART_WORDS: Readonly<Record<UsagePeriod, string>> = {
  today: 'hour',
  week: 'day',
  month: 'day',
  year: 'month',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `09:00`, `22 Nov` or `Nov 2026`. */
function partLabel(name: string): string {
  const [, year, month, day, hour] = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T(\d{2}))?$/.exec(name) ?? [];
  if (hour !== undefined) return `${hour}:00`;
  const monthName = MONTHS[Number(month) - 1] ?? '';
  return day === undefined ? `${monthName} ${year ?? ''}` : `${Number(day)} ${monthName}`;
}
