/**
 * Schemas as their servers mean them, in words that the checker knows. Pure; every part that counts keeps its JSON pointer.
 */

import { isObject, type JsonObject, type JsonValue } from '../base/json';

type Rewrite = (schema: JsonObject) => JsonObject;

const NULL: JsonObject = { type: 'null' };

/** Under these are values, not schemas. */
const VALUES: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
/** Under these are schemas by name, whatever the names. */
const NAMED: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  'dependencies',
  '$defs',
  'definitions',
]);
/** What counts beside `$ref` where nothing else does. */
const BESIDE_REF: ReadonlySet<string> = new Set(['$ref', 'nullable', '$defs', 'definitions']);

/** Rewrites a schema and all schemas in it. */
export function rewritten(schema: JsonObject, rewrite: Rewrite): JsonObject {
  const part = (value: JsonValue | undefined): JsonValue | undefined => {
    if (Array.isArray(value)) return (value as readonly JsonValue[]).map((each) => part(each) ?? null);
    return isObject(value) ? rewritten(value, rewrite) : value;
  };
  return rewrite(
    mapped(schema, (value, key) => {
      if (VALUES.has(key)) return value;
      return NAMED.has(key) && isObject(value) ? mapped(value, part) : part(value);
    }),
  );
}

function mapped(
  value: JsonObject,
  make: (each: JsonValue | undefined, key: string) => JsonValue | undefined,
): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, make(each, key)]));
}

/** A reference as the drafts before 2019-09 have it: what stands beside it is ignored. */
export function refAlone(schema: JsonObject): JsonObject {
  if (typeof schema['$ref'] !== 'string') return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => BESIDE_REF.has(key)));
}

/**
 * A schema with `nullable` of OpenAPI as one that takes `null`. The checker knows it beside `type` alone and takes no schema that has it
 * elsewhere, while generated schemas have it beside `anyOf`, `enum` and `$ref`.
 */
export function withNull(schema: JsonObject): JsonObject {
  const { nullable, ...rest } = schema;
  if (typeof nullable !== 'boolean' || Object.hasOwn(rest, 'type')) return schema;
  if (!nullable) return rest;
  const { $ref, ...others } = rest;
  if (typeof $ref === 'string' && !Object.hasOwn(rest, 'anyOf'))
    return { ...others, anyOf: [{ $ref }, NULL] };
  const { anyOf, oneOf, enum: values } = rest;
  return {
    ...rest,
    ...(isList(anyOf) ? { anyOf: [...anyOf, NULL] } : {}),
    // Of these only one may match.
    ...(isList(oneOf) && !oneOf.some(takesNull) ? { oneOf: [...oneOf, NULL] } : {}),
    ...(isList(values) ? { enum: [...values, null] } : {}),
  };
}

function takesNull(schema: JsonValue): boolean {
  if (!isObject(schema)) return false;
  const { type, nullable } = schema;
  return type === 'null' || (isList(type) && type.includes('null')) || nullable === true;
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
