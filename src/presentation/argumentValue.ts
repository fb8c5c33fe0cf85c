/**
 * From what a person types to the value that is sent, never silently another one (T061). Checks what needs no foreign code;
 * patterns and formats are the schema validator's.
 */

import { isObject, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import type { FieldInput, NumberRange } from './fieldInput';

/** Reads a typed text for a number, string or JSON input. Errors are our own sentences. */
export function readTyped(input: FieldInput, text: string): Result<JsonValue, string> {
  switch (input.kind) {
    case 'string':
      return ok(text);
    case 'number':
      return readNumber(text.trim(), input.integer);
    case 'json':
    case 'boolean':
    case 'choice':
    case 'choices':
      return readJson(text, input.kind === 'json' ? input.type : 'any');
  }
}

/** Reads the whole arguments as one JSON object. */
export function readArguments(text: string): Result<JsonObject, string> {
  const read = readJson(text, 'object');
  if (!read.ok) return read;
  return isObject(read.value) ? ok(read.value) : err('Arguments must be a JSON object.');
}

/** What is wrong with a value, as far as that is cheap to tell; undefined when nothing is. */
export function localProblem(input: FieldInput, value: JsonValue): string | undefined {
  if (input.kind === 'number' && typeof value === 'number') return rangeProblem(input, value);
  if (input.kind === 'string' && typeof value === 'string') {
    const length = countCharacters(value, (input.maxLength ?? 0) + 1 + (input.minLength ?? 0));
    if (input.minLength !== undefined && length < input.minLength)
      return `Needs at least ${input.minLength} characters.`;
    if (input.maxLength !== undefined && length > input.maxLength)
      return `Takes at most ${input.maxLength} characters.`;
  }
  if (input.kind === 'choices' && Array.isArray(value)) {
    if (input.minItems !== undefined && value.length < input.minItems)
      return `Select at least ${input.minItems}.`;
    if (input.maxItems !== undefined && value.length > input.maxItems)
      return `Select at most ${input.maxItems}.`;
  }
  return undefined;
}

/** How a value is typed: an input box has one line and drops line breaks, so a text that has some is typed as JSON (T126). */
export function typedInputOf(input: FieldInput, value: JsonValue | undefined): FieldInput {
  const isLong = input.kind === 'string' && typeof value === 'string' && /[\r\n]/.test(value);
  return isLong ? { kind: 'json', type: 'any' } : input;
}

/** A value as the text that {@link readTyped} reads back. */
export function typedText(input: FieldInput, value: JsonValue): string {
  return input.kind === 'string' && typeof value === 'string' ? value : JSON.stringify(value);
}

/** A finding of the schema validator as a sentence: `/place/latitude must be number.` Not yet safe to show. */
export function errorSentence({
  path,
  message,
}: {
  readonly path: string;
  readonly message: string;
}): string {
  const text = path === '' ? message.charAt(0).toUpperCase() + message.slice(1) : `${path} ${message}`;
  return text.endsWith('.') ? text : `${text}.`;
}

/** Strict JSON numbers, and the two spellings people use: a leading `+` or a bare decimal point. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,6})?$/;

function readNumber(text: string, integer: boolean): Result<number, string> {
  if (text.length > 1_000 || !NUMBER.test(text))
    return err(integer ? 'Type a whole number.' : 'Type a number.');
  const value = Number(text);
  const problem = numberProblem(text, value);
  if (problem !== undefined) return err(problem);
  if (integer && !Number.isInteger(value)) return err('Type a whole number.');
  return ok(Object.is(value, -0) ? 0 : value);
}

/** Tells when a number as written cannot be sent as it is. */
function numberProblem(text: string, value: number): string | undefined {
  if (!Number.isFinite(value)) return `${shown(text)} is too large to be sent.`;
  const isExact = canonicalDecimal(text) === canonicalDecimal(String(value));
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    return `${shown(text)} is beyond 2^53: it cannot be sent exactly.`;
  return isExact ? undefined : `${shown(text)} cannot be sent exactly; the nearest number is ${value}.`;
}

/** Sign, digits and exponent without zeros that mean nothing, so that equal numbers are equal texts. */
function canonicalDecimal(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}

function readJson(text: string, type: 'array' | 'object' | 'any'): Result<JsonValue, string> {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch (error) {
    return err(`This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}`);
  }
  if (type === 'array' && !Array.isArray(value)) return err('Type a JSON array, such as [1, 2].');
  if (type === 'object' && !isObject(value)) return err('Type a JSON object, such as {"name": "value"}.');
  const problem = firstNumberProblem(text);
  return problem === undefined ? ok(value) : err(problem);
}

/** Looks at every number of a JSON text. Strings are skipped by the same expression, so that digits in them do not count. */
function firstNumberProblem(text: string): string | undefined {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gsu)) {
    if (token.startsWith('"')) continue;
    const problem = numberProblem(token, Number(token));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function rangeProblem(range: NumberRange, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = range;
  if (minimum !== undefined && value < minimum) return `Must be at least ${minimum}.`;
  if (maximum !== undefined && value > maximum) return `Must be at most ${maximum}.`;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum)
    return `Must be above ${exclusiveMinimum}.`;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
    return `Must be below ${exclusiveMaximum}.`;
  return undefined;
}

/** Code points, counted no further than needed. */
function countCharacters(text: string, enough: number): number {
  if (text.length > enough * 2) return text.length / 2;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}…` : text;
}
