/** Bounds that a server's schema must keep before anything is compiled from it (T097). Pure and linear. */

import type { JsonValue } from '../base/json';

/** Objects and lists of a schema in all, and members of one object. */
export const MAX_NODES = 5_000;

/** Levels of a schema. */
export const MAX_DEPTH = 64;

/** Entries of one list. */
export const MAX_ENUM = 1_000;

/** Characters of all strings and keys. */
const MAX_CHARS = 262_144;

/** Why a schema is not compiled, as the end of "too complex to check: …"; undefined when it keeps the bounds. */
export function boundsProblem(schema: JsonValue): string | undefined {
  let nodes = 0;
  let chars = 0;
  const open: { readonly value: JsonValue; readonly depth: number; readonly isEnum: boolean }[] = [
    { value: schema, depth: 0, isEnum: false },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth, isEnum } = next;
    if (typeof value === 'string') chars += value.length;
    if (chars > MAX_CHARS) return 'it is longer than 256 KB';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    if (Array.isArray(value)) {
      const items = value as readonly JsonValue[];
      if (items.length > MAX_ENUM) return `it has a list of more than ${MAX_ENUM} entries`;
      // Values of an enum cost what their text costs, not what a schema costs.
      if (!isEnum) nodes += 1;
      for (const item of items) open.push({ value: item, depth: depth + 1, isEnum });
    } else {
      nodes += 1;
      const keys = Object.keys(value);
      if (keys.length > MAX_NODES) return `it has more than ${MAX_NODES} parts`;
      for (const key of keys) {
        chars += key.length;
        const child = (value as Readonly<Record<string, JsonValue | undefined>>)[key];
        if (child !== undefined)
          open.push({ value: child, depth: depth + 1, isEnum: isEnum || key === 'enum' });
      }
    }
    if (nodes > MAX_NODES) return `it has more than ${MAX_NODES} parts`;
  }
  return undefined;
}
