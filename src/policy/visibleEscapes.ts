/**
 * Turns characters that cannot be seen, or that act on their neighbours, into visible markers. Owns the list of such
 * characters and the form of the markers; bounds and places of use belong to `safeText`.
 */

/**
 * `text`: a line for people; a single no-break or ideographic space and emoji presentation pass.
 * `exact`: for approval; only plain spaces pass, at most three in a row.
 * `document`: a line of a document; tabs and indentation pass, links are not a concern there.
 */
type EscapeMode = 'text' | 'exact' | 'document';

/** Categories Cc Cf Zl Zp Co Cs Cn, ignorable characters (T109) and glyphs that are blank or stand for an object. */
const UNSEEN =
  '\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Cn}\\p{Default_Ignorable_Code_Point}\\u2800\\uFFFC\\u{1D159}';
/** Emoji presentation: the selector after a pictograph, and the keycap sequence. */
const EMOJI = '(?<=\\p{Extended_Pictographic})\\uFE0F|(?<=[0-9#*])\\uFE0F\\u20E3';
/** Combining marks that are visible. */
const MARKS = '(?:(?!\\p{Default_Ignorable_Code_Point})\\p{M})+';
/** More marks than this on one character are shown as markers, so that they cannot paint over other lines. */
const MAX_MARKS = 4;
/** One plain space between words is none of them: a callback for each of those would take longer than all else. */
const SPACES = '(?! (?![\\t\\p{Zs}]))[\\t\\p{Zs}]+';
const BRACKETS = '\\u27E8\\u27E9';
const LINK_BRACKET = '|(?<=[\\]$])\\(';

/** What may have to be replaced: emoji presentation, spaces, runs of an unseen character, marks, and a bracket that would make a link. */
function suspects(emoji: string, links: string): RegExp {
  return new RegExp(`(${emoji})|(${SPACES})|([${UNSEEN}${BRACKETS}])\\3*|(${MARKS})${links}`, 'gu');
}

/** Made once, and without names for their groups: lines of a log come by the hundred, each with as many matches. */
const SUSPECTS: Readonly<Record<EscapeMode, RegExp>> = {
  text: suspects(EMOJI, LINK_BRACKET),
  exact: suspects('(?!)', LINK_BRACKET),
  document: suspects(EMOJI, ''),
};

/** Longest run of plain spaces that is shown as it is (T006). */
const MAX_SPACES: Readonly<Record<EscapeMode, number>> = { text: 3, exact: 3, document: 80 };

/** Matches a character that a reader cannot see. Line breaks, tabs, spaces and emoji presentation do not count. */
export const HIDDEN_PATTERN = new RegExp(`(?!${EMOJI}|[\\t\\n]|\\r\\n)[${UNSEEN}]`, 'u');

/** Matches what {@link escapeText} would have to replace in `exact` mode, save for brackets that are visible anyway. */
export const UNSEEN_OR_PADDING_PATTERN = new RegExp(
  `[${UNSEEN}]|(?! )\\p{Zs}| {${MAX_SPACES.exact + 1}}`,
  'u',
);

/**
 * Replaces what is unseen by `⟨U+202E⟩`, `⟨tab×500⟩`, `⟨space×12⟩`. Within one mode different texts stay different.
 * Linear in the length of the text.
 * @param enough when the result is longer than this, the rest of the text may be left out of it
 */
export function escapeText(text: string, mode: EscapeMode, enough = Infinity): string {
  let escaped = '';
  let end = 0;
  for (const found of text.matchAll(SUSPECTS[mode])) {
    escaped += text.slice(end, found.index);
    if (escaped.length > enough) return escaped;
    escaped += replacementOf(found, text, mode);
    end = found.index + found[0].length;
  }
  return escaped + text.slice(end);
}

function replacementOf(found: RegExpExecArray, text: string, mode: EscapeMode): string {
  const [match, emoji, spaces, unseen, marks] = found;
  if (emoji !== undefined) return match;
  if (spaces !== undefined) return escapeSpaces(match, mode);
  if (unseen !== undefined) return markRun(unseen, match.length / unseen.length);
  if (marks !== undefined) return escapeMarks(match, text, found.index);
  // A thin space in the input is escaped, so this one can only be ours.
  return '\u200A(';
}

/** Splits escaped text into what must not be cut: markers, and characters with all that belongs to them. */
export function* atomsOf(escaped: string): Generator<string> {
  let marker = '';
  for (const [segment] of escaped.matchAll(CHARACTERS)) {
    if (marker !== '' || segment.startsWith('⟨')) {
      marker += segment;
      if (!segment.startsWith('⟩') && marker.length < MAX_MARKER) continue;
      yield marker;
      marker = '';
    } else if (segment.length > MAX_CLUSTER) {
      // Jamo, conjuncts and skin tones can chain without end; such a chain has no claim to stay in one piece.
      yield* segment;
    } else yield segment;
  }
  if (marker !== '') yield marker;
}

const MAX_MARKER = 40;
const MAX_CLUSTER = 16;

/** Parts of Korean syllables. */
const VOWELS = '[\\u1160-\\u11A7\\uD7B0-\\uD7C6]';
const FINALS = '[\\u11A8-\\u11FF\\uD7CB-\\uD7FB]';
/**
 * A character with all that belongs to it: flags, Korean syllables of several parts, marks and skin tones; joiners have become markers.
 * `Intl.Segmenter` would know conjuncts of Indic scripts as well, and would stop the thread for 20 ms when it is first made.
 */
const CHARACTERS = new RegExp(
  `(?:\\p{RI}{2}|[\\u1100-\\u115F\\uA960-\\uA97C]+${VOWELS}*${FINALS}*|[\\uAC00-\\uD7A3]${FINALS}*|.)` +
    '[\\p{M}\\p{Emoji_Modifier}\\uFF9E\\uFF9F\\u0E33\\u0EB3]*',
  'gsu',
);

function escapeSpaces(run: string, mode: EscapeMode): string {
  if (run.length <= MAX_SPACES[mode] && /^ +$/.test(run)) return run;
  if (mode !== 'exact' && /^[\u00A0\u202F\u3000]$/.test(run)) return run;
  if (mode === 'document' && run.length <= MAX_SPACES.document && /^[\t ]+$/.test(run)) return run;
  return markRuns(run);
}

function escapeMarks(marks: string, text: string, offset: number): string {
  if (offset === 0 || !canCarryMarks(text, offset)) return markRuns(marks);
  const points = [...marks];
  return points.slice(0, MAX_MARKS).join('') + markRuns(points.slice(MAX_MARKS).join(''));
}

/** A mark needs a visible character before it; otherwise it would sit on a marker or on somebody else's text. */
function canCarryMarks(text: string, offset: number): boolean {
  const low = (text.charCodeAt(offset - 1) & 0xfc00) === 0xdc00;
  const before = text.slice(Math.max(0, offset - (low ? 2 : 1)), offset);
  return CARRIER.test(before);
}

const CARRIER = new RegExp(`^(?![${UNSEEN}${BRACKETS}\\]$])[\\p{L}\\p{N}\\p{P}\\p{S}]$`, 'u');

/** One marker per run of the same character. */
function markRuns(text: string): string {
  return text.replaceAll(/(.)\1*/gsu, (same, first: string) => markRun(first, same.length / first.length));
}

function markRun(character: string, count: number): string {
  return `⟨${nameOf(character)}${count > 1 ? `×${count}` : ''}⟩`;
}

function nameOf(character: string): string {
  if (character === ' ') return 'space';
  if (character === '\t') return 'tab';
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
