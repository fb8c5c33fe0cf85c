/** The end of one question, for what is shown of it. */

import type { ConsentEntry, ConsentQueue } from '../../host/consentQueue';

/** Resolves when the entry does not wait any more, however it ended. */
export function whenSettled(
  consent: Pick<ConsentQueue, 'get' | 'onDidChange'>,
  { id }: ConsentEntry,
): Promise<void> {
  return new Promise((resolve) => {
    if (!consent.get(id)) return resolve();
    const watching = consent.onDidChange((change) => {
      if (change.kind !== 'settled' || change.entry.id !== id) return;
      watching.dispose();
      resolve();
    });
  });
}
