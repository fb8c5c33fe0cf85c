/** How large a JSON value is, found out without making its text: that could be many times what a heap has left. */

import type { JsonValue } from '../base/json';

/** What a value may hold. */
interface JsonBounds {
  /** UTF-16 units as compact JSON, escapes not counted. */
  readonly chars: number;
  /** Objects and arrays. */
  readonly containers: number;
}

/** The characters of a value that keeps the bounds; undefined for one that does not. Stops counting at the bound. */
export function jsonChars(root: JsonValue, bounds: JsonBounds): number | undefined {
  let chars = 0;
  let containers = 0;
  const open: JsonValue[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') chars += value.length + 2;
    else if (typeof value !== 'object' || value === null) chars += String(value).length;
    else {
      containers += 1;
      const keys = Array.isArray(value) ? undefined : Object.keys(value);
      const children = Object.values(value) as readonly JsonValue[];
      // Two brackets, and a comma between each two.
      chars += Math.max(children.length + 1, 2);
      if (keys) for (const key of keys) chars += key.length + 3;
      if (chars <= bounds.chars) for (const child of children) open.push(child);
    }
    if (chars > bounds.chars || containers > bounds.containers) return undefined;
  }
  return chars;
}
