/** One text per JSON value (RFC 8785), so that equal values can be compared and hashed as text. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';

type Work = { readonly text: string } | { readonly value: JsonValue };

/**
 * The canonical text of a JSON value: keys in the order of their UTF-16 code units, no spaces, numbers and strings as
 * ECMAScript prints them. Two values have the same text exactly when they are the same JSON value. Properties that are
 * undefined do not exist, as in JSON.
 *
 * RFC 8785 refuses lone surrogates; here they are kept as `\udXXX` escapes, so that every string has a text of its own.
 * Depth costs no stack, so nesting is not limited.
 *
 * @throws RangeError for numbers that JSON does not have.
 */
export function canonicalJson(value: JsonValue): string {
  const parts: string[] = [];
  const work: Work[] = [{ value }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if ('text' in next) parts.push(next.text);
    else if (Array.isArray(next.value)) pushArray(work, next.value as readonly JsonValue[]);
    else if (isObject(next.value)) pushObject(work, next.value);
    else parts.push(scalar(next.value));
  }
  return parts.join('');
}

// Work is a stack: what comes first in the text is pushed last.

function pushArray(work: Work[], items: readonly JsonValue[]): void {
  work.push({ text: ']' });
  for (let index = items.length - 1; index >= 0; index -= 1) {
    work.push({ value: items[index] ?? null });
    if (index > 0) work.push({ text: ',' });
  }
  work.push({ text: '[' });
}

function pushObject(work: Work[], object: JsonObject): void {
  const keys = Object.keys(object)
    .filter((key) => own(object, key) !== undefined)
    .sort();
  work.push({ text: '}' });
  for (let index = keys.length - 1; index >= 0; index -= 1) {
    const key = keys[index] ?? '';
    work.push({ value: own(object, key) ?? null });
    work.push({ text: `${index > 0 ? ',' : ''}${JSON.stringify(key)}:` });
  }
  work.push({ text: '{' });
}

function scalar(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('JSON has no such number');
  return JSON.stringify(value);
}
