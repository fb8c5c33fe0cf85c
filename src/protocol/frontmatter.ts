/**
 * Reads the YAML between the `---` lines of a SKILL.md: the part of YAML 1.2 (core schema) that skills are written in. Everything
 * else (anchors, tags, several documents) is refused rather than read differently from others. It knows nothing of skills.
 */

import type { JsonObject, JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { FlowReader, isFlowStart } from './frontmatterFlow';
import { plainScalar, quotedScalar, UnreadableYaml, withoutComment } from './frontmatterScalars';

/** Characters of a frontmatter. */
const MAX_CHARS = 65_536;
const MAX_DEPTH = 16;

interface Line {
  readonly indent: number;
  /** Without the white space around it. */
  readonly text: string;
  readonly raw: string;
}

/** The frontmatter of a Markdown text, or why it cannot be read. */
export function readFrontmatter(markdown: string): Result<JsonObject, string> {
  const text = markdown.slice(0, MAX_CHARS + 16).replaceAll('\r\n', '\n');
  const lines = (text.startsWith('\ufeff') ? text.slice(1) : text).split('\n');
  if (lines[0]?.trimEnd() !== '---' || lines[0].length > 100) return err('it does not begin with "---"');
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  if (end === -1) return err(`it has no closing "---" within ${MAX_CHARS} characters`);
  try {
    return ok(new BlockReader(lines.slice(1, end).map(toLine)).document());
  } catch (error) {
    if (error instanceof UnreadableYaml) return err(error.message);
    throw error;
  }
}

function toLine(raw: string): Line {
  const start = raw.search(/[^ ]/);
  return { indent: start === -1 ? raw.length : start, text: raw.trim(), raw };
}

class BlockReader {
  private at = 0;

  constructor(private readonly lines: Line[]) {}

  document(): JsonObject {
    const first = this.next();
    if (!first) return {};
    if (isItem(first.text)) throw new UnreadableYaml('is not a mapping');
    const found = this.mapping(first.indent, 0);
    if (this.next()) throw new UnreadableYaml('lines are not indented alike');
    return found;
  }

  /** The next line that says something. */
  private next(): Line | undefined {
    while (this.at < this.lines.length) {
      const line = this.lines[this.at];
      if (line && line.text !== '' && !line.text.startsWith('#')) {
        if (line.raw[line.indent] === '\t') throw new UnreadableYaml('tabs cannot indent');
        return line;
      }
      this.at++;
    }
    return undefined;
  }

  private mapping(indent: number, depth: number): JsonObject {
    requireDepth(depth);
    const entries = new Map<string, JsonValue>();
    for (let line = this.next(); line && line.indent === indent; line = this.next()) {
      if (isItem(line.text)) break;
      const pair = splitKey(line.text);
      if (!pair) throw new UnreadableYaml('a line is no "key: value"');
      if (entries.has(pair.key)) throw new UnreadableYaml('a key is given twice');
      this.at++;
      entries.set(pair.key, this.value(pair.rest, indent, depth + 1, true));
    }
    return Object.fromEntries(entries);
  }

  private sequence(indent: number, depth: number): readonly JsonValue[] {
    requireDepth(depth);
    const items: JsonValue[] = [];
    for (let line = this.next(); line && line.indent === indent && isItem(line.text); line = this.next()) {
      const rest = line.text.slice(1).trim();
      if (rest !== '' && !rest.startsWith('#') && (isItem(rest) || splitKey(rest))) {
        // `- key: value` opens a mapping that goes on below its first key.
        const column = line.indent + line.text.indexOf(rest, 1);
        this.lines[this.at] = { indent: column, text: rest, raw: ' '.repeat(column) + rest };
        items.push(isItem(rest) ? this.sequence(column, depth + 1) : this.mapping(column, depth + 1));
        continue;
      }
      this.at++;
      items.push(this.value(rest, indent, depth + 1, false));
    }
    return items;
  }

  private value(rest: string, parent: number, depth: number, inMapping: boolean): JsonValue {
    requireDepth(depth);
    if (rest === '' || rest.startsWith('#')) return this.below(parent, depth, inMapping);
    const [first = ''] = rest;
    if (first === '|' || first === '>') return this.blockScalar(rest, parent);
    if (first === '"' || first === "'") {
      const { value, end } = quotedScalar(rest, 0);
      requireEnd(rest.slice(end));
      return value;
    }
    if (isFlowStart(first)) {
      const { value, end } = new FlowReader(rest, MAX_DEPTH - depth).read(0);
      requireEnd(rest.slice(end));
      return value;
    }
    return this.plain(rest, parent);
  }

  /** What stands on the lines below a key or a dash without a value beside it. */
  private below(parent: number, depth: number, inMapping: boolean): JsonValue {
    const next = this.next();
    if (!next || next.indent < parent) return null;
    const item = isItem(next.text);
    if (next.indent === parent) return inMapping && item ? this.sequence(parent, depth) : null;
    if (item) return this.sequence(next.indent, depth);
    if (splitKey(next.text)) return this.mapping(next.indent, depth);
    this.at++;
    return this.value(next.text, parent, depth, false);
  }

  /** A value without quotes goes on over all lines that are indented more than its key. */
  private plain(first: string, parent: number): JsonValue {
    let text = withoutComment(first);
    let isOver = text !== first;
    let blanks = 0;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at];
      if (!line || (line.text !== '' && (line.indent <= parent || line.text.startsWith('#')))) break;
      if (line.text === '') {
        blanks++;
        continue;
      }
      if (isOver) throw new UnreadableYaml('a value goes on behind a comment');
      const part = withoutComment(line.text);
      isOver = part !== line.text;
      text += (blanks > 0 ? '\n'.repeat(blanks) : ' ') + part;
      blanks = 0;
    }
    return plainScalar(text);
  }

  private blockScalar(header: string, parent: number): string {
    const [style, chomp = ''] = withoutComment(header);
    if (withoutComment(header).length > 2 || !['', '+', '-'].includes(chomp))
      throw new UnreadableYaml('a block of text has an indicator that is not read');
    const lines: string[] = [];
    let indent: number | undefined;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at];
      if (!line) break;
      if (line.raw.trim() === '' && (indent === undefined || line.raw.length <= indent)) {
        lines.push('');
        continue;
      }
      if (line.indent <= parent || line.indent < (indent ?? 0)) break;
      indent ??= line.indent;
      lines.push(line.raw.slice(indent));
    }
    return joinBlock(lines, style === '>', chomp);
  }
}

