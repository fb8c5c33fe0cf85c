/** Reads what a sampling request holds of tools (2025-11-25), and checks that uses and results of them fit together (SAMP8, SAMP9). */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { cutText } from './cutText';
import type {
  SamplingMessage,
  SamplingPlain,
  SamplingTool,
  SamplingToolResult,
  SamplingTools,
  SamplingToolUse,
} from './sampling';

/** Tools of one request, and characters of a name or an id. */
const MAX_TOOLS = 128;
const MAX_NAME = 256;
const MAX_DESCRIPTION = 20_000;
/** Parts of one result. */
const MAX_PARTS = 100;

const CHOICES = ['auto', 'required', 'none'] as const;

/**
 * `tools` and `toolChoice`.
 * @returns undefined when there is no tool; or why they are invalid, fit for the wire.
 */
export function readSamplingTools(raw: JsonObject): Result<SamplingTools | undefined, string> {
  const given = own(raw, 'tools') ?? [];
  if (!Array.isArray(given)) return err('tools must be a list');
  if (given.length > MAX_TOOLS) return err(`at most ${MAX_TOOLS} tools are taken`);
  const choice = readChoice(own(raw, 'toolChoice'));
  if (choice === undefined) return err('toolChoice must have a mode of auto, required or none');
  const list: SamplingTool[] = [];
  for (const item of given as readonly JsonValue[]) {
    const tool = readTool(item);
    if (tool === undefined) return err('a tool has no name, or no schema of its input');
    if (list.some(({ name }) => name === tool.name)) return err('two tools have the same name');
    list.push(tool);
  }
  if (list.length > 0) return ok({ list, choice });
  return choice === 'required' ? err('toolChoice requires a tool, but there is none') : ok(undefined);
}

function readChoice(raw: JsonValue | undefined): SamplingTools['choice'] | undefined {
  if (raw === undefined) return 'auto';
  const mode = isObject(raw) ? (own(raw, 'mode') ?? 'auto') : undefined;
  return CHOICES.find((choice) => choice === mode);
}

function readTool(raw: JsonValue): SamplingTool | undefined {
  const name = nameOf(raw, 'name');
  const schema = isObject(raw) ? own(raw, 'inputSchema') : undefined;
  if (!isObject(raw) || name === undefined || !isObject(schema)) return undefined;
  const description = ownString(raw, 'description');
  return {
    name,
    ...(description === undefined ? {} : { description: cutText(description, MAX_DESCRIPTION) }),
    inputSchema: JSON.stringify(schema),
  };
}

/** Longer names and ids are refused, not cut: they must stay what they are. */
function nameOf(raw: JsonValue, key: string): string | undefined {
  const name = isObject(raw) ? ownString(raw, key) : undefined;
  return name === undefined || name === '' || name.length > MAX_NAME ? undefined : name;
}

/** A `tool_use` block. */
export function readToolUse(raw: JsonObject): Result<SamplingToolUse, string> {
  const id = nameOf(raw, 'id');
  const name = nameOf(raw, 'name');
  const input = own(raw, 'input');
  if (id === undefined || name === undefined || !isObject(input))
    return err('a tool_use block has no valid id, name and input');
  return ok({ type: 'tool_use', id, name, input: JSON.stringify(input) });
}

/**
 * A `tool_result` block. Its structured content counts only where there is no other: it says the same for programs.
 * @param readPlain reads a text, an image or a sound
 */
export function readToolResult(
  raw: JsonObject,
  readPlain: (raw: JsonValue) => Result<SamplingPlain, string>,
): Result<SamplingToolResult, string> {
  const toolUseId = nameOf(raw, 'toolUseId');
  const given = own(raw, 'content') ?? [];
  if (toolUseId === undefined || !Array.isArray(given) || given.length > MAX_PARTS)
    return err('a tool_result block has no valid toolUseId and content');
  const content: SamplingPlain[] = [];
  for (const part of given as readonly JsonValue[]) {
    const type = isObject(part) ? own(part, 'type') : undefined;
    const isLink = type === 'resource_link' || type === 'resource';
    const read = isLink ? ok({ type: 'text' as const, text: JSON.stringify(part) }) : readPlain(part);
    if (!read.ok) return read;
    content.push(read.value);
  }
  const structured = own(raw, 'structuredContent');
  if (content.length === 0 && structured !== undefined)
    content.push({ type: 'text', text: JSON.stringify(structured) });
  return ok({ type: 'tool_result', toolUseId, content, isError: own(raw, 'isError') === true });
}

/**
 * Why uses and results do not fit together, fit for the wire; undefined when they do. Results stand alone in the message of the user that
 * comes right after the uses, one for each.
 */
export function toolOrderProblem(messages: readonly SamplingMessage[]): string | undefined {
  let open: ReadonlySet<string> = new Set();
  for (const { role, content } of messages) {
    const used = content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const answered = content.flatMap((block) => (block.type === 'tool_result' ? [block.toolUseId] : []));
    if (used.length > 0 && role === 'user') return 'a message of the user holds a tool_use block';
    if (answered.length > 0 && role === 'assistant')
      return 'a message of the assistant holds a tool_result block';
    if (answered.length > 0 && answered.length < content.length)
      return 'a message with tool_result blocks holds other blocks as well';
    if (new Set(used).size < used.length) return 'two tool_use blocks have the same id';
    const isMatched = answered.length === open.size && new Set(answered).size === answered.length;
    if (!isMatched || answered.some((id) => !open.has(id)))
      return 'each tool_use block must be answered by one tool_result block in the next message';
    open = new Set(used);
  }
  return open.size > 0 ? 'a tool_use block is not answered by a tool_result block' : undefined;
}

/** Characters that the tools of a request have in all. */
export function toolsLength(tools: SamplingTools | undefined): number {
  return (tools?.list ?? []).reduce(
    (sum, { name, description = '', inputSchema }) =>
      sum + name.length + description.length + inputSchema.length,
    0,
  );
}
