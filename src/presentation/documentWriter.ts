/** Builds a read-only document of ours line by line, and remembers which of its words are links that we made. */

import type { LanguageId } from '../contributions/ids';
import type { Text } from '../protocol/content';
import { UniqueNames } from './documentNames';

/** A text that the client still holds. */
export type HeldText = Extract<Text, { readonly kind: 'held' }>;

/** What a link of ours does. Only these links of a document are ever active (T129). */
export type LinkTarget =
  /** Opens a file that came with the result. */
  | { readonly kind: 'file'; readonly name: string }
  /** Reads a resource from the server that the result came from. */
  | { readonly kind: 'resource'; readonly uri: string }
  /** Opens an https address after the editor has asked. */
  | { readonly kind: 'browser'; readonly url: string }
  /** Pulls a held text into a document of its own, or into a file. */
  | { readonly kind: 'show-all' | 'save-as'; readonly held: number };

/** Where a link stands: zero-based line and UTF-16 columns. */
export interface WrittenLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly target: LinkTarget;
}

/** A file beside the document. */
interface SiblingFile {
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly language?: LanguageId;
  /** A preview shows it better than an editor does. */
  readonly isMedia: boolean;
}

/** A held part and the name it gets when it is shown or saved. */
export interface HeldPart {
  readonly text: HeldText;
  readonly name: string;
  readonly language?: LanguageId;
}

/** A document with all that belongs to it. */
export interface WrittenDocument {
  readonly text: string;
  readonly links: readonly WrittenLink[];
  readonly files: readonly SiblingFile[];
  readonly held: readonly HeldPart[];
}

/** Words, or words that are a link. */
export type Span = string | { readonly words: string; readonly target: LinkTarget };

/** Characters of all texts of a document that are looked at to see whether they are JSON. */
const MAX_PARSED = 1_000_000;
/** Characters of long addresses and descriptions that are shown of all parts of a document together. */
const MAX_DETAILS = 100_000;

export class DocumentWriter {
  private parsed = 0;
  private details = 0;
  private readonly chunks: string[] = [];
  private readonly links: WrittenLink[] = [];
  private readonly files: SiblingFile[] = [];
  private readonly names = new UniqueNames();
  private readonly held: HeldPart[] = [];
  private lines = 0;

  /** Writes one line made of spans; none of them may hold a line break. */
  line(...spans: readonly Span[]): this {
    let text = '';
    for (const span of spans) {
      if (typeof span === 'string') {
        text += span;
        continue;
      }
      this.links.push({
        line: this.lines,
        start: text.length,
        end: text.length + span.words.length,
        target: span.target,
      });
      text += span.words;
    }
    this.chunks.push(text, '\n');
    this.lines += 1;
    return this;
  }

  /** Writes text as it is, and ends its last line. */
  raw(text: string): this {
    this.chunks.push(text, '\n');
    // The editor breaks lines at these, and only these.
    this.lines += 1 + countLineBreaks(text);
    return this;
  }

  /** Whether a text of this length may be looked at to see whether it is JSON: what takes its time, all texts of a document share. */
  mayParse(length: number): boolean {
    if (this.parsed + length > MAX_PARSED) return false;
    this.parsed += length;
    return true;
  }

  /** Whether so much may be shown of an address or a description: to make them safe takes its time, and there may be a thousand. */
  mayDetail(length: number): boolean {
    if (this.details + length > MAX_DETAILS) return false;
    this.details += length;
    return true;
  }

  /** Adds a file beside the document, under a name not taken yet. @returns a link target to it. */
  addFile(file: SiblingFile): LinkTarget {
    const name = this.names.take(file.name);
    this.files.push({ ...file, name });
    return { kind: 'file', name };
  }

  /** @returns the number by which links name this part. */
  addHeld(part: HeldPart): number {
    return this.held.push(part) - 1;
  }

  finish(): WrittenDocument {
    return { text: this.chunks.join(''), links: this.links, files: this.files, held: this.held };
  }
}

function countLineBreaks(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x0a) count += 1;
    // A carriage return at the very end becomes one break with the line feed that follows it.
    else if (unit === 0x0d && index + 1 < text.length && text.charCodeAt(index + 1) !== 0x0a) count += 1;
  }
  return count;
}
