/** Reads `WWW-Authenticate` (RFC 9110 §11.6.1), forgiving what servers get wrong. Pure, linear in the header. */

import { splitScopes } from './scopes';

/** What a server says with a 401 or 403. */
export interface Challenge {
  /** The server wants DPoP-bound tokens and nothing else (RFC 9449 §7.1). */
  readonly wantsDpop: boolean;
  /** As `invalid_token`, `insufficient_scope`, `use_dpop_nonce`. */
  readonly error?: string;
  /** Why, in the server's words (RFC 6750 §3). */
  readonly description?: string;
  /** Scopes that the operation needs. */
  readonly scopes?: readonly string[];
  /** Where the server's metadata lie (RFC 9728 §5.1). */
  readonly metadataUrl?: string;
}

const MAX_HEADER = 16_384;
const SCHEMES = ['bearer', 'dpop'] as const;
const TOKEN = /[\w!#$%&'*+.^`|~-]+/y;
const GAP = /[ \t]*/y;
const BARE = /[^\s,"]+/y;

/** @param header its fields joined with commas, as Node does. */
export function readChallenge(header: string | undefined): Challenge {
  const known = parse((header ?? '').slice(0, MAX_HEADER));
  const find = (name: string): string | undefined => {
    for (const { parameters } of known) {
      const value = parameters.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const [error, scope, metadataUrl] = [find('error'), find('scope'), find('resource_metadata')];
  const description = find('error_description');
  const scopes = scope === undefined ? [] : splitScopes(scope);
  return {
    wantsDpop: known.length > 0 && known.every(({ scheme }) => scheme === 'dpop'),
    ...(error === undefined ? {} : { error }),
    ...(description === undefined ? {} : { description }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(metadataUrl === undefined ? {} : { metadataUrl }),
  };
}

interface Part {
  readonly scheme: (typeof SCHEMES)[number];
  readonly parameters: Map<string, string>;
}

/** The challenges of our schemes. One token by index, then what follows it: no character is looked at more than three times. */
function parse(header: string): readonly Part[] {
  const parts: Part[] = [];
  let part: Part | undefined;
  let at = 0;
  while (at < header.length) {
    const name = match(TOKEN, header, at);
    if (name === '') {
      at++;
      continue;
    }
    at += name.length;
    const sign = at + match(GAP, header, at).length;
    if (header[sign] !== '=') {
      if (sign > at || at === header.length || header[at] === ',') {
        part = partOf(name);
        if (part) parts.push(part);
      }
      at = sign;
      continue;
    }
    const start = sign + 1 + match(GAP, header, sign + 1).length;
    const { value, end } = header[start] === '"' ? quoted(header, start) : bare(header, start);
    at = end;
    // The first of two wins, so that nothing can be slipped in behind.
    const key = name.toLowerCase();
    if (value !== undefined && part?.parameters.has(key) === false) part.parameters.set(key, value);
  }
  return parts;
}

/** A challenge of a scheme that is ours; what stands under any other is left alone. */
function partOf(name: string): Part | undefined {
  const scheme = SCHEMES.find((known) => known.length === name.length && known === name.toLowerCase());
  return scheme && { scheme, parameters: new Map() };
}

interface Value {
  /** Undefined when there is none. */
  readonly value: string | undefined;
  readonly end: number;
}

/** What stands between quotes; a quote that is never closed takes everything, and says nothing. */
function quoted(header: string, start: number): Value {
  for (let at = start + 1; at < header.length; at++)
    if (header[at] === '\\') at++;
    else if (header[at] === '"')
      return { value: header.slice(start + 1, at).replace(/\\(.)/g, '$1'), end: at + 1 };
  return { value: undefined, end: header.length };
}

function bare(header: string, start: number): Value {
  const text = match(BARE, header, start);
  return { value: text === '' ? undefined : text, end: start + text.length };
}

/** What the pattern, which is sticky and knows a single run of characters, takes from `at` on. */
function match(pattern: RegExp, header: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.test(header) ? header.slice(at, pattern.lastIndex) : '';
}
