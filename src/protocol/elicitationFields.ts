/** Reads what one field of a form takes: the schema forms that the revisions know (ELIC), and nothing else. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import type { ElicitationChoice, ElicitationInput } from './elicitation';
import { cutText } from './cutText';
import { isAtLeast, type Revision } from './revisions';

const MAX_CHOICES = 500;
const MAX_CHOICE = 1_000;
const MAX_TITLE = 300;
const MAX_PATTERN = 1_000;
const MAX_FORMAT = 60;

/** The revision with lists, titled choices and defaults of all types. */
const RICHER: Revision = '2025-11-25';

/** Keywords of JSON Schema that change what a value may be, and that no field has. */
const FOREIGN_KEYWORDS = ['$ref', '$dynamicRef', 'allOf', 'not', 'if', 'const', 'properties'];

/** @returns what is asked, or what is wrong: the end of a sentence that begins with the field. */
export function readElicitationInput(
  schema: JsonObject,
  revision: Revision,
): Result<ElicitationInput, string> {
  const foreign = FOREIGN_KEYWORDS.find((keyword) => own(schema, keyword) !== undefined);
  if (foreign !== undefined) return err(`must not use ${foreign}`);
  const type = own(schema, 'type');
  // Titled choices stand under `oneOf` for one value, and under `anyOf` within a list.
  if (own(schema, 'anyOf') !== undefined) return err('must not use anyOf');
  if (own(schema, 'oneOf') !== undefined && type !== 'string') return err('must not use oneOf');
  switch (type) {
    case 'boolean':
      return ok({ kind: 'boolean' });
    case 'integer':
    case 'number':
      return ok({
        kind: 'number',
        integer: type === 'integer',
        ...bound(schema, 'minimum'),
        ...bound(schema, 'maximum'),
      });
    case 'string':
      return readString(schema, revision);
    case 'array':
      return isAtLeast(revision, RICHER)
        ? readList(schema)
        : err('is a list, which came with a later revision');
    default:
      return err('is of a type that forms do not have');
  }
}

function readString(schema: JsonObject, revision: Revision): Result<ElicitationInput, string> {
  const listed = own(schema, 'enum');
  if (listed !== undefined) {
    const choices = readEnum(listed, own(schema, 'enumNames'));
    return choices.ok ? ok({ kind: 'choice', choices: choices.value }) : choices;
  }
  const titled = own(schema, 'oneOf');
  if (titled !== undefined) {
    if (!isAtLeast(revision, RICHER)) return err('has titled choices, which came with a later revision');
    const choices = readTitled(titled);
    return choices.ok ? ok({ kind: 'choice', choices: choices.value }) : choices;
  }
  const format = ownString(schema, 'format');
  const pattern = ownString(schema, 'pattern');
  if (pattern !== undefined && pattern.length > MAX_PATTERN) return err('has a pattern that is too long');
  return ok({
    kind: 'string',
    ...count(schema, 'minLength'),
    ...count(schema, 'maxLength'),
    ...(format === undefined ? {} : { format: cutText(format, MAX_FORMAT) }),
    ...(pattern === undefined ? {} : { pattern }),
  });
}

function readList(schema: JsonObject): Result<ElicitationInput, string> {
  const items = own(schema, 'items');
  if (!isObject(items)) return err('is a list of anything');
  const titled = own(items, 'anyOf');
  const listed = own(items, 'enum');
  if (titled === undefined && (listed === undefined || own(items, 'type') !== 'string'))
    return err('is a list of something other than choices');
  const choices = titled === undefined ? readEnum(listed, undefined) : readTitled(titled);
  return choices.ok
    ? ok({
        kind: 'choices',
        choices: choices.value,
        ...count(schema, 'minItems'),
        ...count(schema, 'maxItems'),
      })
    : choices;
}

/** Values, with titles of the older form beside them where there are as many (ELIC, legacy). */
function readEnum(
  listed: JsonValue | undefined,
  names: JsonValue | undefined,
): Result<readonly ElicitationChoice[], string> {
  if (!Array.isArray(listed)) return err('has no list of choices');
  const titles: readonly JsonValue[] = Array.isArray(names) && names.length === listed.length ? names : [];
  return collect((listed as readonly JsonValue[]).map((value, index) => choiceOf(value, titles[index])));
}

function readTitled(listed: JsonValue): Result<readonly ElicitationChoice[], string> {
  if (!Array.isArray(listed)) return err('has no list of choices');
  return collect(
    (listed as readonly JsonValue[]).map((item) =>
      isObject(item) ? choiceOf(own(item, 'const'), own(item, 'title')) : undefined,
    ),
  );
}

function choiceOf(value: JsonValue | undefined, title: JsonValue | undefined): ElicitationChoice | undefined {
  if (typeof value !== 'string' || value.length > MAX_CHOICE) return undefined;
  return {
    value,
    ...(typeof title === 'string' && title !== '' ? { title: cutText(title, MAX_TITLE) } : {}),
  };
}

function collect(
  choices: readonly (ElicitationChoice | undefined)[],
): Result<readonly ElicitationChoice[], string> {
  if (choices.length === 0) return err('has no choices');
  if (choices.length > MAX_CHOICES) return err(`has more than ${MAX_CHOICES} choices`);
  const found = choices.filter((choice): choice is ElicitationChoice => choice !== undefined);
  if (found.length < choices.length) return err('has a choice that is no text, or too long');
  return new Set(found.map(({ value }) => value)).size < found.length ? err('has a choice twice') : ok(found);
}

function bound<K extends 'minimum' | 'maximum'>(schema: JsonObject, key: K): { [P in K]?: number } {
  const value = own(schema, key);
  const found: { [P in K]?: number } = {};
  if (typeof value === 'number' && Number.isFinite(value)) found[key] = value;
  return found;
}

function count<K extends 'minLength' | 'maxLength' | 'minItems' | 'maxItems'>(
  schema: JsonObject,
  key: K,
): { [P in K]?: number } {
  const value = own(schema, key);
  const found: { [P in K]?: number } = {};
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) found[key] = value;
  return found;
}
