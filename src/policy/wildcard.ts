/** Patterns with `*` for any run of characters; everything else is literal. */

/**
 * True when the whole text matches. The pieces between the stars are found from left to right, each at the first place,
 * which is enough when `*` is the only special character; nothing is ever tried twice.
 */
export function matchesWildcard(text: string, pattern: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return text === first;
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let position = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, position);
    if (found === -1 || found + piece.length > end) return false;
    position = found + piece.length;
  }
  return true;
}
