/** Where a value stands in a JSON text, for problems that name it by its JSON pointer. Reads texts that people are still typing. */

/** From the first character to behind the last. */
export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** One token: a string, a number or word, or one of `{}[]:,`. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/gsu;

interface Level {
  readonly isList: boolean;
  index: number;
  /** The key whose value comes next. */
  key: string | undefined;
}

/**
 * Finds the value that `pointer` (RFC 6901) names; of a list or an object its opening bracket.
 * @returns undefined when it is not there, and for the whole document
 */
export function placeOf(text: string, pointer: string): TextPlace | undefined {
  const wanted = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (wanted.length === 0) return undefined;
  const levels: Level[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const level = levels.at(-1);
    if (token === ',') {
      if (level) [level.index, level.key] = [level.index + 1, undefined];
    } else if (token === '}' || token === ']') levels.pop();
    else if (level && !level.isList && level.key === undefined && token !== ':') level.key = keyOf(token);
    else if (token !== ':') {
      if (isAt(levels, wanted)) return { start: match.index, end: match.index + token.length };
      if (token === '{' || token === '[') levels.push({ isList: token === '[', index: 0, key: undefined });
    }
  }
  return undefined;
}

function isAt(levels: readonly Level[], wanted: readonly string[]): boolean {
  return (
    levels.length === wanted.length &&
    levels.every(({ isList, index, key }, depth) => (isList ? String(index) : key) === wanted[depth])
  );
}

function keyOf(token: string): string {
  try {
    return String(JSON.parse(token));
  } catch {
    // Half of a string: it names nothing yet.
    return token;
  }
}
