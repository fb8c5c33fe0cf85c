/**
 * Foreign text with markers for what cannot be seen, made piece by piece and once: a text may be megabytes long, and each character in it
 * may take its time.
 */

import { monotonicNow } from '../base/clock';
import { hasHidden } from '../policy/safeText';
import { visibleLines } from './reviewLines';

/** As much of a text as there is room for. */
interface TakenText {
  readonly text: string;
  /** Characters of the text that are not in it. */
  readonly left: number;
}

interface Piece {
  /** Where it ends in the text. */
  readonly end: number;
  readonly shown: string;
}

/** UTF-16 code units of one piece, unless it has to go on to where it may end. */
const PIECE = 2_048;
/** Behind so many more it ends anywhere. */
const MOST = 4_096;
/** What is before such a character never changes how that is shown, and it changes nothing before it. */
const APART = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** The texts of one page. How long it may take to make them is up to whoever shows it; what is missing then is made with the next page. */
export class VisibleTexts {
  private readonly known = new Map<string, VisibleText>();
  private readonly forms = new Map<string, string>();
  private isLate = false;
  private until = Infinity;
  private steps = 0;

  constructor(private readonly now = monotonicNow) {}

  /** Something was left out of what was asked for since {@link begin}. */
  get isBehind(): boolean {
    return this.isLate;
  }

  /** From now on so much may be made, and a little whatever else took its time. @param ms milliseconds of it */
  begin(ms: number): this {
    this.isLate = false;
    this.steps = 0;
    this.until = this.now() + ms;
    return this;
  }

  /** As much of a text as fits into `room` characters as they are shown; nothing of it while it is not made. */
  take(raw: string, room: number): TakenText {
    const text = this.of(raw);
    return this.make(
      () => text.isMade(room),
      () => text.makeSome(),
    )
      ? text.take(room)
      : NOTHING;
  }

  /** True when it holds something that a reader cannot see; false while that is not known. */
  hides(raw: string): boolean {
    const text = this.of(raw);
    return (
      this.make(
        () => text.isScanned,
        () => text.scan(),
      ) && text.hides
    );
  }

  /** Another form of a text, made once. */
  formed(raw: string, form: (raw: string) => string): string {
    const made = this.forms.get(raw) ?? form(raw);
    this.forms.set(raw, made);
    return made;
  }

  private of(raw: string): VisibleText {
    const text = this.known.get(raw) ?? new VisibleText(raw);
    this.known.set(raw, text);
    return text;
  }

  private make(isMade: () => boolean, more: () => void): boolean {
    while (!this.isLate && !isMade()) {
      if (this.steps >= LEAST_STEPS && this.now() >= this.until) this.isLate = true;
      else {
        this.steps++;
        more();
      }
    }
    return isMade();
  }
}

/** Pieces that are made whatever the time: the whole of most texts, and never nothing. */
const LEAST_STEPS = 8;
const NOTHING: TakenText = { text: '', left: 0 };

/** One text. */
class VisibleText {
  private readonly pieces: Piece[] = [];
  private shownLength = 0;
  private scanned = 0;
  private isHiding = false;

  constructor(private readonly raw: string) {}

  get isScanned(): boolean {
    return this.scanned === this.raw.length;
  }

  get hides(): boolean {
    return this.isHiding;
  }

  /** Looks for what is hidden a little further. */
  scan(): void {
    const end = endOf(this.raw, this.scanned);
    this.isHiding ||= hasHidden(this.raw.slice(this.scanned, end));
    this.scanned = this.isHiding ? this.raw.length : end;
  }

  /** Whether as much of it is made as fits into `room` characters as they are shown. */
  isMade(room: number): boolean {
    return this.shownLength > room || this.madeTo === this.raw.length;
  }

  /** Makes a little more of it. */
  makeSome(): void {
    const start = this.madeTo;
    const end = endOf(this.raw, start);
    const shown = visibleLines(this.raw.slice(start, end)).join('\n');
    this.pieces.push({ end, shown });
    this.shownLength += shown.length;
  }

  /** @param room in characters as they are shown */
  take(room: number): TakenText {
    let shown = '';
    let end = 0;
    for (const piece of this.pieces) {
      const left = room - shown.length;
      if (piece.shown.length > left) {
        // Cut where each character is shown as itself, it may be cut within.
        const isPlain = piece.shown === this.raw.slice(end, piece.end);
        const fits = isPlain ? wholeCharacters(piece.shown, left) : 0;
        return { text: shown + piece.shown.slice(0, fits), left: this.raw.length - end - fits };
      }
      shown += piece.shown;
      ({ end } = piece);
    }
    return { text: shown, left: this.raw.length - end };
  }

  private get madeTo(): number {
    return this.pieces.at(-1)?.end ?? 0;
  }
}

/** Where a piece ends: behind a line, or before a character that stands for itself whatever is before it. */
function endOf(text: string, start: number): number {
  const earliest = start + PIECE;
  if (earliest >= text.length) return text.length;
  const rest = text.slice(earliest, start + MOST);
  if (text[earliest - 1] === '\n') return earliest;
  const place = rest.search(APART);
  const line = rest.indexOf('\n');
  if (line !== -1 && (place === -1 || line < place)) return earliest + line + 1;
  if (place !== -1) return earliest + place;
  const latest = earliest + rest.length;
  return isLow(text.charCodeAt(latest)) || text[latest] === '\n' ? latest - 1 : latest;
}

function wholeCharacters(text: string, most: number): number {
  return isLow(text.charCodeAt(most)) ? Math.max(0, most - 1) : most;
}

function isLow(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00;
}
