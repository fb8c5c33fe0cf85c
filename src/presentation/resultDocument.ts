/** The result of a tool call, and the messages of a prompt, as one plain document: who answered what to which arguments. */

import type { JsonObject, JsonValue } from '../base/json';
import { isSameJson } from '../base/sameJson';
import type { ContentBlock, GetPromptResult, Text, ToolCallResult } from '../protocol/content';
import { hasHidden, safeLines, safeText } from '../policy/safeText';
import { writeBlock, writeFenced, writeJson, writeMore, writeText, type BlockContext } from './contentBlocks';
import { DocumentWriter, type WrittenDocument } from './documentWriter';
import { visibleJson } from './visibleJson';

const MAX_ARGUMENT_CHARS = 20_000;
/** Texts beyond this many characters are not searched for hidden characters, nor compared. */
const MAX_LOOK = 1_000_000;

/** What a document says of a call beside its answer. */
export interface CallHeader {
  /** The server's key. */
  readonly server: string;
  readonly name: string;
  readonly title?: string;
  /** When it was made, ready to show. */
  readonly when: string;
  /** How long it took, ready to show. */
  readonly took: string;
  readonly arguments: JsonObject;
}

/** The document of a tool call. `notes` are sentences of ours, safe to show. */
export function resultDocument(
  header: CallHeader,
  result: ToolCallResult,
  notes: readonly string[],
): WrittenDocument {
  const writer = new DocumentWriter();
  const beside = [result.structured, result.meta, result.more].filter((text) => text !== undefined);
  const hidden = result.content.some(blockLooksHidden) || beside.some(looksHidden);
  writeHeader(writer, 'Tool', header, [
    ...notes,
    ...(hidden ? ['The result holds characters that cannot be seen.'] : []),
    ...(result.content.some((block) => block.type === 'text' && looksDamaged(block.text)) ? [DAMAGED] : []),
  ]);
  writer.line(result.isError ? '## The tool reported an error' : '## Result').line('');
  const context = { server: header.server, source: header.name };
  writeResult(writer, result, context);
  writeBeside(writer, result, context);
  return writer.finish();
}

/** The document of a prompt. */
export function promptDocument(header: CallHeader, result: GetPromptResult): WrittenDocument {
  const writer = new DocumentWriter();
  const hidden =
    result.messages.some(({ content }) => blockLooksHidden(content)) ||
    [result.meta, result.more].some((text) => text !== undefined && looksHidden(text));
  writeHeader(writer, 'Prompt', header, hidden ? ['The messages hold characters that cannot be seen.'] : []);
  if (result.description !== undefined && result.description !== '') {
    for (const line of safeLines(result.description, { maxLines: 20, maxColumns: 160 })) writer.line(line);
    writer.line('');
  }
  if (result.messages.length === 0) writer.line('The prompt has no messages.');
  const context = { server: header.server, source: header.name };
  result.messages.forEach(({ role, content }, index) => {
    if (index > 0) writer.line('');
    writer.line(role === 'user' ? '## User' : '## Assistant').line('');
    writeBlock(writer, content, context, 0);
  });
  writeBeside(writer, result, context);
  return writer.finish();
}

/** Writes what a result holds beside its content. */
function writeBeside(
  writer: DocumentWriter,
  { more, meta }: ToolCallResult | GetPromptResult,
  context: BlockContext,
): void {
  const parts = [
    ['### Unknown members', more],
    ['### Metadata', meta],
  ] as const;
  for (const [heading, json] of parts) {
    if (json === undefined) continue;
    writer.line('').line(heading).line('');
    writeJson(writer, json, context);
  }
}

function writeHeader(
  writer: DocumentWriter,
  kind: 'Tool' | 'Prompt',
  header: CallHeader,
  notes: readonly string[],
): void {
  const { title, name, server, when, took } = header;
  writer.line(`# ${safeText(title ?? name, 120)}`).line('');
  writer.line(`- ${kind}: ${safeText(name, 200)}`);
  writer.line(`- Server: ${safeText(server, 120)}`);
  writer.line(`- Called: ${when}, took ${took}`);
  for (const note of notes) writer.line(`- Note: ${note}`);
  writer.line('');
  if (Object.keys(header.arguments).length === 0) return;
  const json = visibleJson(header.arguments);
  writer.line('## Arguments').line('');
  writeFenced(
    writer,
    json.length <= MAX_ARGUMENT_CHARS ? json : `${json.slice(0, MAX_ARGUMENT_CHARS)}\n…`,
    'json',
  );
  writer.line('');
}

function writeResult(
  writer: DocumentWriter,
  { content, structured, more }: ToolCallResult,
  context: BlockContext,
): void {
  if (content.length === 0 && structured === undefined) {
    writer.line(more === undefined ? 'The tool returned nothing.' : 'The tool returned no content.');
    return;
  }
  const [only] = content;
  const isRepeated =
    content.length === 1 &&
    only?.type === 'text' &&
    structured !== undefined &&
    repeats(only.text, structured);
  if (isRepeated) {
    writeJson(writer, structured, context);
    writeMore(writer, only, context);
    return;
  }
  if (content.length === 1 && only?.type === 'text' && structured === undefined) {
    if (only.text.kind === 'inline' && only.text.text.trim() === '')
      writer.line('The tool returned an empty text.');
    else writeText(writer, only.text, context);
    writeMore(writer, only, context);
    return;
  }
  content.forEach((block, index) => {
    if (index > 0) writer.line('');
    // One heading over a row of links reads better than one over each.
    const follows = block.type === 'resource_link' && content[index - 1]?.type === 'resource_link';
    writeBlock(writer, block, context, follows ? 0 : 3);
  });
  if (structured === undefined) return;
  if (content.length > 0) writer.line('');
  writer.line('### Structured content').line('');
  writeJson(writer, structured, context);
}

function repeats(text: Text, structured: Text): boolean {
  if (text.kind === 'held' || structured.kind === 'held') return false;
  if (text.text.length > MAX_LOOK || structured.text.length > MAX_LOOK) return false;
  try {
    return isSameJson(JSON.parse(text.text) as JsonValue, JSON.parse(structured.text) as JsonValue);
  } catch {
    // The text is not JSON.
    return false;
  }
}

/** What stands for bytes that are no UTF-8 (T047). */
const REPLACEMENT = '\ufffd';
const DAMAGED = `The result holds “${REPLACEMENT}”, as bytes that are no UTF-8 are shown.`;

function looksDamaged(text: Text): boolean {
  return beginningOf(text).includes(REPLACEMENT);
}

function blockLooksHidden(block: ContentBlock): boolean {
  const more = block.type === 'unknown' ? block.json : block.more;
  return (block.type === 'text' && looksHidden(block.text)) || (more !== undefined && looksHidden(more));
}

function looksHidden(text: Text): boolean {
  return hasHidden(beginningOf(text));
}

function beginningOf(text: Text): string {
  return (text.kind === 'inline' ? text.text : text.head).slice(0, MAX_LOOK);
}
