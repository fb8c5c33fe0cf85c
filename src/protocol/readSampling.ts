/** Reader and writer of sampling on the wire, one form for both eras. */

import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { decodeBase64 } from './base64';
import { cutText } from './cutText';
import type {
  ModelPreferences,
  SamplingAnswer,
  SamplingContent,
  SamplingMessage,
  SamplingPlain,
  SamplingRequest,
  SamplingToolUse,
} from './sampling';
import {
  readSamplingTools,
  readToolResult,
  readToolUse,
  toolOrderProblem,
  toolsLength,
} from './samplingTools';

const MAX_MESSAGES = 500;
/** Blocks of one message and in all, and characters of text in all: more cannot be reviewed, and would stall whoever receives it. */
const MAX_BLOCKS = 100;
const MAX_ALL_BLOCKS = 1_000;
const MAX_TEXT = 2_097_152;
const MAX_HINTS = 20;
/** Stop sequences of one request, and characters of each. */
export const STOP_LIMITS = { count: 64, length: 1_000 } as const;

/** Reads one block of a message. */
type BlockReader = (raw: JsonValue) => Result<SamplingContent, string>;

/** How a request is read. */
interface Reading {
  /** Whether `sampling.tools` was declared to the server that asks. */
  readonly tools: boolean;
  /** What a block of a message is; a wire form unless something else is given. */
  readonly readBlock?: BlockReader;
}

/**
 * Reads `sampling/createMessage` params.
 * @returns the request, or why it is invalid (our own text, fit for the wire).
 */
export function readSamplingRequest(
  raw: JsonObject,
  { tools: takesTools, readBlock = takesTools ? readContent : readPlain }: Reading = { tools: false },
): Result<SamplingRequest, string> {
  // Where `sampling.tools` is not declared, a request that brings tools is an error (SAMP3).
  if (!takesTools && (own(raw, 'tools') !== undefined || own(raw, 'toolChoice') !== undefined))
    return err('tools were not declared by this client');
  const tools = readSamplingTools(raw);
  if (!tools.ok) return tools;
  const maxTokens = own(raw, 'maxTokens');
  if (typeof maxTokens !== 'number' || !Number.isFinite(maxTokens) || maxTokens < 1)
    return err('maxTokens must be a positive number');
  const read = readMessages(own(raw, 'messages'), readBlock);
  if (!read.ok) return read;
  const messages = read.value;
  const systemPrompt = ownString(raw, 'systemPrompt');
  if (textLength(messages) + toolsLength(tools.value) + (systemPrompt?.length ?? 0) > MAX_TEXT)
    return err(`at most ${MAX_TEXT} characters of text are taken`);
  const includeContext = ownString(raw, 'includeContext');
  return ok({
    messages,
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    maxTokens: Math.floor(maxTokens),
    ...readTemperature(own(raw, 'temperature')),
    stopSequences: readStops(own(raw, 'stopSequences')),
    preferences: readPreferences(own(raw, 'modelPreferences')),
    ...(includeContext === undefined ? {} : { includeContext: cutText(includeContext, 64) }),
    ...(tools.value === undefined ? {} : { tools: tools.value }),
    ignored: own(raw, 'metadata') === undefined ? [] : ['metadata'],
  });
}

/**
 * The result of `sampling/createMessage`. A single block where there is only one: servers before 2025-11-25 know no lists (SAMP10), and bring
 * no tools.
 */
export function writeSamplingAnswer(answer: SamplingAnswer): JsonObject {
  const { toolUses = [], text } = answer;
  const said: JsonObject = { type: 'text', text };
  const uses = toolUses.map(writeToolUse);
  return {
    role: answer.role,
    content: uses.length === 0 ? said : text === '' ? uses : [said, ...uses],
    model: answer.model,
    ...(answer.stopReason === undefined ? {} : { stopReason: answer.stopReason }),
  };
}

function writeToolUse({ id, name, input }: SamplingToolUse): JsonObject {
  const value = parseJson(input);
  return { type: 'tool_use', id, name, input: isObject(value) ? value : {} };
}

function readMessages(
  given: JsonValue | undefined,
  readBlock: BlockReader,
): Result<readonly SamplingMessage[], string> {
  if (!Array.isArray(given) || given.length === 0) return err('messages must be a list that is not empty');
  if (given.length > MAX_MESSAGES) return err(`at most ${MAX_MESSAGES} messages are taken`);
  const messages: SamplingMessage[] = [];
  let blocks = 0;
  for (const item of given as readonly JsonValue[]) {
    const message = readMessage(item, readBlock);
    if (!message.ok) return message;
    blocks += message.value.content.length;
    if (blocks > MAX_ALL_BLOCKS) return err(`at most ${MAX_ALL_BLOCKS} content blocks are taken`);
    messages.push(message.value);
  }
  const disorder = toolOrderProblem(messages);
  return disorder === undefined ? ok(messages) : err(disorder);
}

