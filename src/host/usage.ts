/** What is counted of servers' requests for model answers: how each one ended, and what it cost. Plain values and their sums. */

import type { RefusalCause } from '../policy/samplingDecision';

/** How a request ended. */
export type UsageOutcome =
  /** A model's answer went to the server as it was. */
  | 'answered'
  /** The person typed the answer. */
  | 'by-hand'
  /** The person edited the request or the answer, and an answer went to the server. */
  | 'edited'
  | 'denied'
  /** A model answered, and the person refused its answer. */
  | 'answer-refused'
  /** Nobody decided in time. */
  | 'expired'
  /** The server, or the call behind it, did not wait any more. */
  | 'withdrawn'
  /** There was no model, or it gave no answer. */
  | 'failed'
  /** By policy: the person was not asked. */
  | `refused-${RefusalCause}`;

const OUTCOMES: Readonly<Record<UsageOutcome, true>> = {
  answered: true,
  'by-hand': true,
  edited: true,
  denied: true,
  'answer-refused': true,
  expired: true,
  withdrawn: true,
  failed: true,
  'refused-off': true,
  'refused-muted': true,
  'refused-unprompted': true,
  'refused-hourly': true,
  'refused-per-call': true,
  'refused-busy': true,
};

/** True for the name of an outcome. */
export function isOutcome(name: string): name is UsageOutcome {
  return Object.hasOwn(OUTCOMES, name);
}

/** Counts of one server and model in some time. */
export interface UsageCounts {
  /** Requests by how they ended; each is in one of them. */
  readonly outcomes: Readonly<Partial<Record<UsageOutcome, number>>>;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** How many of all these tokens no model has counted. */
  readonly estimated: number;
}

/** Nothing. */
export const NO_USAGE: UsageCounts = { outcomes: {}, tokensIn: 0, tokensOut: 0, estimated: 0 };

/** Whose counts they are. Texts are as foreign as where they come from. */
export interface UsageSeries {
  /** Tells servers apart, also those of the same name in different workspaces. */
  readonly serverKey: string;
  readonly serverName: string;
  /** Names of the folders that the server is set up in; empty for one of the user's own settings. */
  readonly where: string;
  /** The model that the request went to; both empty when it went to none. */
  readonly modelName: string;
  readonly modelVendor: string;
}

/** Stands for the servers and models that were used least lately, where there are too many. */
export const OTHERS: UsageSeries = {
  serverKey: 'others',
  serverName: '',
  where: '',
  modelName: '',
  modelVendor: '',
};

/** What makes two series the same. */
export function seriesKey({ serverKey, modelName, modelVendor }: UsageSeries): string {
  return JSON.stringify([serverKey, modelVendor, modelName]);
}

/** Both together. */
export function sumUsage(a: UsageCounts, b: UsageCounts): UsageCounts {
  const outcomes: Partial<Record<UsageOutcome, number>> = { ...a.outcomes };
  for (const [name, count] of Object.entries(b.outcomes))
    if (isOutcome(name)) outcomes[name] = add(outcomes[name] ?? 0, count);
  return {
    outcomes,
    tokensIn: add(a.tokensIn, b.tokensIn),
    tokensOut: add(a.tokensOut, b.tokensOut),
    estimated: add(a.estimated, b.estimated),
  };
}

/** Stored counts may be of any size; a sum stays a number that JSON keeps. */
function add(a: number, b: number): number {
  return Math.min(a + b, Number.MAX_SAFE_INTEGER);
}
