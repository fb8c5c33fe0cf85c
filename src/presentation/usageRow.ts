/** What a server's sampling costs, as a row below the server. */

import { ItemKinds } from '../contributions/ids';
import type { ServerUsage } from '../host/usageSummary';
import { safe, safeText } from '../policy/safeText';
import type { Owner } from './itemRows';
import type { Row } from './row';
import { outcomeText, requestsIn, requestText, tokenText } from './usageTexts';

/** The row; undefined while the server has used nothing for a week. */
export function usageRow(owner: Owner, { hour, today, week }: ServerUsage): Row | undefined {
  if (requestsIn(week) === 0) return undefined;
  const title = safe`Sampling`;
  const description =
    requestsIn(today) > 0
      ? safe`${requestText(today)}, ${tokenText(today)} today`
      : safe`${requestText(week)}, ${tokenText(week)} in 7 days`;
  return {
    id: JSON.stringify([ItemKinds.usage, owner.id]),
    label: title,
    description,
    tooltip: () => [
      safe`${title}: ${description}`,
      ...(
        [
          [safe`This hour`, hour],
          [safe`Today`, today],
          [safe`In 7 days`, week],
        ] as const
      ).flatMap(([when, counts]) =>
        requestsIn(counts) === 0
          ? []
          : [safe`${when}: ${requestText(counts)}, ${tokenText(counts)} (${outcomeText(counts)})`],
      ),
      safe`Click to show the usage of all servers.`,
    ],
    icon: { id: 'pulse' },
    context: ItemKinds.usage,
    children: 'none',
    spoken: safe`${title} of ${safeText(owner.name, 80)}, ${description}`,
  };
}