function readMessage(raw: JsonValue, readBlock: BlockReader): Result<SamplingMessage, string> {
  const role = isObject(raw) ? own(raw, 'role') : undefined;
  if (!isObject(raw) || (role !== 'user' && role !== 'assistant'))
    return err('a message has no role of user or assistant');
  const given = own(raw, 'content');
  // One block, or a list of them from 2025-11-25 on (SAMP7).
  const blocks: readonly JsonValue[] = Array.isArray(given) ? given : [given ?? null];
  if (blocks.length > MAX_BLOCKS) return err(`at most ${MAX_BLOCKS} content blocks a message are taken`);
  const content: SamplingContent[] = [];
  for (const block of blocks) {
    const read = readBlock(block);
    if (!read.ok) return read;
    content.push(read.value);
  }
  return content.length === 0 ? err('a message has no content') : ok({ role, content });
}

function textLength(messages: readonly SamplingMessage[]): number {
  let length = 0;
  for (const { content } of messages) for (const block of content) length += blockLength(block);
  return length;
}

function blockLength(block: SamplingContent): number {
  switch (block.type) {
    case 'text':
      return block.text.length;
    case 'tool_use':
      return block.input.length;
    case 'tool_result':
      return block.content.reduce((sum, part) => sum + blockLength(part), 0);
    case 'image':
    case 'audio':
      return 0;
  }
}

function readContent(raw: JsonValue): Result<SamplingContent, string> {
  const type = isObject(raw) ? own(raw, 'type') : undefined;
  if (isObject(raw) && type === 'tool_use') return readToolUse(raw);
  if (isObject(raw) && type === 'tool_result') return readToolResult(raw, readPlain);
  return readPlain(raw);
}

function readPlain(raw: JsonValue): Result<SamplingPlain, string> {
  const type = isObject(raw) ? own(raw, 'type') : undefined;
  if (!isObject(raw)) return err('a content block is not an object');
  if (type === 'text') {
    const text = ownString(raw, 'text');
    return text === undefined ? err('a text block has no text') : ok({ type, text });
  }
  if (type === 'image' || type === 'audio') {
    const data = decodeBase64(ownString(raw, 'data') ?? '*');
    const mimeType = ownString(raw, 'mimeType');
    return data && mimeType !== undefined
      ? ok({ type, data, mimeType: cutText(mimeType, 200) })
      : err(`an ${type} block has no valid data and mimeType`);
  }
  return err('a content block is of a type this client does not take');
}

function readPreferences(raw: JsonValue | undefined): ModelPreferences {
  if (!isObject(raw)) return { hints: [] };
  const hints = own(raw, 'hints');
  const names = Array.isArray(hints)
    ? (hints as readonly JsonValue[])
        .slice(0, MAX_HINTS)
        .map((hint) => (isObject(hint) ? ownString(hint, 'name') : undefined))
        .filter((name): name is string => name !== undefined && name !== '')
        .map((name) => cutText(name, 200))
    : [];
  return {
    hints: names,
    ...readPriority(raw, 'costPriority'),
    ...readPriority(raw, 'speedPriority'),
    ...readPriority(raw, 'intelligencePriority'),
  };
}

function readPriority<K extends 'costPriority' | 'speedPriority' | 'intelligencePriority'>(
  raw: JsonObject,
  key: K,
): { [P in K]?: number } {
  const value = own(raw, key);
  if (typeof value !== 'number' || !(value >= 0 && value <= 1)) return {};
  const found: { [P in K]?: number } = {};
  found[key] = value;
  return found;
}

/** JSON can spell numbers that are none any more once they are read. */
function readTemperature(raw: JsonValue | undefined): { temperature?: number } {
  return typeof raw === 'number' && Number.isFinite(raw) ? { temperature: raw } : {};
}

function readStops(raw: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(raw)) return [];
  return (raw as readonly JsonValue[])
    .filter((stop): stop is string => typeof stop === 'string' && stop !== '')
    .slice(0, STOP_LIMITS.count)
    .map((stop) => cutText(stop, STOP_LIMITS.length));
}
