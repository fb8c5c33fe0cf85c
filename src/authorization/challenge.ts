/** Reads `WWW-Authenticate` (RFC 9110 §11.6.1), forgiving what servers get wrong. Pure, linear in the header. */

import { readScopes } from './scopes';

/** What a server says with a 401 or 403. */
export interface Challenge {
  /** The server wants DPoP-bound tokens and nothing else (RFC 9449 §7.1). */
  readonly wantsDpop: boolean;
  /** As `invalid_token`, `insufficient_scope`, `use_dpop_nonce`. */
  readonly error?: string;
  /** Scopes that the operation needs. */
  readonly scopes?: readonly string[];
  /** Where the server's metadata lie (RFC 9728 §5.1). */
  readonly metadataUrl?: string;
}

const MAX_HEADER = 16_384;
const PARAMETER = /([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gy;
const SCHEME = /([\w!#$%&'*+.^`|~-]+)(?=[ \t,]|$)/gy;

/** @param header its fields joined with commas, as Node does. */
export function readChallenge(header: string | undefined): Challenge {
  const parts = parse((header ?? '').slice(0, MAX_HEADER));
  const known = parts.filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
  const find = (name: string): string | undefined => {
    for (const { parameters } of known) {
      const value = parameters.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const [error, scope, metadataUrl] = [find('error'), find('scope'), find('resource_metadata')];
  const scopes = scope === undefined ? [] : readScopes(scope);
  return {
    wantsDpop: known.length > 0 && known.every(({ scheme }) => scheme === 'dpop'),
    ...(error === undefined ? {} : { error }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(metadataUrl === undefined ? {} : { metadataUrl }),
  };
}

interface Part {
  readonly scheme: string;
  readonly parameters: Map<string, string>;
}

function parse(header: string): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < header.length) {
    if (/[\s,]/.test(header.charAt(at))) {
      at++;
      continue;
    }
    PARAMETER.lastIndex = at;
    const parameter = PARAMETER.exec(header);
    if (parameter) {
      const [whole, name = '', quoted, bare] = parameter;
      const value = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1');
      const parameters = parts.at(-1)?.parameters;
      // The first of two wins, so that nothing can be slipped in behind.
      if (parameters?.has(name.toLowerCase()) === false) parameters.set(name.toLowerCase(), value);
      at += whole.length;
      continue;
    }
    SCHEME.lastIndex = at;
    const scheme = SCHEME.exec(header);
    if (scheme) parts.push({ scheme: scheme[0].toLowerCase(), parameters: new Map() });
    at += scheme ? scheme[0].length : 1;
  }
  return parts;
}
