/**
 * Requests and notifications that are larger than such messages may be: known from the beginning of their line, so that the rest need not be
 * collected to be refused.
 */

import type { MessageSubject } from '../protocol/jsonrpc';

/** Bytes of the end of such a line in which its id is looked for: some writers put it last. */
export const UNASKED_TAIL = 1_100;

const SCALAR = String.raw`(?:"[^"\\]*"|-?\d{1,16})`;
/** An object whose member `method` is a string, with nothing before it but what an envelope has. */
const BEGINS_UNASKED = new RegExp(
  String.raw`^[ \t\r]*\{\s*(?:"(?:jsonrpc|id)"\s*:\s*${SCALAR}\s*,\s*)*"method"\s*:\s*"`,
);
const ID_FIRST = new RegExp(String.raw`"id"\s*:\s*(${SCALAR})`);
/** The last member of the outermost object. */
const ID_LAST = new RegExp(String.raw`"id"\s*:\s*(${SCALAR})\s*\}\s*$`);

/** True when a line that begins with `head` can only be a request or a notification. */
export function beginsUnasked(head: Buffer): boolean {
  return BEGINS_UNASKED.test(head.toString('latin1'));
}

/** The request that a line is, when its id is found where writers put it; else it counts as a notification. */
export function unaskedSubject(head: Buffer, tail: Buffer): MessageSubject | undefined {
  const begin = BEGINS_UNASKED.exec(head.toString('utf8'))?.[0] ?? '';
  const literal = (ID_FIRST.exec(begin) ?? ID_LAST.exec(tail.toString('utf8')))?.[1];
  if (literal === undefined) return undefined;
  const id: unknown = literal.startsWith('"') ? literal.slice(1, -1) : Number(literal);
  return typeof id === 'string' || Number.isSafeInteger(id)
    ? { kind: 'request', id: id as string | number }
    : undefined;
}
