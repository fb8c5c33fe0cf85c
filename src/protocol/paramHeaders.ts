/**
 * Arguments of a tool that are also sent as headers over HTTP, as its input schema says with `x-mcp-header` (MCP 2026-07-28,
 * basic/transports/streamable-http; HDR1 to HDR5).
 */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';

/** One argument that is mirrored: the keys that lead to it, and the name its header has behind `Mcp-Param-`. */
export interface ParamHeader {
  readonly path: readonly string[];
  readonly name: string;
}

const ANNOTATION = 'x-mcp-header';
const MISPLACED = `an ${ANNOTATION} stands outside of "properties"`;
const TOKEN = /^[!#$%&'*+.^`|~\w-]{1,128}$/;
const TYPES: readonly unknown[] = ['string', 'integer', 'boolean'];
/** Levels and nodes of a schema that are looked at; annotations beyond them are not seen. */
const MAX_DEPTH = 32;
const MAX_NODES = 20_000;

/**
 * Finds the annotations of an input schema.
 * @returns the headers, or what makes the whole tool unusable over HTTP, in our own words.
 */
export function readParamHeaders(schema: JsonObject): Result<readonly ParamHeader[], string> {
  const found: ParamHeader[] = [];
  const names = new Set<string>();
  const walk = new Walk();
  const problem = walk.properties(schema, [], (path, property) => {
    const annotation = own(property, ANNOTATION);
    if (annotation === undefined) return undefined;
    const trouble = annotationTrouble(annotation, own(property, 'type'));
    if (trouble !== undefined) return trouble;
    const name = annotation as string;
    if (names.has(name.toLowerCase())) return `two arguments have the ${ANNOTATION} "${name}"`;
    names.add(name.toLowerCase());
    found.push({ path, name });
    return undefined;
  });
  return problem === undefined ? ok(found) : err(problem);
}

function annotationTrouble(annotation: JsonValue, type: JsonValue | undefined): string | undefined {
  if (typeof annotation !== 'string' || !TOKEN.test(annotation)) return `an ${ANNOTATION} is no header name`;
  if (!TYPES.includes(type))
    return `an ${ANNOTATION} stands on an argument that is no string, integer or boolean`;
  return undefined;
}

/** Goes through a schema along `properties`; an annotation anywhere else is a mistake of the server (HDR3). */
class Walk {
  private nodes = 0;

  properties(
    schema: JsonObject,
    path: readonly string[],
    visit: (path: readonly string[], property: JsonObject) => string | undefined,
  ): string | undefined {
    if (path.length > MAX_DEPTH || ++this.nodes > MAX_NODES) return undefined;
    // That of a property is looked at with the property.
    if (path.length === 0 && Object.hasOwn(schema, ANNOTATION)) return MISPLACED;
    for (const keyword of Object.keys(schema)) {
      const value = own(schema, keyword);
      if (keyword !== 'properties' && this.isAnnotated(value, 0)) return MISPLACED;
    }
    const properties = own(schema, 'properties');
    if (!isObject(properties)) return undefined;
    for (const key of Object.keys(properties)) {
      const property = own(properties, key);
      if (!isObject(property)) continue;
      const problem = visit([...path, key], property) ?? this.properties(property, [...path, key], visit);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private isAnnotated(value: JsonValue | undefined, depth: number): boolean {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || ++this.nodes > MAX_NODES)
      return false;
    if (isObject(value) && Object.hasOwn(value, ANNOTATION)) return true;
    return (Object.values(value) as JsonValue[]).some((child) => this.isAnnotated(child, depth + 1));
  }
}

/** The headers of one call: an argument that is absent or null has none (HDR2). */
export function paramHeadersOf(
  headers: readonly ParamHeader[],
  given: JsonObject,
): readonly (readonly [name: string, value: string])[] {
  return headers.flatMap(({ path, name }) => {
    const value = valueAt(given, path);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[`Mcp-Param-${name}`, headerValue(String(value))] as const]
      : [];
  });
}

function valueAt(given: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = given;
  for (const key of path) value = isObject(value) ? own(value, key) : undefined;
  return value;
}

/** Text as a header carries it: as it is where that is possible, else as marked base64 of its UTF-8 (HDR5). */
export function headerValue(text: string): string {
  const isPlain = /^[\x20-\x7e]*$/.test(text) && text === text.trim();
  const looksMarked = /^=\?base64\?.*\?=$/s.test(text);
  return isPlain && !looksMarked ? text : `=?base64?${toBase64(text)}?=`;
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
