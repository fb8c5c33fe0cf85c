/** Words and numbers about what sampling costs. */

import type { UsageCounts, UsageOutcome, UsageSeries } from '../host/usage';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import { countOf, joinSafe } from './consentTexts';

/** What became of requests, as far as it matters at first sight. */
type UsageGroup = 'answered' | 'denied' | 'unanswered';

interface OutcomeWords {
  readonly group: UsageGroup;
  readonly words: SafeText;
}

const OUTCOMES: Readonly<Record<UsageOutcome, OutcomeWords>> = {
  answered: { group: 'answered', words: safe`answered` },
  edited: { group: 'answered', words: safe`answered after your edit` },
  'by-hand': { group: 'answered', words: safe`answered by you` },
  denied: { group: 'denied', words: safe`denied by you` },
  'answer-refused': { group: 'denied', words: safe`with an answer that you refused` },
  'refused-off': { group: 'denied', words: safe`refused: sampling is off` },
  'refused-muted': { group: 'denied', words: safe`refused: muted` },
  'refused-unprompted': { group: 'denied', words: safe`refused: no call was running` },
  'refused-hourly': { group: 'denied', words: safe`refused: too many in an hour` },
  'refused-per-call': { group: 'denied', words: safe`refused: too many in a call` },
  'refused-busy': { group: 'denied', words: safe`refused: too many waited` },
  expired: { group: 'unanswered', words: safe`expired` },
  withdrawn: { group: 'unanswered', words: safe`withdrawn` },
  failed: { group: 'unanswered', words: safe`without an answer of a model` },
};

/** Every way in which a request can end, the most important first, with how often it did. */
export function countsByOutcome({
  outcomes,
}: Pick<UsageCounts, 'outcomes'>): readonly (readonly [
  outcome: string,
  count: number,
  words: OutcomeWords,
])[] {
  const counts = new Map<string, number>(Object.entries(outcomes));
  return Object.entries(OUTCOMES).map(([name, words]) => [name, counts.get(name) ?? 0, words]);
}

/** Requests, all of them or those of one group. */
export function requestsIn(counts: UsageCounts, wanted?: UsageGroup): number {
  return countsByOutcome(counts).reduce(
    (sum, [, count, { group }]) => sum + (wanted === undefined || group === wanted ? count : 0),
    0,
  );
}

/** `9 answered, 2 denied by you`. */
export function outcomeText(counts: UsageCounts): SafeText {
  return joinSafe(
    countsByOutcome(counts).flatMap(([, count, { words }]) =>
      count === 0 ? [] : [safe`${safeText(count.toLocaleString('en'))} ${words}`],
    ),
    safe`, `,
  );
}

/** `12 requests`. */
export function requestText(counts: UsageCounts): SafeText {
  return countOf(requestsIn(counts), 'request');
}

/** `8.4k tokens`, with a mark when some of them are an estimate. */
export function tokenText(counts: UsageCounts): SafeText {
  const tokens = counts.tokensIn + counts.tokensOut;
  return safe`${estimateMark(counts)}${safeText(shortNumber(tokens))} ${tokens === 1 ? safe`token` : safe`tokens`}`;
}

/** Stands before numbers of which no model has counted all. */
function estimateMark({ estimated }: UsageCounts): SafeText {
  return estimated > 0 ? safe`≈ ` : safe``;
}

/** `950`, `8.4k`, `1.2M`. */
export function shortNumber(value: number): string {
  if (value < 1_000) return String(value);
  for (const [unit, letter] of UNITS) {
    const inUnits = value / unit;
    const rounded = inUnits < 99.95 ? Math.round(inUnits * 10) / 10 : Math.round(inUnits);
    if (rounded < 1_000) return `${rounded}${letter}`;
  }
  return `${Math.round(value / 1e9).toLocaleString('en')}G`;
}

const UNITS = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
] as const;

/** The server of a series. */
export function usageServerName({ serverName }: UsageSeries): SafeText {
  return serverName === '' ? safe`Others` : safeText(serverName, LABEL_LENGTH);
}

/** The model of a series. */
export function usageModelName({ modelName, modelVendor, serverName }: UsageSeries): SafeText {
  if (modelName !== '')
    return safe`${safeText(modelName, LABEL_LENGTH)} (${safeText(modelVendor, LABEL_LENGTH)})`;
  return serverName === '' ? safe`Those used least lately` : safe`No model`;
}
