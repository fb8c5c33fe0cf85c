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

function unquote(value: string): string {
  const quote = value[0];
  const end = quote === '"' || quote === "'" ? value.indexOf(quote, 1) : -1;
  if (end > 0) {
    const inner = value.slice(1, end);
    return quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\"', '"') : inner;
  }
  const comment = value.search(/\s#/);
  return comment === -1 ? value : value.slice(0, comment).trimEnd();
}
