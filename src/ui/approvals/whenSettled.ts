/** The end of one question, for what is shown of it. */

import type { ConsentEntry, ConsentOutcome, ConsentQueue } from '../../host/consentQueue';

/** Resolves when the entry does not wait any more, with how it ended; undefined when that was earlier. */
export function whenSettled(
  consent: Pick<ConsentQueue, 'get' | 'onDidChange'>,
  { id }: ConsentEntry,
): Promise<ConsentOutcome | undefined> {
  return new Promise((resolve) => {
    if (!consent.get(id)) return resolve(undefined);
    const watching = consent.onDidChange((change) => {
      if (change.kind !== 'settled' || change.entry.id !== id) return;
      watching.dispose();
      resolve(change.outcome);
    });
  });
}
