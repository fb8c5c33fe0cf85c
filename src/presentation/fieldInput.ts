/** What kind of question one schema asks. Understands the subset that forms can show; the rest is JSON. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { resolveSchema } from './schemaRefs';

/** One value to pick. */
export interface Choice {
  readonly value: JsonValue;
  /** The server's words for it; without them the value speaks for itself. */
  readonly title?: string;
  readonly description?: string;
}

/** Range of a number; all bounds are inclusive unless named otherwise. */
export interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

/** Lengths are in characters (code points), as JSON Schema counts them. */
interface TextRules {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
  /** A regular expression of the server: never run on the main thread. */
  readonly pattern?: string;
}

/** What is asked. */
export type FieldInput =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | {
      readonly kind: 'choices';
      readonly choices: readonly Choice[];
      readonly minItems?: number;
      readonly maxItems?: number;
    }
  | ({ readonly kind: 'number'; readonly integer: boolean } & NumberRange)
  | ({ readonly kind: 'string' } & TextRules)
  | { readonly kind: 'json'; readonly type: 'array' | 'object' | 'any' };

const MAX_CHOICES = 1_000;

/** The question for a schema that is already resolved and not nullable. */
export function inputOf(whole: JsonObject, schema: JsonObject): FieldInput {
  const choices = choicesOf(whole, schema);
  if (choices) return { kind: 'choice', choices };
  switch (typeOf(schema)) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return { kind: 'number', integer: typeOf(schema) === 'integer', ...rangeOf(schema) };
    case 'string':
      return { kind: 'string', ...textRulesOf(schema) };
    case 'array':
      return arrayInput(whole, schema);
    case 'object':
      return { kind: 'json', type: 'object' };
    default:
      return { kind: 'json', type: 'any' };
  }
}

/** The values of `enum`, `const`, or of a `oneOf` or `anyOf` that lists constants; undefined when it is none of these. */
function choicesOf(whole: JsonObject, schema: JsonObject): readonly Choice[] | undefined {
  const constant = own(schema, 'const');
  if (constant !== undefined) return [{ value: constant }];
  const values = own(schema, 'enum');
  if (Array.isArray(values)) {
    const items: readonly JsonValue[] = values;
    if (items.length === 0 || items.length > MAX_CHOICES) return undefined;
    const names = own(schema, 'enumNames');
    return items.map((value, index) => {
      const title = Array.isArray(names) ? (names as readonly JsonValue[])[index] : undefined;
      return { value, ...(typeof title === 'string' ? { title } : {}) };
    });
  }
  const options = own(schema, 'oneOf') ?? own(schema, 'anyOf');
  if (!Array.isArray(options) || options.length === 0 || options.length > MAX_CHOICES) return undefined;
  const found = (options as readonly JsonValue[]).map((option) => constantChoice(whole, option));
  return found.includes(undefined)
    ? undefined
    : found.filter((choice): choice is Choice => choice !== undefined);
}

/** Takes `null` out of a schema: `type: ["string", "null"]`, `nullable`, or one alternative of `anyOf` and `oneOf`. */
export function nullableOf(whole: JsonObject, schema: JsonObject): { schema: JsonObject; nullable: boolean } {
  const type = own(schema, 'type');
  if (Array.isArray(type) && type.includes('null')) {
    const left = (type as readonly JsonValue[]).filter((each) => each !== 'null');
    const [only] = left;
    const values = own(schema, 'enum');
    return {
      nullable: true,
      schema: {
        ...schema,
        type: left.length === 1 && only !== undefined ? only : left,
        ...(Array.isArray(values)
          ? { enum: (values as readonly JsonValue[]).filter((value) => value !== null) }
          : {}),
      },
    };
  }
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const options = own(schema, keyword);
    if (!Array.isArray(options) || options.length < 2 || options.length > MAX_CHOICES) continue;
    const items: readonly JsonValue[] = options;
    const left = items.filter(
      (option) => !(isObject(option) && (own(option, 'type') === 'null' || own(option, 'const') === null)),
    );
    if (left.length === items.length) continue;
    const { [keyword]: _, ...rest } = schema;
    const [only] = left;
    const resolved = left.length === 1 && isObject(only) ? resolveSchema(whole, only) : undefined;
    return {
      nullable: true,
      schema: resolved ? { ...rest, ...resolved.schema } : { ...rest, [keyword]: left },
    };
  }
  return { schema, nullable: own(schema, 'nullable') === true };
}

