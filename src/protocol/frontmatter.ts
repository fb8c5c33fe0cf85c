/**
 * Reads the YAML between the `---` lines of a SKILL.md, as YAML 1.2 (core schema). What grows or changes while it is read (aliases, tags
 * of somebody's own, several documents), and what is no JSON, is refused. It knows nothing of skills.
 */

import { Composer, isMap, isScalar, isSeq, Lexer, Parser, type CST, type Document } from 'yaml';

import type { JsonObject, JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';

/** Characters of a frontmatter. */
const MAX_CHARS = 65_536;
/** Collections that stand in each other, about. */
const MAX_DEPTH = 32;

/** Why a frontmatter cannot be read, in our own words. */
class UnreadableYaml extends Error {
  override readonly name = 'UnreadableYaml';
}

/** The frontmatter of a Markdown text, or why it cannot be read. */
export function readFrontmatter(markdown: string): Result<JsonObject, string> {
  const text = markdown.slice(0, MAX_CHARS + 16).replaceAll('\r\n', '\n');
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  if (lines[0]?.trimEnd() !== '---' || lines[0].length > 100) return err('it does not begin with "---"');
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end === -1) return err(`it has no closing "---" within ${MAX_CHARS} characters`);
  try {
    return ok(readYaml(`${lines.slice(1, end).join('\n')}\n`));
  } catch (error) {
    if (error instanceof UnreadableYaml) return err(error.message);
    throw error;
  }
}

/** @throws UnreadableYaml */
function readYaml(text: string): JsonObject {
  const composer = new Composer({
    schema: 'core',
    version: '1.2',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // Compared here instead, in one pass: the library compares each key with each.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [document, second] = [...composer.compose(tokensOf(text), true, text.length)];
  if (!document || second) throw new UnreadableYaml('it holds several documents');
  requireSound(document, text);
  if (document.contents === null) return {};
  if (isScalar(document.contents) && document.contents.value === null) return {};
  if (!isMap(document.contents)) throw new UnreadableYaml('it is not a mapping');
  return mappingOf(document.contents.items);
}

/** Nesting is bounded before anything recurses over it: an overflow of the stack can end the whole process. */
function tokensOf(text: string): readonly CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const take = (some: Iterable<CST.Token>): void => {
    for (const token of some) tokens.push(token);
    if (parser.stack.length > MAX_DEPTH) throw new UnreadableYaml('it is nested too deeply');
  };
  for (const lexeme of new Lexer().lex(text)) take(parser.next(lexeme));
  take(parser.end());
  return tokens;
}

/** Whatever the library only warns of means something else to others. */
function requireSound({ errors, warnings }: Document.Parsed, text: string): void {
  const [problem] = [...errors, ...warnings];
  if (!problem) return;
  // The first line of the file is the one with the dashes.
  const line = text.slice(0, problem.pos[0]).split('\n').length + 1;
  const what = problem.code === 'TAG_RESOLVE_FAILED' ? 'a tag is not known' : 'it is not valid YAML';
  throw new UnreadableYaml(`${what} (line ${line})`);
}

function jsonOf(node: unknown): JsonValue {
  if (isMap(node)) return mappingOf(node.items);
  if (isSeq(node)) return node.items.map(jsonOf);
  if (isScalar(node)) return scalarOf(node.value);
  if (node === null) return null;
  throw new UnreadableYaml('it uses an alias');
}

function mappingOf(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): JsonObject {
  const entries = new Map<string, JsonValue>();
  for (const { key, value } of pairs) {
    const name = isScalar(key) ? key.value : key;
    if (typeof name !== 'string') throw new UnreadableYaml('a key is not a text');
    if (entries.has(name)) throw new UnreadableYaml('a key is given twice');
    entries.set(name, jsonOf(value));
  }
  return Object.fromEntries(entries);
}

function scalarOf(value: unknown): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new UnreadableYaml('a number is not one of JSON');
}
