/** Cutting foreign text so that the rest of it can be freed. */

/**
 * The first `max` UTF-16 units of `text`, never half of a surrogate pair. A cut text is a copy: a plain slice would keep the
 * whole original alive for as long as the slice lives.
 */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? max - 1 : max;
  return Buffer.from(text.slice(0, end), 'utf16le').toString('utf16le');
}
