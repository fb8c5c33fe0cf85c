/** What an entry keeps under the name of a secret, and the parts of it that are secrets by themselves (T158). Pure. */

import { isSecretField, isSecretName } from './secretPatterns';
import type { ServerEntry } from './serverEntry';
import { expandableFields } from './variables';

/** How a text is made up: as the value of a header, as that of `Cookie`, or as one value. */
type Kind = 'header' | 'cookie' | 'plain';

/** A text of an entry that stands under the name of a secret, with its variables as they are written. */
interface NamedText {
  readonly text: string;
  readonly kind: Kind;
}

/** Switches, numbers and single words under no name of a secret; stars in their place would only make a log unreadable. */
export const ORDINARY = /^(?:[a-z]{1,16}|[\d.]{1,12})$/i;

/** Fields, values of flags, and parameters of addresses that stand under the name of a secret. */
export function namedTexts(entry: ServerEntry): readonly NamedText[] {
  const { launch } = entry;
  const fields = expandableFields(entry).flatMap(([field, text]): readonly NamedText[] => {
    if (!isSecretField(field)) return [];
    const [, header] = /^headers\.(.*)$/s.exec(field) ?? [];
    return [{ text, kind: header === undefined ? 'plain' : kindOf(header) }];
  });
  return [...fields, ...(launch.kind === 'remote' ? parameters(launch.url) : flagValues(launch.args))];
}

function kindOf(header: string): Kind {
  return header.toLowerCase() === 'cookie' ? 'cookie' : 'header';
}

/** `--api-key x`, `--api-key=x`, `API_KEY=x` as for `docker -e`, `--header "Name: x"`, and addresses. */
function flagValues(args: readonly string[]): readonly NamedText[] {
  return args.flatMap((arg, index) => {
    const before = /^--?([a-z][\w.-]*)$/i.exec(args[index - 1] ?? '')?.[1];
    const [, name, joined] = /^(?:--?)?([a-z_][\w.-]*)=(.*)$/is.exec(arg) ?? [];
    const separate = before === undefined || arg.startsWith('-') ? [] : ([[before, arg]] as const);
    const pairs = [
      ...separate,
      ...(name === undefined || joined === undefined ? [] : [[name, joined] as const]),
    ];
    return [
      ...pairs.flatMap(([flag, text]) => [...underFlag(flag, text), ...header(flag, text)]),
      ...parameters(joined ?? arg),
    ];
  });
}

/** The value of a header that is given as an argument. */
function header(flag: string, text: string): readonly NamedText[] {
  const [, name = '', value = ''] = (/^H$|header/i.test(flag) && /^([\w-]+):\s*(.*)$/s.exec(text)) || [];
  return isSecretName(name) ? [{ text: value, kind: kindOf(name) }] : [];
}

/** The parameters of an address, as they are written and decoded. It may hold variables, so it is not parsed as a whole. */
function parameters(text: string): readonly NamedText[] {
  const [, query = ''] = /^[a-z][a-z\d+.-]*:\/\/[^?#]*\?([^#]*)/i.exec(text) ?? [];
  return query.split('&').flatMap((pair) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) return [];
    const [[, decoded = value] = []] = new URLSearchParams(pair);
    return [...new Set([value, decoded])].flatMap((each) => underFlag(name, each));
  });
}

/**
 * Flags and parameters have more names than headers and variables have (`--max-tokens`, `--author`), and a flag may be a switch before
 * something else: unless the name is certain, what looks ordinary, as a word, a path or an address, stays.
 */
function underFlag(name: string, text: string): readonly NamedText[] {
  if (!isSecretName(name) || /^no[-_]/i.test(name)) return [];
  const isSecret = CERTAIN.test(name) || !(ORDINARY.test(text) || PLACE.test(text) || text.includes('${'));
  return isSecret ? [{ text, kind: 'plain' }] : [];
}

const CERTAIN =
  /(?:token|secret|password|passwd|pwd|credentials?|(?:^|api|access|auth|secret|private|client)[-_]?key|(?:^|[^a-z])pat)$/i;
const PLACE = /^(?:[.~]{0,2}\/|[a-z]:[\\/]|[a-z][a-z\d+.-]*:\/\/)/i;

/**
 * The parts of a value that a server may repeat without the rest: what stands behind a scheme, in a cookie, or in a parameter of a
 * header. Names of cookies and parameters, scheme words and ordinary words are none, but for the one that stands alone behind a scheme
 * and those under the name of a secret.
 */
export function secretParts(text: string, kind: Kind): readonly string[] {
  const written = text.replaceAll(VARIABLE, CUT).trim();
  const rest = written.replace(SCHEME, '');
  const hasScheme = rest !== written;
  const items = rest.split(/[\s,;]+/).filter((item) => item !== '');
  if (kind === 'plain')
    return hasScheme && !rest.includes(CUT) && (items.length === 1 || KNOWN_SCHEME.test(written))
      ? [rest]
      : [];
  const parts = items.flatMap((item) => valuesOf(item, hasScheme || kind === 'cookie'));
  const isAlone = hasScheme && items.length === 1 && parts.length === 1;
  const kept = parts.flatMap(({ value, isNamed }) => {
    const isWhole = !value.includes(CUT);
    if (isWhole && (isNamed || isAlone)) return [value];
    return value.split(CUT).filter((piece) => !ORDINARY.test(piece));
  });
  return [...(hasScheme && !rest.includes(CUT) ? [rest] : []), ...kept].filter((part) => part !== '');
}

interface Part {
  readonly value: string;
  readonly isNamed: boolean;
}

/** @param hasNames what stands before a `=` is a name: else all of it may be the secret. */
function valuesOf(item: string, hasNames: boolean): readonly Part[] {
  const bare = (text: string): string =>
    text
      .replace(/^"/, '')
      .replace(/"$/, '')
      .replace(/(?<!=)=+$/, '');
  const [, name, assigned] = (hasNames && /^([^=]+)=(.*[^=].*)$/s.exec(item)) || [];
  const value = bare(assigned ?? item);
  const isNamed = name !== undefined && isSecretName(name);
  const pieces = value.includes('=') ? value.split(/=+/) : [];
  return [{ value, isNamed }, ...pieces.map((piece) => ({ value: piece, isNamed: false }))];
}

const VARIABLE = /\$\{[^{}]*\}/g;
/** Stands for a variable, whose value is looked for by itself. */
const CUT = '\0';

/** What stands before a secret in a header (RFC 9110 §11.4), known or not: who repeats the secret may leave it out. */
const SCHEME = /^[a-z][a-z\d-]{0,23}\s+(?=\S)/i;
const KNOWN_SCHEME = /^(?:Basic|Bearer|DPoP|Token|ApiKey)\s/i;
