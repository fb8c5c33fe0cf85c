/** What stands for a whole listing, so that it can be told whether the next one is another without keeping either. */

import { createHash } from 'node:crypto';

import type { Listing } from '../protocol/model';

/**
 * The same for the same items in the same order, the same entries that cannot be used and the same end; else another. Of cryptography,
 * because a server that finds two lists with the same one could change what a person has looked at without its being seen.
 */
export function digestOf({ items, rejected, cut }: Listing): string {
  const hash = createHash('sha256');
  // One by one, because a whole list as one text is as large as all that a server may list.
  for (const item of items) hash.update(`${JSON.stringify(item)}\n`);
  return hash.update(JSON.stringify({ rejected, cut })).digest('base64');
}
