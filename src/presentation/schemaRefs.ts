/** Follows references within one schema, with bounds; references that lead outside are never followed (T099). */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';

/** References followed in a row. */
const MAX_HOPS = 16;
/** Characters of one. */
const MAX_POINTER = 1_000;

/** A schema without `$ref` at its top, and the JSON pointer of the place that the last reference led to. */
interface Resolved {
  readonly schema: JsonObject;
  readonly pointer: string;
}

/**
 * Follows `$ref` at the top of a schema. Keywords beside a `$ref` are merged over what it leads to.
 * @returns undefined when a reference leads nowhere, outside, or in a circle.
 */
export function resolveSchema(whole: JsonObject, schema: JsonObject): Resolved | undefined {
  let merged: JsonObject = schema;
  let pointer = '';
  for (let hops = 0; hops <= MAX_HOPS; hops += 1) {
    const reference = own(merged, '$ref');
    if (reference === undefined) return { schema: merged, pointer };
    if (typeof reference !== 'string') return undefined;
    const found = atPointer(whole, reference);
    if (!isObject(found)) return undefined;
    const { $ref: _, ...beside } = merged;
    pointer = reference.slice(1);
    merged = { ...found, ...beside };
  }
  return undefined;
}

/** The value at a reference such as `#/$defs/a` (RFC 6901 §6), or undefined. */
function atPointer(whole: JsonObject, reference: string): JsonValue | undefined {
  if (reference === '#') return whole;
  if (!reference.startsWith('#/') || reference.length > MAX_POINTER) return undefined;
  let value: JsonValue | undefined = whole;
  for (const token of reference.slice(2).split('/')) {
    const key = unescapeToken(token);
    if (key === undefined) return undefined;
    if (Array.isArray(value)) value = (value as readonly JsonValue[])[Number(key)];
    else if (isObject(value)) value = own(value, key);
    else return undefined;
  }
  return value;
}

function unescapeToken(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    // Not percent-encoded UTF-8, so it cannot name anything.
    return undefined;
  }
}
