/** Which of our own languages a text is shown in. They highlight and do nothing else (T115). */

import type { LanguageId } from '../contributions/ids';

const BY_SUBTYPE = new Map<string, LanguageId>([
  ['json', 'mcp-json'],
  ['json5', 'mcp-json'],
  ['x-ndjson', 'mcp-json'],
  ['markdown', 'mcp-markdown'],
  ['x-markdown', 'mcp-markdown'],
  ['html', 'mcp-html'],
  ['xhtml', 'mcp-html'],
  ['xml', 'mcp-xml'],
  ['svg', 'mcp-xml'],
  ['css', 'mcp-css'],
  ['javascript', 'mcp-javascript'],
  ['ecmascript', 'mcp-javascript'],
  ['x-javascript', 'mcp-javascript'],
  ['typescript', 'mcp-typescript'],
  ['x-typescript', 'mcp-typescript'],
  ['x-python', 'mcp-python'],
  ['yaml', 'mcp-yaml'],
  ['x-yaml', 'mcp-yaml'],
  ['x-sh', 'mcp-shellscript'],
  ['x-shellscript', 'mcp-shellscript'],
  ['sql', 'mcp-sql'],
  ['x-diff', 'mcp-diff'],
  ['x-patch', 'mcp-diff'],
]);

const BY_EXTENSION = new Map<string, LanguageId>([
  ['json', 'mcp-json'],
  ['jsonc', 'mcp-json'],
  ['json5', 'mcp-json'],
  ['jsonl', 'mcp-json'],
  ['ipynb', 'mcp-json'],
  ['md', 'mcp-markdown'],
  ['markdown', 'mcp-markdown'],
  ['html', 'mcp-html'],
  ['htm', 'mcp-html'],
  ['xml', 'mcp-xml'],
  ['svg', 'mcp-xml'],
  ['css', 'mcp-css'],
  ['js', 'mcp-javascript'],
  ['mjs', 'mcp-javascript'],
  ['cjs', 'mcp-javascript'],
  ['jsx', 'mcp-javascript'],
  ['ts', 'mcp-typescript'],
  ['mts', 'mcp-typescript'],
  ['cts', 'mcp-typescript'],
  ['tsx', 'mcp-typescript'],
  ['py', 'mcp-python'],
  ['yaml', 'mcp-yaml'],
  ['yml', 'mcp-yaml'],
  ['sh', 'mcp-shellscript'],
  ['bash', 'mcp-shellscript'],
  ['zsh', 'mcp-shellscript'],
  ['sql', 'mcp-sql'],
  ['diff', 'mcp-diff'],
  ['patch', 'mcp-diff'],
]);

/** `type/subtype` in lower case without parameters; undefined when it is not a MIME type (RFC 2045 §5.1). */
export function essenceOf(mimeType: string | undefined): { type: string; subtype: string } | undefined {
  const match = /^\s*([\w!#$&^.+-]{1,60})\/([\w!#$&^.+-]{1,100})\s*(?:;|$)/.exec(
    mimeType?.slice(0, 200) ?? '',
  );
  return match?.[1] !== undefined && match[2] !== undefined
    ? { type: match[1].toLowerCase(), subtype: match[2].toLowerCase() }
    : undefined;
}

/** The language for a text: its MIME type decides, its name only when the type says nothing more than "text". */
export function languageFor(mimeType: string | undefined, name: string): LanguageId | undefined {
  const essence = essenceOf(mimeType);
  if (essence) {
    const { subtype } = essence;
    const suffix = /\+(json|xml|yaml)$/.exec(subtype)?.[1];
    const found = BY_SUBTYPE.get(subtype) ?? BY_SUBTYPE.get(suffix ?? '');
    if (found) return found;
  }
  const extension = /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase();
  return BY_EXTENSION.get(extension ?? '');
}

/** True when bytes of this type are meant to be read as text. */
export function isTextType(mimeType: string | undefined): boolean {
  const essence = essenceOf(mimeType);
  if (!essence) return false;
  return essence.type === 'text' || languageFor(mimeType, '') !== undefined;
}
