/** Whether two values are the same JSON, whatever the order of their names. */

import { isObject, own, type JsonValue } from './json';

/** Deeper than any message may be. */
const MAX_DEPTH = 1_000;

/** @returns false as well for what is nested too deep to be looked through */
export function isSameJson(a: JsonValue, b: JsonValue | undefined, depth = 0): boolean {
  if (a === b) return true;
  if (b === undefined || depth > MAX_DEPTH) return false;
  if (isList(a))
    return isList(b) && a.length === b.length && a.every((one, at) => isSameJson(one, b[at], depth + 1));
  if (!isObject(a) || !isObject(b)) return false;
  const entries = Object.entries(a);
  return (
    entries.length === Object.keys(b).length &&
    entries.every(([name, value]) => value !== undefined && isSameJson(value, own(b, name), depth + 1))
  );
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
