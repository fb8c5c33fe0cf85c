/** What a document of ours shows: which server it comes from, and what was asked of that. */

import type { NewContextItem } from '../../host/contextItems';
import type { ReadResourceResult } from '../../protocol/content';

/** An item of the context but for its text, which is the document's. */
export type DocumentOrigin = Omit<NewContextItem, 'text'>;

/**
 * The origin of one content of a resource. Several contents are told apart by their own addresses.
 * @param asked the address that was read
 */
export function originOf(
  serverId: string,
  serverName: string,
  asked: string,
  { contents }: ReadResourceResult,
  index: number,
): DocumentOrigin {
  const uri = contents.length === 1 ? asked : (contents[index]?.uri ?? asked);
  return { serverId, serverName, source: { kind: 'resource', uri } };
}