function joinBlock(lines: readonly string[], isFolded: boolean, chomp: string): string {
  let text = '';
  let blanks = 0;
  let isFirst = true;
  let wasDeeper = false;
  for (const line of lines) {
    if (line === '') {
      blanks++;
      continue;
    }
    const isDeeper = line.startsWith(' ') || line.startsWith('\t');
    const folds = isFolded && !isDeeper && !wasDeeper;
    if (isFirst) text += '\n'.repeat(blanks);
    else if (folds) text += blanks === 0 ? ' ' : '\n'.repeat(blanks);
    else text += '\n'.repeat(blanks + 1);
    text += line;
    [isFirst, wasDeeper, blanks] = [false, isDeeper, 0];
  }
  if (chomp === '+') return text + '\n'.repeat(isFirst ? blanks : blanks + 1);
  return chomp === '-' || isFirst ? text : `${text}\n`;
}

function splitKey(text: string): { readonly key: string; readonly rest: string } | undefined {
  if (text.startsWith('"') || text.startsWith("'")) {
    const { value, end } = quotedScalar(text, 0);
    const after = text.slice(end).trimStart();
    return /^:(?:\s|$)/.test(after) ? { key: value, rest: after.slice(1).trim() } : undefined;
  }
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    const after = text[at + 1];
    if (after !== undefined && after !== ' ' && after !== '\t') continue;
    const key = text.slice(0, at).trimEnd();
    if (key === '' || isFlowStart(key[0] ?? '') || withoutComment(key) !== key) return undefined;
    if (typeof plainScalar(key) !== 'string') throw new UnreadableYaml('a key is not a text');
    return { key, rest: text.slice(at + 1).trim() };
  }
  return undefined;
}

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ') || text.startsWith('-\t');
}

function requireDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new UnreadableYaml('is nested too deeply');
}

function requireEnd(after: string): void {
  if (withoutComment(after).trim() !== '') throw new UnreadableYaml('something stands behind a value');
}
