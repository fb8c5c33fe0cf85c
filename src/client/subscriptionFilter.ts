/** The filter of a subscription of the stateless era: what is asked for, what that means, what a server left out. No state. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { ConnectedServer, ListKind } from '../protocol/model';

/** Members of the filter that ask for list changes, with the lists each of them is about. */
const LISTS_BY_MEMBER = {
  toolsListChanged: ['tools'],
  promptsListChanged: ['prompts'],
  resourcesListChanged: ['resources', 'resourceTemplates'],
} as const satisfies Readonly<Record<string, readonly ListKind[]>>;

const MEMBERS = ['toolsListChanged', 'promptsListChanged', 'resourcesListChanged'] as const;

/** What to hear of: the lists the server says change, and the watched resources. Undefined when there is nothing. */
export function listenFilter(server: ConnectedServer, watched: readonly string[]): JsonObject | undefined {
  const { tools, resources, prompts } = server.capabilities;
  const filter: JsonObject = {
    ...(tools?.listChanged ? { toolsListChanged: true } : {}),
    ...(prompts?.listChanged ? { promptsListChanged: true } : {}),
    ...(resources?.listChanged ? { resourcesListChanged: true } : {}),
    ...(watched.length > 0 ? { resourceSubscriptions: watched } : {}),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** The lists a filter asks about. */
export function listsIn(filter: JsonObject): readonly ListKind[] {
  return MEMBERS.filter((member) => own(filter, member) === true).flatMap(
    (member) => LISTS_BY_MEMBER[member],
  );
}

/**
 * What a server did not agree to, in our own words; undefined when it agreed to everything.
 * @param agreed the filter of its acknowledgement, as it came.
 */
export function shortfall(asked: JsonObject, agreed: JsonValue | undefined): string | undefined {
  const given = isObject(agreed) ? agreed : {};
  const missing: string[] = MEMBERS.filter(
    (member) => own(asked, member) === true && own(given, member) !== true,
  );
  const agreedUris = new Set(uris(given));
  const left = uris(asked).filter((uri) => !agreedUris.has(uri)).length;
  if (left > 0) missing.push(`resourceSubscriptions (${left})`);
  return missing.length === 0 ? undefined : missing.join(', ');
}

function uris(filter: JsonObject): readonly JsonValue[] {
  const found = own(filter, 'resourceSubscriptions') ?? [];
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
}
