/**
 * The one way in which foreign text (of servers, settings, workspaces) becomes fit to show (T105–T111).
 * Owns what is visible and what is bounded; knows nothing of where the text is shown.
 */

import { atomsOf, escapeText, HIDDEN_PATTERN, UNSEEN_OR_PADDING_PATTERN } from './visibleEscapes';

declare const safeBrand: unique symbol;

/** Text that cannot form a link or an icon, hides nothing and has no line breaks. Only this module makes it. */
export type SafeText = string & { readonly [safeBrand]: true };

/** Columns of a label in a tree or quick pick (T111). */
export const LABEL_LENGTH = 80;

/**
 * Makes text safe for one line of plain text.
 *
 * Characters that cannot be seen become markers such as `⟨U+202E⟩` or `⟨space×40⟩`, so that nothing is dropped silently;
 * the marker brackets of the input are escaped too, so that no text can pretend to be another one. Text that is too long
 * loses its middle, never its end, and is never cut inside a marker or a character made of several code points.
 *
 * @param maxLength the longest result, in UTF-16 code units.
 */
export function safeText(text: string, maxLength = 300): SafeText {
  const limit = Math.max(1, Math.floor(maxLength) || 1);
  // Beyond this many raw units the middle is not even looked at, so that the work does not grow with the text.
  const window = limit * 8;
  const whole = text.length <= window * 2;
  const isShort = text.length <= limit * 2;
  const head = escapeText(whole ? text : sliceWhole(text, 0, window), 'text', isShort ? Infinity : limit);
  if (whole && head.length <= limit) return brand(head);
  const room = limit - ELLIPSIS.length;
  const tailRoom = Math.floor(room / 3);
  const tail = isShort ? head : escapeEnd(text, tailRoom, whole ? text.length : window);
  return brand(takeStart(head, room - tailRoom) + ELLIPSIS + takeEnd(tail, tailRoom));
}

/**
 * As {@link safeText}, for prose such as a description or the words of an error: line ends, and the indentation after them, are one space,
 * as in every text that flows. Never for what a person approves.
 */
export function safeProse(text: string, maxLength?: number): SafeText {
  const lines = text.split('\n').map((line) => line.trim());
  return safeText(lines.filter((line) => line !== '').join(' '), maxLength);
}

/**
 * As {@link safeText}, for one line of an output channel, which makes links of `file:` addresses and UNC paths (T114). Indentation, as
 * stack traces have it, stays.
 */
export function safeLogText(text: string, maxLength: number): SafeText {
  const [indent = ''] = INDENT.exec(text) ?? [];
  return brand(indent + breakFileLinks(safeText(text.slice(indent.length), maxLength)));
}

/** So much of it that what follows is still seen. */
const INDENT = /^(?: {1,40}|\t{1,5})(?=\S)/;

/**
 * Makes text safe without shortening it and without any tolerance: what differs in one code unit looks different.
 * For what a person approves (commands, arguments, paths).
 */
export function exactText(text: string): SafeText {
  return brand(escapeText(text, 'exact'));
}

/** True when the text holds something that {@link exactText} has to make visible: hidden characters or padding (T006). */
export function hasHiddenOrPadding(text: string): boolean {
  return UNSEEN_OR_PADDING_PATTERN.test(text);
}

/**
 * Builds safe text from our own words and safe parts: `` safe`Server ${name} says: ${text}` ``.
 * The seams are checked as well, so that a part that ends in `]` or `$` cannot join with a bracket of ours.
 */
export function safe(words: TemplateStringsArray, ...parts: readonly (SafeText | number)[]): SafeText {
  let text = words[0] ?? '';
  parts.forEach((part, index) => (text += String(part) + (words[index + 1] ?? '')));
  return brand(text.replaceAll(/(?<=[\]$])\(/g, `${THIN_SPACE}(`));
}

/** Limits of {@link safeLines}. */
interface LineLimits {
  /** At most this many lines in all; when some are left out the last one says how many. */
  readonly maxLines: number;
  /** Longer lines go on in the next one, so that nothing waits outside the window. */
  readonly maxColumns: number;
  /** Breaks `file:` and UNC paths, which output channels turn into links (T114), and Markdown-style links and icons. */
  readonly breakLinks?: boolean;
}

/**
 * Makes text fit for a read-only document or a log: split at line ends, hidden characters visible, indentation and tabs
 * as they are. The lines are for plain text only; a notification or a label takes {@link safeText}.
 */
