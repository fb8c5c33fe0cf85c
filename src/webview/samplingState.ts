/** Reads what the page remembered of itself, from state that may be anything. */

/** An object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Pairs of a key and a text; whatever is none is left out. */
export function readPairs(value: unknown, key: 'number'): readonly (readonly [number, string])[];
export function readPairs(value: unknown, key: 'string'): readonly (readonly [string, string])[];
export function readPairs(value: unknown, key: 'number' | 'string'): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).filter(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && typeof pair[0] === key && typeof pair[1] === 'string',
  );
}
