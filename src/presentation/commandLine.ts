/** Splits a command line as a person types it into words. Only quoting is understood; nothing is expanded or run. */

import { err, ok, type Result } from '../base/result';
import { urlTrouble } from '../policy/remoteUrl';

/** An entry of settings that a person types: a program, or the address of a remote server. */
export type TypedEntry =
  { readonly command: string; readonly args?: readonly string[] } | { readonly url: string };

/** Reads what a person types to add a server. @returns a sentence about what is wrong with it, where something is */
export function readTypedServer(line: string): Result<TypedEntry, string> {
  const words = splitCommandLine(line);
  if (!words.ok) return words;
  const [first, ...args] = words.value;
  if (first === undefined) return err('Type a command or an address.');
  if (!ADDRESS.test(first)) return ok({ command: first, ...(args.length > 0 ? { args } : {}) });
  if (args.length > 0) return err('An address stands alone.');
  const trouble = urlTrouble(first);
  return trouble === undefined ? ok({ url: first }) : err(`The address ${trouble}.`);
}

const ADDRESS = /^https?:\/\//i;

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

/** A server name from the most telling word: the host, or the package or script without scope, version and extension. */
export function suggestName(entry: TypedEntry): string {
  if ('url' in entry) return plainName(new URL(entry.url).hostname.replace(/^(?:mcp|api|www)\./, ''));
  const { command, args = [] } = entry;
  const telling = args.find((word) => !word.startsWith('-') && !word.startsWith('$')) ?? command;
  const last = telling.split(/[\\/]/).at(-1) ?? telling;
  return plainName(
    last
      .replace(/@[^@]*$/, '')
      .replace(/\.(?:[cm]?[jt]s|py|exe|cmd)$/i, '')
      .replace(/^(?:mcp-)?server-|-mcp(?:-server)?$/g, ''),
  );
}

function plainName(text: string): string {
  const plain = text
    .replaceAll(/[^\w .@-]/g, '-')
    .slice(0, 64)
    .trim();
  return plain === '' ? 'server' : plain;
}
