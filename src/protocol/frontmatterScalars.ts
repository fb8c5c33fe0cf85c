/** Single values of a frontmatter: quoted, plain (YAML 1.2 core schema), and what is left of them without a comment. */

/** Why a frontmatter cannot be read, in our own words. */
export class UnreadableYaml extends Error {
  override readonly name = 'UnreadableYaml';
}

/** A plain value as JSON. @throws UnreadableYaml for what is not plain, or not JSON. */
export function plainScalar(text: string): string | number | boolean | null {
  if (/^[&*!%@`|>'"#,\]}]/.test(text) || /^[?-](?:\s|$)/.test(text))
    throw new UnreadableYaml('a value needs quotes, or uses YAML that is not read');
  if (/:(?:\s|$)/.test(text)) throw new UnreadableYaml('a value with ": " needs quotes');
  if (/^(?:~|null|Null|NULL)?$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^[+-]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][+-]?\d+)?$/.test(text)) return finite(Number(text));
  if (/^0o[0-7]+$|^0x[\dA-Fa-f]+$/.test(text)) return finite(Number(text));
  if (/^[+-]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/.test(text)) return finite(Number.NaN);
  return text;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new UnreadableYaml('a number is not one of JSON');
}

/** The quoted value that begins at `start`, and where it ends. @throws UnreadableYaml */
export function quotedScalar(text: string, start: number): { readonly value: string; readonly end: number } {
  return text[start] === "'" ? singleQuoted(text, start) : doubleQuoted(text, start);
}

function singleQuoted(text: string, start: number): { value: string; end: number } {
  for (let at = text.indexOf("'", start + 1); at !== -1; at = text.indexOf("'", at + 2))
    if (text[at + 1] !== "'") return { value: text.slice(start + 1, at).replaceAll("''", "'"), end: at + 1 };
  throw new UnreadableYaml('a quoted value does not end on its line');
}

function doubleQuoted(text: string, start: number): { value: string; end: number } {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') {
      try {
        // YAML knows more escapes than JSON; nobody needs them here.
        const value = JSON.parse(text.slice(start, at + 1).replaceAll('\t', '\\t')) as string;
        return { value, end: at + 1 };
      } catch {
        throw new UnreadableYaml('a quoted value has an escape that is not read');
      }
    }
  }
  throw new UnreadableYaml('a quoted value does not end on its line');
}

/** A text up to the comment at its end. */
export function withoutComment(text: string): string {
  const at = text.search(/[ \t]#/);
  return at === -1 ? text : text.slice(0, at).trimEnd();
}
