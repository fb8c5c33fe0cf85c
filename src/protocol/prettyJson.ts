/** JSON as a person reads it, without letting nesting blow it up. */

import type { JsonValue } from '../base/json';

/** Indentation may make a text this many times longer, and any text this long in all. */
const MAX_GROWTH = 4;
const ALWAYS_CHARS = 1_048_576;

/**
 * Indented JSON. Deep nesting costs two characters per level for every value, so a few megabytes could become gigabytes:
 * what would grow out of proportion stays on one line.
 */
export function prettyJson(value: JsonValue): string {
  const compact = JSON.stringify(value);
  const most = Math.max(ALWAYS_CHARS, compact.length * MAX_GROWTH);
  return compact.length + indentation(compact, most) > most ? compact : JSON.stringify(value, null, 2);
}

/** Characters that indentation would add to compact JSON; counting stops above `most`. */
function indentation(compact: string, most: number): number {
  let added = 0;
  let depth = 0;
  for (let at = 0; at < compact.length && added <= most; at++) {
    switch (compact.charCodeAt(at)) {
      case 0x22: // A string: skipped whole.
        at = endOfString(compact, at);
        break;
      case 0x3a: // The space behind a colon.
        added += 1;
        break;
      case 0x2c:
        added += 1 + 2 * depth;
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        added += 1 + 2 * depth;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        added += 1 + 2 * depth;
        break;
    }
  }
  return added;
}

/** The index of the quote that ends the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote !== -1; quote = json.indexOf('"', quote + 1)) {
    let escapes = 0;
    while (json.charCodeAt(quote - 1 - escapes) === 0x5c) escapes += 1;
    if (escapes % 2 === 0) return quote;
  }
  return json.length;
}
