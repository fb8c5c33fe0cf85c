/** Turns one complete line into parsed JSON, or into the reason why it is none. It keeps nothing between lines. */

import { transcode } from 'node:buffer';

import { assertNever } from '../base/assertNever';
import { isObject, own } from '../base/json';
import { subjectOf, type MessageSubject } from '../protocol/jsonrpc';
import { admit, MAX_DEPTH, TOO_DEEP, tooLargeUnasked, type LineLimits } from './admission';
import type { LineEncoding } from './structuralScan';

/** What a line turned out to be. */
type DecodedLine =
  /** JSON that is within all bounds; an array is a batch whose items are still to be read one by one. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Within the wire's rules but over a bound. */
  | { readonly kind: 'refused'; readonly subject?: MessageSubject; readonly detail: string }
  | { readonly kind: 'noise'; readonly reason: string };

/** A line shorter than this cannot hold {@link MAX_DEPTH} levels, which open and close. */
const SHALLOW = 2 * MAX_DEPTH;

/** Decodes and parses `line` when `limits` admit it. */
export function decodeLine(line: Buffer, limits: LineLimits): DecodedLine {
  const admission = admit(line, limits);
  if (admission.kind === 'refuse') return { ...admission, kind: 'refused' };
  let value: unknown;
  try {
    value = JSON.parse(admission.encoding ? decodeLarge(line, admission.encoding) : line.toString('utf8'));
  } catch {
    // The parser's message quotes the line, which is the server's text.
    return { kind: 'noise', reason: 'not valid JSON' };
  }
  if (admission.encoding === undefined && line.length > SHALLOW && isDeeperThan(value, MAX_DEPTH))
    return refuse(value, TOO_DEEP);
  // Again after parsing, because a member name can be spelled with escapes.
  return isTooLargeUnasked(value, line.length, limits)
    ? refuse(value, tooLargeUnasked(limits))
    : { kind: 'value', value };
}

/** True for a request or notification that came in a line, or in a batch, of more bytes than such messages may have. */
export function isTooLargeUnasked(value: unknown, bytes: number, limits: LineLimits): boolean {
  return bytes > limits.unasked && isObject(value) && (own(value, 'method') ?? undefined) !== undefined;
}

/** True when arrays and objects nest more than `levels` deep. It looks no deeper than that, so that depth costs no stack. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const child of value as readonly unknown[]) if (isDeeperThan(child, levels - 1)) return true;
    return false;
  }
  // What JSON.parse makes has no inherited members that a loop would find, and a list of its values need not be made.
  for (const key in value)
    if (isDeeperThan((value as Readonly<Record<string, unknown>>)[key], levels - 1)) return true;
  return false;
}

function refuse(value: unknown, detail: string): DecodedLine {
  const subject = subjectOf(value);
  return subject ? { kind: 'refused', subject, detail } : { kind: 'refused', detail };
}

/**
 * Decodes into a string whose characters lie outside the heap where that is possible, so that only the parsed value counts.
 * `utf8` decoding of Node 20 and 22 fills the heap; `latin1` and `utf16le` never do for strings of this size.
 */
function decodeLarge(line: Buffer, encoding: LineEncoding): string {
  switch (encoding) {
    case 'ascii':
      return line.toString('latin1');
    case 'utf8':
      return transcode(line, 'utf8', 'utf16le').toString('utf16le');
    case 'broken':
      return line.toString('utf8');
    default:
      return assertNever(encoding);
  }
}
