/** Whether answers fit a form: everything its schema says, except patterns, which must not run here (T096). */

import { assertNever } from '../base/assertNever';
import type { ElicitationContent, ElicitationField, ElicitationForm, ElicitationInput } from './elicitation';

/** Characters of one answer at most; nobody types more into a form. */
const MAX_ANSWER = 65_536;

/** One answer that does not fit. `message` is our own sentence. */
interface FieldProblem {
  readonly key: string;
  readonly message: string;
}

/** Everything that is wrong with the answers; empty when they may be sent. */
export function contentProblems(
  { fields }: ElicitationForm,
  content: ElicitationContent,
): readonly FieldProblem[] {
  const known = new Set(fields.map(({ key }) => key));
  const problems: FieldProblem[] = Object.keys(content)
    .filter((key) => !known.has(key))
    .map((key) => ({ key, message: 'The form has no such field.' }));
  for (const field of fields) {
    const value = Object.hasOwn(content, field.key) ? content[field.key] : undefined;
    const message = fieldProblem(field, value);
    if (message !== undefined) problems.push({ key: field.key, message });
  }
  return problems;
}

/** What is wrong with the answer to one field; undefined when nothing is. Linear in the length of the answer. */
export function fieldProblem(
  { required, input }: Pick<ElicitationField, 'required' | 'input'>,
  value: unknown,
): string | undefined {
  if (value === undefined) return required ? 'Required.' : undefined;
  return valueProblem(input, value);
}

function valueProblem(input: ElicitationInput, value: unknown): string | undefined {
  switch (input.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'Must be true or false.';
    case 'choice':
      return input.choices.some((choice) => choice.value === value)
        ? undefined
        : 'Must be one of the choices.';
    case 'choices':
      return choicesProblem(input, value);
    case 'number':
      return numberProblem(input, value);
    case 'string':
      return stringProblem(input, value);
    default:
      return assertNever(input);
  }
}

function choicesProblem(
  { choices, minItems, maxItems }: Extract<ElicitationInput, { kind: 'choices' }>,
  value: unknown,
): string | undefined {
  if (!Array.isArray(value)) return 'Must be a list.';
  const values: readonly unknown[] = value;
  const known = new Set<unknown>(choices.map((choice) => choice.value));
  if (values.some((item) => !known.has(item))) return 'Must hold only the choices.';
  if (new Set(values).size < values.length) return 'Holds a choice twice.';
  if (minItems !== undefined && values.length < minItems) return `Select at least ${minItems}.`;
  if (maxItems !== undefined && values.length > maxItems) return `Select at most ${maxItems}.`;
  return undefined;
}

function numberProblem(
  { integer, minimum, maximum }: Extract<ElicitationInput, { kind: 'number' }>,
  value: unknown,
): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Must be a number.';
  if (integer && !Number.isInteger(value)) return 'Must be a whole number.';
  if (minimum !== undefined && value < minimum) return `Must be at least ${minimum}.`;
  if (maximum !== undefined && value > maximum) return `Must be at most ${maximum}.`;
  return undefined;
}

function stringProblem(
  { minLength, maxLength, format }: Extract<ElicitationInput, { kind: 'string' }>,
  value: unknown,
): string | undefined {
  if (typeof value !== 'string') return 'Must be text.';
  if (value.length > MAX_ANSWER) return `Takes at most ${MAX_ANSWER} characters.`;
  const length = [...value].length;
  if (minLength !== undefined && length < minLength) return `Needs at least ${minLength} characters.`;
  if (maxLength !== undefined && length > maxLength) return `Takes at most ${maxLength} characters.`;
  return format === undefined ? undefined : FORMATS.get(format)?.(value);
}

type FormatCheck = (text: string) => string | undefined;

/** The four formats of the specification. */
const FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['email', (text) => (isEmail(text) ? undefined : 'Must be an email address, such as name@example.com.')],
  ['uri', (text) => (isUri(text) ? undefined : 'Must be a URI, such as https://example.com.')],
  ['date', (text) => (isDate(text) ? undefined : 'Must be a date, such as 2026-12-31.')],
  [
    'date-time',
    (text) => (isDateTime(text) ? undefined : 'Must be a date and time, such as 2026-12-31T12:00:00Z.'),
  ],
]);

/** One `@` between a local part and a host of at least one label, without spaces (the gist of RFC 5321 §4.1.2). */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf('@');
  const host = text.slice(at + 1);
  return (
    at > 0 &&
    at <= 64 &&
    host.length <= 255 &&
    /^[^\s@"(),:;<>[\\\]]+$/.test(text.slice(0, at)) &&
    host.split('.').every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u.test(label))
  );
}

/** An absolute URI: a scheme and something behind it, no characters that must be encoded (RFC 3986 §3). */
function isUri(text: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^\s"<>\\^`{|}\p{C}]+$/iu.test(text) && URL.canParse(text);
}

/** `full-date` of RFC 3339 §5.6, and a day that exists. */
function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= ([31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** `date-time` of RFC 3339 §5.6; a leap second may stand at the end of a minute. */
function isDateTime(text: string): boolean {
  const match = /^(.{10})[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(text);
  if (!match) return false;
  const [date = '', ...times]: readonly (string | undefined)[] = match.slice(1);
  const [hour = 0, minute = 0, second = 0, offsetHour = 0, offsetMinute = 0] = times.map((part) =>
    Number(part ?? 0),
  );
  return isDate(date) && hour < 24 && minute < 60 && second <= 60 && offsetHour < 24 && offsetMinute < 60;
}
