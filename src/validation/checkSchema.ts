/**
 * Checks one value against one schema with Ajv. Runs foreign regular expressions and code compiled from foreign schemas, so
 * it belongs in a thread that can be ended.
 */

import { Ajv, type ErrorObject, type FuncKeywordDefinition, type Options } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019';
import { Ajv2020 } from 'ajv/dist/2020';
import uri from 'ajv/dist/runtime/uri';
import addFormats from 'ajv-formats';

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { refAlone, rewritten, withNull } from './schemaRewrites';
import type { Candidate, SchemaError, Validation, ValidationJob } from './contract';

const MAX_ERRORS = 20;
/** Characters of one message. */
const MAX_MESSAGE = 300;
/** Under this name references find the whole schema; whatever `$id` it gave itself is not used (T098). */
const ROOT = 'mcp-host:schema';

/** A compiled schema. */
type Check = (value: JsonValue) => Validation;

type Compiled =
  { readonly ok: true; readonly check: Check } | { readonly ok: false; readonly reason: string };

/** Runs one job. Never throws. */
export function runJob(
  job: ValidationJob,
  compile: (schema: JsonObject, pointer: string) => Compiled = compileSchema,
): Validation {
  const compiled = compile(job.schema, job.pointer);
  if (!compiled.ok) return { kind: 'unchecked', reason: compiled.reason };
  try {
    return compiled.check(valueOf(job.candidate));
  } catch (error) {
    return { kind: 'unchecked', reason: `the check failed (${messageOf(error)})` };
  }
}

/** Compiles with an Ajv of its own, so that nothing of one schema is ever found by another. */
export function compileSchema(schema: JsonObject, pointer: string): Compiled {
  const dialect = dialectOf(schema);
  if (!dialect) return { ok: false, reason: 'the schema is written in a dialect that is not known here' };
  const plain = rewritten(
    withoutIdentity(schema),
    dialect === Ajv ? (part) => withNull(refAlone(part)) : withNull,
  );
  // Older schemas have patterns that are not valid under the `u` flag.
  let reason = '';
  for (const unicodeRegExp of [true, false]) {
    try {
      const ajv = new dialect({ ...OPTIONS, unicodeRegExp });
      addFormats(ajv);
      ajv.removeKeyword('multipleOf').addKeyword(MULTIPLE_OF);
      ajv.addSchema({ ...plain, $id: ROOT }, ROOT);
      const validate = ajv.compile({ $ref: `${ROOT}#${pointer}` });
      return {
        ok: true,
        check: (value) =>
          validate(value)
            ? { kind: 'valid' }
            : { kind: 'invalid', errors: (validate.errors ?? []).slice(0, MAX_ERRORS).map(toError) },
      };
    } catch (error) {
      reason ||= `the schema cannot be used (${messageOf(error)})`;
    }
  }
  return { ok: false, reason };
}

const OPTIONS: Options = {
  strict: false,
  allErrors: true,
  validateSchema: false,
  logger: false,
  inlineRefs: false,
  ownProperties: true,
  addUsedSchema: false,
  // Names of parts stand in references as they are, and a `%` in them begins no code of a URI then.
  uriResolver: {
    parse: (text) => uri.parse(text),
    serialize: (parts) => uri.serialize(parts),
    resolve: (base, text) => uri.resolve(base, text.replace(/%(?![0-9a-f]{2})/gi, '%25')),
  },
};

/** A hundredth is no sum of halves: 19.99 is a multiple of 0.01 all the same. */
const MULTIPLE_OF: FuncKeywordDefinition = {
  keyword: 'multipleOf',
  type: 'number',
  schemaType: 'number',
  validate: (unit: number, value: number): boolean => {
    // Of whole numbers it is known exactly, however large they are.
    if (Number.isSafeInteger(value) && Number.isSafeInteger(unit)) return value % unit === 0;
    const times = value / unit;
    return Math.abs(times - Math.round(times)) <= 4 * Number.EPSILON * Math.abs(times);
  },
  error: { message: ({ schema }) => `must be a multiple of ${Number(schema)}` },
};

/** What Ajv speaks. A schema that names no dialect is 2020-12 (SEP-1613). */
function dialectOf(schema: JsonObject): (new (options: Options) => Ajv) | undefined {
  const named = own(schema, '$schema');
  if (named === undefined) return Ajv2020;
  if (typeof named !== 'string') return undefined;
  switch (named.replace(/^http:/, 'https:').replace(/#$/, '')) {
    case 'https://json-schema.org/draft/2020-12/schema':
      return Ajv2020;
    case 'https://json-schema.org/draft/2019-09/schema':
      return Ajv2019;
    case 'https://json-schema.org/draft-07/schema':
    case 'https://json-schema.org/draft-06/schema':
      return Ajv;
    default:
      return undefined;
  }
}

function withoutIdentity(schema: JsonObject): JsonObject {
  const rest: Record<string, JsonValue | undefined> = { ...schema };
  delete rest['$schema'];
  delete rest['$id'];
  delete rest['id'];
  return rest;
}

function valueOf(candidate: Candidate): JsonValue {
  return 'json' in candidate ? (JSON.parse(candidate.json) as JsonValue) : candidate.value;
}

/** Names what Ajv only hints at. */
function toError(error: ErrorObject): SchemaError {
  return { path: error.instancePath, message: describe(error).slice(0, MAX_MESSAGE) };
}

function describe({ keyword, params, message }: ErrorObject): string {
  const given = isObject(params) ? params : {};
  switch (keyword) {
    case 'additionalProperties':
      return `"${textOf(given['additionalProperty'])}" is not declared`;
    case 'unevaluatedProperties':
      return `"${textOf(given['unevaluatedProperty'])}" is not declared`;
    case 'required':
      return `"${textOf(given['missingProperty'])}" is required`;
    case 'enum':
      return `must be one of ${list(given['allowedValues'])}`;
    case 'const':
      return `must be ${JSON.stringify(given['allowedValue'])}`;
    case 'type':
      return `must be ${Array.isArray(given['type']) ? given['type'].join(' or ') : textOf(given['type'])}`;
    default:
      return message ?? `fails "${keyword}"`;
  }
}

function list(values: unknown): string {
  if (!Array.isArray(values)) return 'the listed values';
  const shown = values.slice(0, 10).map((value) => JSON.stringify(value));
  return shown.join(', ') + (values.length > shown.length ? ', …' : '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown';
  return text.replaceAll(` from id ${ROOT}`, '').replaceAll(ROOT, '').slice(0, MAX_MESSAGE);
}
