/** JSON values and the few guards that every reader of foreign JSON needs. */

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Read it with own-property access only: its keys may be hostile. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for a plain object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads an own property, so that `__proto__` and `constructor` are never found by inheritance. */
export function own(value: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Reads an own string property, or undefined when it is absent or of another type. */
export function ownString(value: JsonObject, key: string): string | undefined {
  const found = own(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** The value of a JSON text; undefined when it is none, as when it was cut. The parser's own message, which quotes the text, is not kept. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
