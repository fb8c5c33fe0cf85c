/** Names of documents and of files to save: from server text only a cleaned base name is ever used (T149). */

import { HIDDEN_PATTERN } from '../policy/visibleEscapes';

/** Characters of a base name, and of the server's part. */
const MAX_BASE = 80;
const MAX_SERVER = 40;

/** Device names that Windows takes with any extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * The last segment of a URI, path or name as a harmless file name: no separators, no hidden or reserved characters, not
 * hidden by a leading dot, not longer than 80 characters; its extension survives.
 */
export function safeBaseName(text: string, fallback = 'resource'): string {
  const tail = text.slice(-1_000).replace(/[?#].*$/su, '');
  const segments = tail.split(/[/\\]/).filter((segment) => segment !== '');
  const last = decoded(segments.at(-1) ?? '');
  const cleaned = last
    .split(/[/\\]/)
    .join('_')
    .normalize('NFC')
    .replaceAll(HIDDEN, '_')
    .replaceAll(/[\s:*?"<>|\u27E8\u27E9]+/gu, ' ')
    .replace(/^[\s.~]+/u, '')
    .replace(/[\s.]+$/u, '');
  if (cleaned === '') return fallback;
  const whole = RESERVED.test(cleaned) ? `_${cleaned}` : cleaned;
  return shortened(whole);
}

/** `README.md (filesystem)`: the end is never an extension, so that no file association applies (T115). */
export function textName(base: string, server: string): string {
  return `${base} (${serverPart(server)})`;
}

/** `profile (trail-notes).png`: the extension comes last, so that the media preview opens it. */
export function mediaName(base: string, server: string, extension: string): string {
  return `${stem(base)} (${serverPart(server)}).${extension}`;
}

/** `archive.zip.bin (server)`. */
export function binaryName(base: string, server: string): string {
  return textName(`${base}.bin`, server);
}

/** The name without its last extension. */
export function stem(base: string): string {
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/** Makes names different from those that it gave before: `a.md`, `a 2.md`. */
export class UniqueNames {
  /** Each name that is taken, with the last number that was tried for it: a thousand parts may have one name. */
  private readonly taken = new Map<string, number>();

  /** Takes this name, or the next one that is free. */
  take(name: string): string {
    const unique = this.free(name);
    this.taken.set(unique, 1);
    return unique;
  }

  private free(name: string): string {
    let count = this.taken.get(name);
    if (count === undefined) return name;
    const dot = /\.[A-Za-z0-9]{1,5}$/.exec(name)?.index ?? name.length;
    let other: string;
    do {
      count += 1;
      other = `${name.slice(0, dot)} ${count}${name.slice(dot)}`;
    } while (this.taken.has(other));
    this.taken.set(name, count);
    return other;
  }
}

function serverPart(server: string): string {
  const name = safeBaseName(server, 'server').replaceAll(/[()]/g, '_');
  return name.length > MAX_SERVER ? `${cutAt(name, MAX_SERVER - 1)}…` : name;
}

function shortened(name: string): string {
  if (name.length <= MAX_BASE) return name;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  return `${cutAt(name, MAX_BASE - 1 - extension.length)}…${extension}`;
}

function cutAt(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not percent-encoded UTF-8: the text itself is the name.
    return segment;
  }
}

const HIDDEN = new RegExp(HIDDEN_PATTERN.source, 'gu');
