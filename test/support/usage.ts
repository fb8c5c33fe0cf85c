/** Counts of sampling, made short. */

import type { UsageCounts, UsageOutcome, UsageSeries } from '../../src/host/usage';
import type { UsageBook } from '../../src/host/usageBook';

/** A server, with the model that its requests went to. */
export function series(server: string, model = ''): UsageSeries {
  return {
    serverKey: `key of ${server}`,
    serverName: server,
    where: '',
    modelName: model,
    modelVendor: model === '' ? '' : 'vendor',
  };
}

/** One request that ended so. */
export function counts(
  outcome: UsageOutcome = 'answered',
  tokensIn = 0,
  tokensOut = 0,
  estimated = 0,
): UsageCounts {
  return { outcomes: { [outcome]: 1 }, tokensIn, tokensOut, estimated };
}

/** All requests in the days, or the hours, of some books. */
export function requestsIn(books: readonly UsageBook[], kind: 'days' | 'hours' = 'days'): number {
  return books
    .flatMap((book) => [...book[kind].values()].flatMap((cells) => [...cells.values()]))
    .flatMap(({ outcomes }) => Object.values(outcomes))
    .reduce((sum, count) => sum + count, 0);
}

/** The local time, as milliseconds since the Unix epoch. */
export function local(year: number, month: number, day: number, hour = 12, minute = 0): number {
  return new Date(year, month - 1, day, hour, minute).getTime();
}