/** What is accepted, such as `integer from 1 to 20` or `email, at most 60 characters`; empty when that needs no words. */
export function describeInput(input: FieldInput): string {
  switch (input.kind) {
    case 'boolean':
    case 'choice':
      return '';
    case 'choices':
      return countText(input.minItems, input.maxItems, 'selected').join('');
    case 'number':
      return numberText(input);
    case 'string': {
      const count = countText(input.minLength, input.maxLength, 'characters');
      return [...(input.format === undefined ? [] : [input.format]), ...count].join(', ');
    }
    case 'json':
      return input.type === 'any' ? 'any JSON value' : `JSON ${input.type}`;
  }
}

function numberText(input: { readonly integer: boolean } & NumberRange): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = input;
  const parts = [input.integer ? 'integer' : 'number'];
  if (minimum !== undefined && maximum !== undefined) parts.push(`from ${minimum} to ${maximum}`);
  else if (minimum !== undefined) parts.push(`at least ${minimum}`);
  else if (maximum !== undefined) parts.push(`at most ${maximum}`);
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`below ${exclusiveMaximum}`);
  if (multipleOf !== undefined) parts.push(`a multiple of ${multipleOf}`);
  return parts.join(', ').replace(', from', ' from');
}

function countText(min: number | undefined, max: number | undefined, what: string): string[] {
  if (min !== undefined && max !== undefined) return [`${min} to ${max} ${what}`];
  if (min !== undefined && min > 0) return [`at least ${min} ${what}`];
  return max === undefined ? [] : [`at most ${max} ${what}`];
}

function arrayInput(whole: JsonObject, schema: JsonObject): FieldInput {
  const items = own(schema, 'items');
  const resolved = isObject(items) ? resolveSchema(whole, items) : undefined;
  const choices = resolved && choicesOf(whole, resolved.schema);
  const minItems = count(schema, 'minItems');
  // Picking gives each value once at most, so it needs room for that.
  if (!choices || (minItems !== undefined && minItems > choices.length))
    return { kind: 'json', type: 'array' };
  const maxItems = count(schema, 'maxItems');
  return {
    kind: 'choices',
    choices,
    ...(minItems === undefined ? {} : { minItems }),
    ...(maxItems === undefined ? {} : { maxItems }),
  };
}

function constantChoice(whole: JsonObject, option: JsonValue): Choice | undefined {
  const resolved = isObject(option) ? resolveSchema(whole, option) : undefined;
  const value = resolved && own(resolved.schema, 'const');
  if (!resolved || value === undefined) return undefined;
  const title = ownString(resolved.schema, 'title');
  const description = ownString(resolved.schema, 'description');
  return {
    value,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
}

function typeOf(schema: JsonObject): string | undefined {
  const type = own(schema, 'type');
  if (typeof type === 'string') return type;
  const [only] = Array.isArray(type) && type.length === 1 ? (type as readonly JsonValue[]) : [];
  return typeof only === 'string' ? only : undefined;
}

function rangeOf(schema: JsonObject): NumberRange {
  const found: Record<string, number> = {};
  for (const key of ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const) {
    const value = own(schema, key);
    if (typeof value === 'number' && Number.isFinite(value)) found[key] = value;
  }
  return found;
}

function textRulesOf(schema: JsonObject): TextRules {
  const minLength = count(schema, 'minLength');
  const maxLength = count(schema, 'maxLength');
  const format = ownString(schema, 'format');
  const pattern = ownString(schema, 'pattern');
  return {
    ...(minLength === undefined ? {} : { minLength }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(format === undefined ? {} : { format: format.slice(0, 60) }),
    ...(pattern === undefined ? {} : { pattern: pattern.slice(0, 1_000) }),
  };
}

function count(schema: JsonObject, key: string): number | undefined {
  const value = own(schema, key);
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}