export function safeLines(text: string, limits: LineLimits): string[] {
  const maxLines = Math.max(1, Math.floor(limits.maxLines) || 1);
  const maxColumns = Math.max(MIN_COLUMNS, Math.floor(limits.maxColumns) || MIN_COLUMNS);
  const lines: string[] = [];
  let start = 0;
  do {
    const lineEnd = text.indexOf('\n', start);
    const stop = lineEnd === -1 ? text.length : lineEnd;
    const end = lineEnd > start && text[lineEnd - 1] === '\r' ? lineEnd - 1 : stop;
    // No more of a line is looked at than the room that is left can show, and no more made safe: one character may become a marker of ten.
    const room = (maxLines - lines.length + 1) * maxColumns;
    const shown = Math.min(end, start + room);
    const escaped = escapeLine(sliceWhole(text, start, shown), limits.breakLinks === true, room);
    wrapInto(lines, escaped, maxColumns, maxLines);
    if (lines.length > maxLines || shown < end) return withOmission(lines, maxLines, text.length);
    start = lineEnd === -1 ? text.length : lineEnd + 1;
    if (lineEnd === text.length - 1 && lineEnd !== -1 && lines.length < maxLines) lines.push('');
    if (lines.length === maxLines && start < text.length) return withOmission(lines, maxLines, text.length);
  } while (start < text.length);
  return lines;
}

/**
 * True when the text holds characters that a reader cannot see (T109): control, format, bidi, tag, private-use and
 * unassigned characters, fillers, lone surrogates. Line breaks, tabs and spaces are ordinary text here.
 */
export function hasHidden(text: string): boolean {
  return HIDDEN_PATTERN.test(text);
}

const ELLIPSIS = '…';
const THIN_SPACE = '\u200A';
const MIN_COLUMNS = 24;

function brand(text: string): SafeText {
  return text as SafeText;
}

function escapeLine(line: string, breakLinks: boolean, enough: number): string {
  const escaped = escapeText(line, 'document', enough);
  return breakLinks ? breakFileLinks(escaped.replaceAll(/(?<=[\]$])\(/g, `${THIN_SPACE}(`)) : escaped;
}

function breakFileLinks(text: string): string {
  return text
    .replaceAll(/\bfile(?=:)/gi, (word) => word + THIN_SPACE)
    .replaceAll(/\\(?=\\)/g, `\\${THIN_SPACE}`);
}

/** Adds the line, in pieces of at most `columns`, and stops as soon as there are more than `maxLines`. */
function wrapInto(lines: string[], escaped: string, columns: number, maxLines: number): void {
  if (escaped.length <= columns) {
    lines.push(escaped);
    return;
  }
  let line = '';
  for (const atom of atomsOf(escaped)) {
    if (line !== '' && line.length + atom.length > columns) {
      lines.push(line);
      if (lines.length > maxLines) return;
      line = '';
    }
    line += atom;
  }
  lines.push(line);
}

function withOmission(lines: readonly string[], maxLines: number, length: number): string[] {
  return [...lines.slice(0, maxLines - 1), `⟨… cut here, ${length} characters in all⟩`];
}

/** Cuts without splitting a surrogate pair at either end. */
function sliceWhole(text: string, start: number, end: number): string {
  const from = start > 0 && isLow(text, start) && isHigh(text, start - 1) ? start + 1 : start;
  const to = end < text.length && isLow(text, end) && isHigh(text, end - 1) ? end - 1 : end;
  return text.slice(from, Math.max(from, to));
}

function isHigh(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}

function isLow(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xdc00;
}

/** The end of a text: escaped, and enough of it to find where to cut for the room, or else all of the last `most` units. */
function escapeEnd(text: string, room: number, most: number): string {
  for (let units = room + 1; ; units *= 2) {
    const last = Math.min(units, most);
    const escaped = escapeText(sliceWhole(text, text.length - last, text.length), 'text');
    if (last === most || nearBy(escaped, escaped.length - room) > 0) return escaped;
  }
}

function takeStart(escaped: string, room: number): string {
  const from = nearBy(escaped, room);
  let taken = escaped.slice(0, from);
  for (const atom of atomsOf(escaped.slice(from, room + MARKER_REACH))) {
    if (taken.length + atom.length > room) break;
    taken += atom;
  }
  return taken;
}

function takeEnd(escaped: string, room: number): string {
  const earliest = escaped.length - room;
  let start = nearBy(escaped, earliest);
  for (const atom of atomsOf(escaped.slice(start, earliest + MARKER_REACH))) {
    if (start >= earliest) break;
    start += atom.length;
  }
  return escaped.slice(start);
}

/**
 * Where to begin to look for a place to cut, because looking at all of a long text takes its time: whatever is cut here, such as a marker,
 * is whole again before the place. A chain of flags would not be, so that it begins where characters do not depend on those before.
 */
function nearBy(escaped: string, place: number): number {
  const latest = place - MARKER_REACH * 2;
  const earliest = Math.max(0, latest - LONGEST_CHAIN);
  let from = Math.max(0, latest);
  while (from > earliest && escaped.charCodeAt(from) >= 0x80) from--;
  return from;
}

const MARKER_REACH = 64;
/** Code units without one of ASCII that are looked back for it. */
const LONGEST_CHAIN = 512;
