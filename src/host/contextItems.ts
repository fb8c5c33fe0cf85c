/** What an item of the context is, and how a list of them is kept. Pure. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { estimateTokens } from '../policy/tokenEstimate';

/** Where an item comes from: who asks for the same again gets the same item. */
export type ContextSource =
  | { readonly kind: 'resource'; readonly uri: string }
  /** `given` tells calls with other arguments apart. */
  | { readonly kind: 'tool' | 'prompt'; readonly name: string; readonly given: string };

/** What a person puts into the context. */
export interface NewContextItem {
  readonly serverId: string;
  /** As it was then: the item outlives its server. */
  readonly serverName: string;
  readonly source: ContextSource;
  readonly text: string;
}

/** One item. */
export interface ContextItem extends NewContextItem {
  /** The same for the same source of the same server. */
  readonly id: string;
  /** An estimate. */
  readonly tokens: number;
  /** When its text was read: milliseconds since the epoch. */
  readonly readAt: number;
  /** Its server has said since that it changed. */
  readonly isStale: boolean;
}

/** Characters of names and addresses. */
const MAX_NAME = 16_384;

/** A list as it is stored. What can be counted again is left out. */
export function storedItems(items: readonly ContextItem[]): readonly JsonObject[] {
  return items.map(({ serverId, serverName, source, text, readAt, isStale }) => ({
    serverId,
    serverName,
    source: { ...source },
    text,
    readAt,
    isStale,
  }));
}

/**
 * Reads what {@link storedItems} gave. What is damaged is left out.
 * @param most items that are read
 * @param idOf the id of a source of a server
 */
export function readItems(
  stored: unknown,
  most: number,
  idOf: (serverId: string, source: ContextSource) => string,
): readonly ContextItem[] {
  if (!Array.isArray(stored)) return [];
  const items = new Map<string, ContextItem>();
  for (const raw of (stored as readonly JsonValue[]).slice(0, most)) {
    const item = isObject(raw) ? readItem(raw, idOf) : undefined;
    if (item) items.set(item.id, item);
  }
  return [...items.values()];
}

function readItem(
  raw: JsonObject,
  idOf: (serverId: string, source: ContextSource) => string,
): ContextItem | undefined {
  const serverId = ownString(raw, 'serverId');
  const serverName = ownString(raw, 'serverName');
  const text = ownString(raw, 'text');
  const readAt = own(raw, 'readAt');
  const source = readSource(own(raw, 'source'));
  if (serverId === undefined || serverName === undefined || text === undefined || !source) return undefined;
  if (typeof readAt !== 'number') return undefined;
  const isStale = own(raw, 'isStale') === true;
  const id = idOf(serverId, source);
  return { id, serverId, serverName, source, text, tokens: estimateTokens(text), readAt, isStale };
}

function readSource(raw: JsonValue | undefined): ContextSource | undefined {
  if (!isObject(raw)) return undefined;
  const [kind, uri, name, given] = ['kind', 'uri', 'name', 'given'].map((key) => ownString(raw, key));
  if (kind === 'resource') return isName(uri) ? { kind, uri } : undefined;
  if (kind !== 'tool' && kind !== 'prompt') return undefined;
  return isName(name) && isName(given) ? { kind, name, given } : undefined;
}

function isName(text: string | undefined): text is string {
  return text !== undefined && text.length <= MAX_NAME;
}
