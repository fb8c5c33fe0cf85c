/** Reads the usual `.env` form: `NAME=value` lines, `export` prefixes, quotes, comments. Nothing in it is expanded. */

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/** Later lines win. Lines of any other form are left out, and none of their text is ever told. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const match = LINE.exec(line);
    if (match?.[1] !== undefined) values.set(match[1], unquote((match[2] ?? '').trim()));
  }
  return values;
}

/** A quoted value up to its closing quote; in double quotes a backslash takes the meaning from the character behind it. */
const QUOTED = /^(?:"((?:\\.|[^"\\])*)"|"([^"]*)"|'([^']*)')/;

function unquote(value: string): string {
  const match = QUOTED.exec(value);
  if (match) {
    const [, double, plain, single] = match;
    if (double === undefined) return plain ?? single ?? '';
    return double.replaceAll('\\n', '\n').replaceAll('\\"', '"');
  }
  const comment = value.search(/\s#/);
  return comment === -1 ? value : value.slice(0, comment).trimEnd();
}
