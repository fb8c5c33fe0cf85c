/**
 * Lines of a document in which a person reviews what a server asks: facts and notes in our words, and the server's own text behind a
 * bar, so that none of it can look like ours (T112).
 */

import { safeLines, type SafeText } from '../policy/safeText';

/** What a line is, so that it can be told apart by more than its text. */
type ReviewLineKind = 'title' | 'note' | 'warning' | 'fact' | 'heading' | 'theirs' | 'image' | 'blank';

/** One line. `label` is the length of what names a fact at its start. */
export interface ReviewLine {
  readonly kind: ReviewLineKind;
  readonly text: string;
  readonly label?: number;
  /** Index into {@link Review.images}. */
  readonly image?: number;
}

/** A picture that can be opened beside the document. */
export interface ReviewImage {
  /** File name. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** The document. */
export interface Review {
  readonly lines: readonly ReviewLine[];
  readonly images: readonly ReviewImage[];
}

/** What a review needs of the editor, and of what became of the request. */
export interface ReviewOptions {
  /** Writes a time (milliseconds since the epoch) as the person reads it. */
  readonly formatTime: (time: number) => string;
  /** How it ended, once it has. */
  readonly ended?: SafeText;
  /** Name of the editor, which may ask for a permission of its own. */
  readonly editorName: string;
}

/** Columns of a line of the server's before it goes on in the next one. */
const COLUMNS = 84;
const LABEL_COLUMNS = 14;
/** Begins every line of the server's. */
export const BAR = '│ ';
const BAR_CONTINUED = '┊ ';

/** The server's text, every line of it. */
export function theirs(text: string): ReviewLine[] {
  const lines: ReviewLine[] = [];
  for (const line of visibleLines(text))
    for (const [part, piece] of wrap(line, COLUMNS).entries())
      lines.push({ kind: 'theirs', text: (part === 0 ? BAR : BAR_CONTINUED) + piece });
  return lines;
}

/** Nothing of it has to be looked at character by character. */
const PLAIN = /^[ -~]*$/;

/** All lines of a foreign text, with markers for what cannot be seen. */
export function visibleLines(text: string): string[] {
  return text.split('\n').map((line, index, all) => {
    const ended = index < all.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line;
    if (PLAIN.test(ended)) return ended;
    const [shown = ''] = safeLines(ended, { maxLines: 1, maxColumns: Number.MAX_SAFE_INTEGER });
    return shown;
  });
}

/** A named value; what follows the first line is indented below it. */
export function fact(label: string, value: SafeText): ReviewLine[] {
  return wrap(value, COLUMNS - LABEL_COLUMNS).map((text, index) => ({
    kind: 'fact',
    text: ((index === 0 ? label : '').padEnd(LABEL_COLUMNS) + text).trimEnd(),
    label: index === 0 ? label.length : 0,
  }));
}

/** Breaks after spaces, else within a word that is too long for a line; markers and marked characters stay whole. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let start = 0;
  while (text.length - start > columns) {
    const window = text.slice(start, start + columns + 1);
    const space = window.lastIndexOf(' ');
    const end = start + (space > 0 ? space + 1 : cutWithin(window, columns));
    lines.push(text.slice(start, end));
    start = end;
  }
  return [...lines, text.slice(start)];
}

/** Where to cut a word: not in a marker, not in a surrogate pair, not before a mark that belongs to the character before. */
function cutWithin(window: string, columns: number): number {
  const marker = window.lastIndexOf('⟨');
  if (marker > 0 && window.indexOf('⟩', marker) === -1) return marker;
  const tail = /(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\uDC00-\uDFFF])\p{M}{0,4}$/u.exec(window);
  return tail && tail.index > columns / 2 ? tail.index : columns;
}

/** What the lines below are. */
export function heading(text: SafeText): ReviewLine {
  return { kind: 'heading', text };
}

/** Words of ours. */
export function notes(text: SafeText): ReviewLine[] {
  return wrap(text, COLUMNS).map((line) => ({ kind: 'note', text: line.trimEnd() }));
}

/** Words of ours that must not be overlooked. */
export function warning(text: SafeText): ReviewLine[] {
  return wrap(text, COLUMNS).map((line) => ({ kind: 'warning', text: line.trimEnd() }));
}

/** An empty line. */
export function blank(): ReviewLine {
  return { kind: 'blank', text: '' };
}
