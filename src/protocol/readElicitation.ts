/** Reader and writer of elicitation on the wire, one form for both eras. What a form of ours could not ask is refused, not guessed. */

import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import type { ElicitationAnswer, ElicitationField, ElicitationRequest, ElicitationUrl } from './elicitation';
import { readElicitationInput } from './elicitationFields';
import { readElicitationUrl } from './elicitationUrl';
import { fieldProblem } from './elicitationValues';
import { isAtLeast, type Revision } from './revisions';
import { cutText } from './cutText';

/** More than a person fills in (T146). */
const MAX_FIELDS = 50;
const MAX_MESSAGE = 8_192;
const MAX_KEY = 200;
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 2_000;
const MAX_ID = 1_024;
/** Characters of all fields together: nobody reviews more, and it is copied to the host's thread. */
const MAX_TEXT = 262_144;
/** Entries of one "URL elicitation required" error (T145). */
const MAX_REQUIRED_URLS = 5;

/** Keywords that would change what a form means, and that none of the revisions has (ELIC). */
const FOREIGN_KEYWORDS = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas'];

/** A request as it came, with the id its server may name when what it asked for has been done elsewhere (URL7). */
interface ReadElicitation {
  readonly request: ElicitationRequest;
  readonly elicitationId?: string;
}

/**
 * Reads `elicitation/create` params.
 * @returns the request, or why it is invalid (our own text, fit for the wire).
 */
export function readElicitation(raw: JsonObject, revision: Revision): Result<ReadElicitation, string> {
  const given = own(raw, 'mode');
  const mode = given === undefined ? 'form' : given;
  if (mode === 'url' && isAtLeast(revision, '2025-11-25')) return readUrl(raw, revision);
  if (mode !== 'form') return err('the mode is not one this client knows');
  const message = readMessage(raw);
  if (!message.ok) return message;
  const fields = readFields(own(raw, 'requestedSchema'), revision);
  return fields.ok ? ok({ request: { mode, message: message.value, fields: fields.value } }) : fields;
}

/**
 * The addresses that a call needs first: `data.elicitations` of error -32042 (2025-11-25, URL8).
 * @param data the error's data as JSON text.
 */
export function readRequiredUrls(
  data: string | undefined,
  revision: Revision,
): Result<readonly (ReadElicitation & { readonly request: ElicitationUrl })[], string> {
  // It was cut when it is too long, and is no JSON then.
  const given = parseJson(data ?? '');
  const listed = isObject(given) ? own(given, 'elicitations') : undefined;
  if (!Array.isArray(listed) || listed.length === 0) return err('it lists nothing to open');
  if (listed.length > MAX_REQUIRED_URLS) return err(`it asks for more than ${MAX_REQUIRED_URLS} pages`);
  const found: (ReadElicitation & { readonly request: ElicitationUrl })[] = [];
  for (const item of listed as readonly JsonValue[]) {
    if (!isObject(item) || own(item, 'mode') !== 'url') return err('it asks for something that is no URL');
    const read = readUrl(item, revision);
    if (!read.ok) return read;
    found.push(read.value);
  }
  return ok(found);
}

/** The result of `elicitation/create`, and an input response. */
export function writeElicitation(answer: ElicitationAnswer): JsonObject {
  // Only an accepted form has content (ELIC6).
  return answer.action === 'accept' && answer.content !== undefined
    ? { action: answer.action, content: answer.content }
    : { action: answer.action };
}

function readUrl(
  raw: JsonObject,
  revision: Revision,
): Result<ReadElicitation & { readonly request: ElicitationUrl }, string> {
  const message = readMessage(raw);
  if (!message.ok) return message;
  const url = readElicitationUrl(ownString(raw, 'url') ?? '');
  if (!url.ok) return url;
  const request = { mode: 'url', message: message.value, url: url.value } as const;
  // The stateless era has no such ids: there is nothing that could name them.
  if (isAtLeast(revision, '2026-07-28')) return ok({ request });
  const elicitationId = ownString(raw, 'elicitationId');
  if (elicitationId === undefined || elicitationId.length > MAX_ID)
    return err('elicitationId must be a string that is not too long');
  return ok({ request, elicitationId });
}

function readMessage(raw: JsonObject): Result<string, string> {
  const message = ownString(raw, 'message');
  if (message === undefined) return err('message must be a string');
  return message.length > MAX_MESSAGE
    ? err(`at most ${MAX_MESSAGE} characters of message are taken`)
    : ok(message);
}

function readFields(
  schema: JsonValue | undefined,
  revision: Revision,
): Result<readonly ElicitationField[], string> {
  if (!isObject(schema) || own(schema, 'type') !== 'object')
    return err('requestedSchema must describe an object');
  const foreign = FOREIGN_KEYWORDS.find((keyword) => own(schema, keyword) !== undefined);
  if (foreign !== undefined) return err(`requestedSchema must not use ${foreign}`);
  const properties = own(schema, 'properties');
  if (!isObject(properties)) return err('requestedSchema must have properties');
  const keys = Object.keys(properties);
  if (keys.length > MAX_FIELDS) return err(`at most ${MAX_FIELDS} fields are taken`);
  const required = own(schema, 'required') ?? [];
  if (!Array.isArray(required)) return err('required must be a list');
  const names = new Set<JsonValue>(required as readonly JsonValue[]);
  for (const name of names)
    if (typeof name !== 'string' || !Object.hasOwn(properties, name))
      return err('required names a field that is not described');
  const fields: ElicitationField[] = [];
  for (const [index, key] of keys.entries()) {
    const field = readField(key, own(properties, key), names.has(key), revision);
    // The field's own name is the server's text, and is not repeated in a message of ours.
    if (!field.ok) return err(`field ${index + 1} ${field.error}`);
    fields.push(field.value);
  }
  return textLength(fields) > MAX_TEXT
    ? err(`at most ${MAX_TEXT} characters of fields are taken`)
    : ok(fields);
}

function readField(
  key: string,
  schema: JsonValue | undefined,
  required: boolean,
  revision: Revision,
): Result<ElicitationField, string> {
  if (key.length > MAX_KEY) return err('has a name that is too long');
  if (!isObject(schema)) return err('has no schema');
  const input = readElicitationInput(schema, revision);
  if (!input.ok) return input;
  const title = ownString(schema, 'title');
  const description = ownString(schema, 'description');
  const proposed = own(schema, 'default');
  const field = {
    key,
    required,
    ...(title === undefined || title === '' ? {} : { title: cutText(title, MAX_TITLE) }),
    ...(description === undefined || description === ''
      ? {}
      : { description: cutText(description, MAX_DESCRIPTION) }),
    input: input.value,
  };
  // A default that does not fit is no proposal anybody could accept.
  return proposed === undefined || fieldProblem(field, proposed) !== undefined
    ? ok(field)
    : ok({ ...field, defaultValue: proposed as NonNullable<ElicitationField['defaultValue']> });
}

/** Formats are short, and a default that is picked from the choices is no longer than these. */
function textLength(fields: readonly ElicitationField[]): number {
  let length = 0;
  for (const { key, title = '', description = '', defaultValue, input } of fields) {
    length += key.length + title.length + description.length;
    if (input.kind === 'string') length += input.pattern?.length ?? 0;
    if (typeof defaultValue === 'string') length += defaultValue.length;
    if (!('choices' in input)) continue;
    for (const choice of input.choices) length += choice.value.length + (choice.title?.length ?? 0);
  }
  return length;
}
