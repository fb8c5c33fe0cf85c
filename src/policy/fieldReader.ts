/** Reads fields out of foreign JSON, collecting every problem with the path of its field. Knows no particular setting. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { safeText } from './safeText';
import type { EntryProblem } from './serverEntry';

/** Longest string in an entry, in UTF-8 bytes: the longest argument Linux takes. */
const MAX_STRING_BYTES = 131_072;
/** More problems or warnings than this are not collected. */
const MAX_REPORTED = 50;

/** What was found wrong so far: `problems` make the entry unusable, `warnings` do not. */
export class ProblemList {
  readonly problems: EntryProblem[] = [];
  readonly warnings: EntryProblem[] = [];

  problem(field: string, message: string): undefined {
    if (this.problems.length < MAX_REPORTED) this.problems.push({ field, message });
  }

  warning(field: string, message: string): void {
    if (this.warnings.length < MAX_REPORTED) this.warnings.push({ field, message });
  }
}

/** One object of an entry. Reads own properties only; absent fields are undefined and no problem. */
export class FieldReader {
  /** @param path the path of the object itself, empty for the entry. */
  constructor(
    private readonly source: JsonObject,
    private readonly path: string,
    private readonly found: ProblemList,
  ) {}

  has(key: string): boolean {
    return own(this.source, key) !== undefined;
  }

  /** The path of a field, for messages. */
  field(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  string(key: string): string | undefined {
    const value = own(this.source, key);
    return value === undefined ? undefined : this.checkedString(value, this.field(key));
  }

  /** As {@link string}; empty text is a problem too. */
  filledString(key: string): string | undefined {
    const value = this.string(key);
    return value === undefined || value.trim() !== ''
      ? value
      : this.found.problem(this.field(key), 'must not be empty');
  }

  boolean(key: string): boolean | undefined {
    const value = own(this.source, key);
    if (value === undefined || typeof value === 'boolean') return value;
    return this.wrongType(this.field(key), 'true or false', value);
  }

  number(key: string): number | undefined {
    const value = own(this.source, key);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    return this.wrongType(this.field(key), 'a number', value);
  }

  oneOf<T extends string>(key: string, options: readonly T[]): T | undefined {
    const value = own(this.source, key);
    if (value === undefined) return undefined;
    const expected = options.map((option) => `"${option}"`).join(' or ');
    return options.find((option) => option === value) ?? this.wrongType(this.field(key), expected, value);
  }

  stringList(key: string, maxItems: number): readonly string[] | undefined {
    const value = own(this.source, key);
    if (value === undefined) return undefined;
    const field = this.field(key);
    if (!Array.isArray(value)) return this.wrongType(field, 'a list of strings', value);
    const items = value as readonly JsonValue[];
    if (items.length > maxItems) return this.found.problem(field, `has more than ${maxItems} items`);
    return items.map((item, index) => this.checkedString(item, `${field}[${index}]`) ?? '');
  }

  /** An object whose values are read one by one; values that `read` refuses are left out. */
  map<T>(
    key: string,
    maxItems: number,
    read: (name: string, value: JsonValue, field: string) => T | undefined,
  ): ReadonlyMap<string, T> | undefined {
    const value = own(this.source, key);
    if (value === undefined) return undefined;
    const field = this.field(key);
    if (!isObject(value)) return this.wrongType(field, 'an object', value);
    const names = Object.keys(value);
    if (names.length > maxItems) return this.found.problem(field, `has more than ${maxItems} items`);
    const entries = new Map<string, T>();
    for (const name of names) {
      const item = read(name, own(value, name) ?? null, `${field}.${safeText(name, 80)}`);
      if (item !== undefined) entries.set(name, item);
    }
    return entries;
  }

  object(key: string): FieldReader | undefined {
    const value = own(this.source, key);
    if (value === undefined) return undefined;
    if (!isObject(value)) return this.wrongType(this.field(key), 'an object', value);
    return new FieldReader(value, this.field(key), this.found);
  }

  /** The raw value, for fields of several types. */
  raw(key: string): JsonValue | undefined {
    return own(this.source, key);
  }

  /** Warns of fields that mean nothing here, with the known one that was probably meant. */
  warnUnknown(known: readonly string[]): void {
    for (const key of Object.keys(this.source)) {
      if (known.includes(key)) continue;
      if (this.found.warnings.length >= MAX_REPORTED) return;
      const meant = nearest(key, known);
      const hint = meant === undefined ? '' : ` — did you mean '${meant}'?`;
      this.found.warning(this.field(safeText(key, 80)), `unknown field '${safeText(key, 80)}'${hint}`);
    }
  }

  wrongType(field: string, expected: string, value: unknown): undefined {
    return this.found.problem(field, `must be ${expected}, not ${typeName(value)}`);
  }

  /** A string that fits into an argument or a header: bounded, without NUL and lone surrogates (T029). */
  checkedString(value: unknown, field: string): string | undefined {
    if (typeof value !== 'string') return this.wrongType(field, 'a string', value);
    const trouble = stringTrouble(value);
    return trouble === undefined ? value : this.found.problem(field, trouble);
  }
}

/** Why a string cannot be used anywhere in an entry, or undefined. */
function stringTrouble(text: string): string | undefined {
  if (
    text.length > MAX_STRING_BYTES ||
    (text.length * 3 > MAX_STRING_BYTES && byteLength(text) > MAX_STRING_BYTES)
  ) {
    return `is longer than ${MAX_STRING_BYTES / 1024} KiB`;
  }
  if (text.includes('\0')) return 'contains a NUL character';
  if (/\p{Cs}/u.test(text)) return 'contains half of a surrogate pair';
  return undefined;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${safeText(value, 40)}"`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function nearest(key: string, known: readonly string[]): string | undefined {
  if (key.length > 24) return undefined;
  const folded = key.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: editDistance(folded, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  // Two slips, but never as many as the word has letters to spare.
  return best && best.distance <= Math.min(2, Math.floor(best.name.length / 2)) ? best.name : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours. Both texts are short. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
