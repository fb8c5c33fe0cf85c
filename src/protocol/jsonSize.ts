/** How large a JSON value is, found out without making its text: that could be many times what a heap has left. */

import type { JsonObject, JsonValue } from '../base/json';

/** What a value may hold. */
interface JsonBounds {
  /** UTF-16 units as compact JSON, escapes not counted. */
  readonly chars: number;
  /** Objects and arrays. */
  readonly containers: number;
}

/**
 * The characters of a value that keeps the bounds; undefined for one that does not. Stops counting at the bound.
 * @param root no deeper than messages may nest
 */
export function jsonChars(root: JsonValue, bounds: JsonBounds): number | undefined {
  const left = { ...bounds };
  return spend(root, left) ? bounds.chars - left.chars : undefined;
}

/**
 * Takes what `value` has from what is left; false when that was not enough. It runs for all of every list, so it makes nothing that would
 * have to be collected.
 */
function spend(value: JsonValue | undefined, left: { chars: number; containers: number }): boolean {
  if (typeof value === 'string') left.chars -= value.length + 2;
  else if (typeof value !== 'object' || value === null) left.chars -= String(value).length;
  else {
    left.containers -= 1;
    // Two brackets, and a comma between each two.
    left.chars -= 1;
    if (Array.isArray(value)) {
      const items = value as readonly JsonValue[];
      for (let at = 0; at < items.length; at += 1) if (!spendMember(0, items[at], left)) return false;
      if (items.length === 0) left.chars -= 1;
    } else {
      let isEmpty = true;
      const members = value as JsonObject;
      for (const key in members) {
        isEmpty = false;
        if (!spendMember(key.length + 3, members[key], left)) return false;
      }
      if (isEmpty) left.chars -= 1;
    }
  }
  return left.chars >= 0 && left.containers >= 0;
}

/** @param name characters of the member's name, with quotes and colon */
function spendMember(
  name: number,
  value: JsonValue | undefined,
  left: { chars: number; containers: number },
): boolean {
  left.chars -= 1 + name;
  return spend(value, left);
}
