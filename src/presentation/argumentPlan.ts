/**
 * From a tool's input schema to the questions that a person is asked, in order. Understands what forms can ask; everything else
 * is asked as JSON. Knows nothing of how questions look.
 */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import type { ToolDefinition } from '../protocol/model';
import { inputOf, nullableOf, type FieldInput } from './fieldInput';
import { resolveSchema } from './schemaRefs';

/** One argument. Texts are the server's and not yet safe to show. */
export interface Field {
  readonly key: string;
  readonly required: boolean;
  readonly title?: string;
  readonly description?: string;
  /** The schema's default: shown, and never sent unless the person sees it go (T104). */
  readonly defaultValue?: JsonValue;
  readonly examples: readonly JsonValue[];
  /** `null` is an allowed value. */
  readonly nullable: boolean;
  readonly input: FieldInput;
  /** Where the field's schema is within the whole, as a JSON pointer. */
  readonly pointer: string;
}

/** How arguments are asked for. */
export type ArgumentPlan =
  /** Required fields first, each group in the order of the schema. */
  | { readonly kind: 'fields'; readonly fields: readonly Field[] }
  /** As one JSON object; `reason` is our own sentence. */
  | { readonly kind: 'json'; readonly reason: string };

/** More fields are asked for as JSON (T104). */
export const MAX_FIELDS = 50;
/** Characters of a title or description. */
const MAX_TEXT = 2_000;
const MAX_EXAMPLES = 5;

/** Plans the questions for a tool. */
export function planTool({ inputSchema, withheld }: ToolDefinition): ArgumentPlan {
  return withheld?.includes('inputSchema')
    ? json('The input schema is too large for questions, and nothing is checked against it.')
    : planArguments(inputSchema);
}

/** Plans the questions for an input schema. Never throws, whatever the schema holds. */
export function planArguments(schema: JsonObject): ArgumentPlan {
  const root = resolveSchema(schema, schema);
  if (!root) return json('The input schema refers to something that is not there.');
  const type = own(root.schema, 'type');
  const listed = own(root.schema, 'properties');
  if (type !== undefined && type !== 'object' && !(Array.isArray(type) && type.includes('object')))
    return json('The input schema does not describe an object.');
  if (['anyOf', 'oneOf', 'if', 'dependentSchemas'].some((keyword) => own(root.schema, keyword) !== undefined))
    return json('The arguments depend on each other.');
  const properties = isObject(listed) ? listed : {};
  const keys = Object.keys(properties);
  const required = requiredOf(root.schema);
  if (keys.length === 0 && takesAnything(root.schema))
    return json('The tool takes arguments that its schema does not name.');
  if (required.some((key) => !Object.hasOwn(properties, key)))
    return json('A required argument is not described.');
  if (keys.length > MAX_FIELDS) return json(`The tool has ${keys.length} arguments.`);
  const fields = keys.map((key) =>
    planField(
      schema,
      key,
      own(properties, key),
      required.includes(key),
      `${root.pointer}/properties/${escapePointer(key)}`,
    ),
  );
  if (fields.includes(undefined))
    return json('The schema of an argument refers to something that is not there.');
  const known = fields.filter((field): field is Field => field !== undefined);
  return {
    kind: 'fields',
    fields: [...known.filter((field) => field.required), ...known.filter((field) => !field.required)],
  };
}

/** Arguments to begin with when they are written as JSON: what is required, with defaults or the simplest value of its type. */
export function skeletonOf(plan: ArgumentPlan): JsonObject {
  if (plan.kind === 'json') return {};
  return Object.fromEntries(
    plan.fields
      .filter(({ required }) => required)
      .map((field) => [field.key, field.defaultValue ?? emptyValueOf(field)]),
  );
}

function planField(
  whole: JsonObject,
  key: string,
  schema: JsonValue | undefined,
  required: boolean,
  pointer: string,
): Field | undefined {
  if (schema === undefined || typeof schema === 'boolean') return anything(key, required, pointer);
  const beside = isObject(schema) ? schema : {};
  const resolved = resolveSchema(whole, beside);
  if (!resolved) return undefined;
  const { schema: full } = resolved;
  const { schema: plain, nullable } = nullableOf(whole, full);
  // Words beside a reference are about this use of it.
  const text = (name: string): string | undefined =>
    ownString(beside, name) ?? ownString(full, name) ?? ownString(plain, name);
  const title = text('title');
  const description = text('description');
  const defaultValue = own(beside, 'default') ?? own(full, 'default') ?? own(plain, 'default');
  const examples = own(full, 'examples');
  return {
    key,
    required,
    ...(title === undefined || title === '' ? {} : { title: title.slice(0, MAX_TEXT) }),
    ...(description === undefined || description === ''
      ? {}
      : { description: description.slice(0, MAX_TEXT) }),
    ...(defaultValue === undefined ? {} : { defaultValue }),
    examples: Array.isArray(examples) ? (examples as readonly JsonValue[]).slice(0, MAX_EXAMPLES) : [],
    nullable,
    input: inputOf(whole, plain),
    pointer,
  };
}

function anything(key: string, required: boolean, pointer: string): Field {
  return { key, required, examples: [], nullable: false, input: { kind: 'json', type: 'any' }, pointer };
}

function emptyValueOf({ input, nullable, examples }: Field): JsonValue {
  const [example] = examples;
  if (example !== undefined) return example;
  if (nullable) return null;
  switch (input.kind) {
    case 'boolean':
      return false;
    case 'choice':
      return input.choices[0]?.value ?? '';
    case 'choices':
      return [];
    case 'number':
      return input.minimum ?? 0;
    case 'string':
      return '';
    case 'json':
      return input.type === 'array' ? [] : input.type === 'object' ? {} : null;
  }
}

function requiredOf(schema: JsonObject): readonly string[] {
  const required = own(schema, 'required');
  return Array.isArray(required)
    ? (required as readonly JsonValue[]).filter((key) => typeof key === 'string')
    : [];
}

function takesAnything(schema: JsonObject): boolean {
  const additional = own(schema, 'additionalProperties');
  const patterns = own(schema, 'patternProperties');
  return (
    additional === true || isObject(additional) || (isObject(patterns) && Object.keys(patterns).length > 0)
  );
}

function json(reason: string): ArgumentPlan {
  return { kind: 'json', reason };
}

function escapePointer(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}
