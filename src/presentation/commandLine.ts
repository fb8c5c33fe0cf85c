/** Splits a command line as a person types it into words. Only quoting is understood; nothing is expanded or run. */

import { err, ok, type Result } from '../base/result';
import { urlTrouble } from '../policy/remoteUrl';

/** An entry of settings that a person types: a program, or the address of a remote server. */
export type TypedEntry =
  { readonly command: string; readonly args?: readonly string[] } | { readonly url: string };

/** Reads what a person types to add a server. @returns a sentence about what is wrong with it, where something is */
export function readTypedServer(line: string): Result<TypedEntry, string> {
  const typed = line.trim();
  // Quotes and backslashes have no meaning in an address, and a variable may hold spaces.
  if (ADDRESS.test(typed)) return readAddress(typed);
  const words = splitCommandLine(line);
  if (!words.ok) return words;
  const [first, ...args] = words.value;
  if (first === undefined) return err('Type a command or an address.');
  if (!ADDRESS.test(first)) return ok({ command: first, ...(args.length > 0 ? { args } : {}) });
  return args.length > 0 ? err(STANDS_ALONE) : readAddress(first);
}

/** What variables make of an address is checked when they are known. */
function readAddress(url: string): Result<TypedEntry, string> {
  if (/\s/.test(url.replaceAll(VARIABLE, ''))) return err(STANDS_ALONE);
  const trouble = url.includes('${') ? undefined : urlTrouble(url);
  return trouble === undefined ? ok({ url }) : err(`The address ${trouble}.`);
}

const STANDS_ALONE = 'An address stands alone.';
const VARIABLE = /\$\{[^{}]*\}/g;
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

/**
 * A server name from the most telling word: the host, or the package or script without scope, version and extension. Letters, digits,
 * dots and single dashes, and none of the names that there are.
 */
export function suggestName(entry: TypedEntry, taken: readonly string[] = []): string {
  const name = plainName('url' in entry ? hostOf(entry.url) : programOf(entry));
  for (let count = 1; ; count++) {
    const numbered = count === 1 ? name : `${name}-${count}`;
    if (!taken.includes(numbered)) return numbered;
  }
}

/** As it is written where variables are part of the address, which may be none without their values. */
function hostOf(url: string): string {
  const [, written = ''] = /^https?:\/\/(?:[^@/?#]*@)?([^:/?#]*)/i.exec(url.replaceAll(VARIABLE, '')) ?? [];
  const host = url.includes('${') ? written : new URL(url).hostname;
  // The digits of an IPv6 address tell nothing.
  return host.startsWith('[') ? '' : host.replace(/^(?:mcp|api|www)\./, '');
}

function programOf({ command, args = [] }: Extract<TypedEntry, { command: string }>): string {
  const telling = args.find((word) => !word.startsWith('-') && !word.startsWith('$')) ?? command;
  const last = telling.replaceAll(VARIABLE, '').split(/[\\/]/).at(-1) ?? telling;
  return last
    .replace(/@[^@]*$/, '')
    .replace(/\.(?:[cm]?[jt]s|py|exe|cmd)$/i, '')
    .replace(/^(?:mcp-)?server-|-mcp(?:-server)?$/g, '');
}

/** Room is left for a number. */
const LONGEST = 60;

function plainName(text: string): string {
  const plain = text
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .slice(0, LONGEST + 1)
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, LONGEST)
    .replace(/[-.]+$/, '');
  // What every object has, such as `constructor`, is no name for a key of one.
  return plain === '' || plain in {} ? 'server' : plain;
}
