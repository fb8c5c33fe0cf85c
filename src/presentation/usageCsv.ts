/** What sampling costs as CSV (RFC 4180), day by day. Names are foreign: no program that opens the file may take one for a formula. */

import type { UsageCounts } from '../host/usage';
import type { DailyUsage } from '../host/usageSummary';
import { safeText } from '../policy/safeText';
import { countsByOutcome } from './usageTexts';

const COLUMNS = [
  'day',
  'server',
  'folder',
  'model',
  'vendor',
  'requests',
  ...countsByOutcome({ outcomes: {} }).map(([outcome]) => outcome),
  'tokens-in',
  'tokens-out',
  'tokens-estimated',
];

/** A header, and a line for each day, server and model. */
export function usageCsv(days: readonly DailyUsage[]): string {
  const lines = days.map(({ day, series, counts }) => [
    day,
    name(series.serverName === '' ? 'Others' : series.serverName),
    name(series.where),
    name(series.modelName),
    name(series.modelVendor),
    ...numbers(counts),
  ]);
  return [COLUMNS, ...lines].map((fields) => `${fields.map(csvField).join(',')}\r\n`).join('');
}

function numbers(counts: UsageCounts): readonly string[] {
  const each = countsByOutcome(counts).map(([, count]) => count);
  const requests = each.reduce((sum, count) => sum + count, 0);
  return [requests, ...each, counts.tokensIn, counts.tokensOut, counts.estimated].map(String);
}

/** Hidden characters become visible, and line ends with them. */
function name(text: string): string {
  return safeText(text);
}

/**
 * Where a spreadsheet would begin a formula, its wide forms included: at the start, and behind a semicolon, which ends a field in countries
 * that write numbers with a comma. Blanks before it change nothing.
 */
const FORMULA = /(^|;)(?=[\s\p{Cc}]*[=+\-@＝＋－＠])/gu;

/** A text as a field. What a spreadsheet would calculate is made a text by the apostrophe that they know for it. */
export function csvField(text: string): string {
  const plain = text.replaceAll(FORMULA, "$1'");
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
