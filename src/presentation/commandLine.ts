/** Splits a command line as a person types it into words. Only quoting is understood; nothing is expanded or run. */

import { err, ok, type Result } from '../base/result';

/**
 * Splits at white space; `'…'` and `"…"` keep it. A backslash before a quote, a backslash or a space stands for that character;
 * any other backslash is itself, so that Windows paths survive.
 */
export function splitCommandLine(line: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < line.length; index++) {
    const character = line.charAt(index);
    const next = line.charAt(index + 1);
    if (character === '\\' && next !== '' && `"'\\ `.includes(next) && quote !== "'") {
      word = (word ?? '') + next;
      index++;
    } else if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== undefined) return err(`A ${quote} is not closed.`);
  if (word !== undefined) words.push(word);
  return ok(words);
}

/** A server name from the most telling word: the package or script, without scope, version and extension. */
export function suggestName(words: readonly string[]): string {
  const telling =
    words.slice(1).find((word) => !word.startsWith('-') && !word.startsWith('$')) ?? words[0] ?? 'server';
  const last = telling.split(/[\\/]/).at(-1) ?? telling;
  const plain = last
    .replace(/@[^@]*$/, '')
    .replace(/\.(?:[cm]?[jt]s|py|exe|cmd)$/i, '')
    .replace(/^(?:mcp-)?server-|-mcp(?:-server)?$/g, '')
    .replaceAll(/[^\w .@-]/g, '-')
    .slice(0, 64)
    .trim();
  return plain === '' ? 'server' : plain;
}
