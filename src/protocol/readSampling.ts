/** Reader and writer of sampling on the wire, one form for both eras. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { decodeBase64 } from './base64';
import { cutText } from './cutText';
import type {
  ModelPreferences,
  SamplingAnswer,
  SamplingContent,
  SamplingMessage,
  SamplingRequest,
} from './sampling';

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

/**
 * Reads `sampling/createMessage` params.
 * @param readBlock what a block of a message is; a wire form unless something else is given
 * @returns the request, or why it is invalid (our own text, fit for the wire).
 */
export function readSamplingRequest(
  raw: JsonObject,
  readBlock: BlockReader = readContent,
): Result<SamplingRequest, string> {
  const given = own(raw, 'messages');
  if (!Array.isArray(given) || given.length === 0) return err('messages must be a list that is not empty');
  if (given.length > MAX_MESSAGES) return err(`at most ${MAX_MESSAGES} messages are taken`);
  // `sampling.tools` is not declared, so a request that brings tools is an error (SAMP3).
  if (own(raw, 'tools') !== undefined || own(raw, 'toolChoice') !== undefined)
    return err('tools were not declared by this client');
  const maxTokens = own(raw, 'maxTokens');
  if (typeof maxTokens !== 'number' || !Number.isFinite(maxTokens) || maxTokens < 1)
    return err('maxTokens must be a positive number');
  const messages: SamplingMessage[] = [];
  let blocks = 0;
  for (const item of given as readonly JsonValue[]) {
    const message = readMessage(item, readBlock);
    if (!message.ok) return message;
    blocks += message.value.content.length;
    if (blocks > MAX_ALL_BLOCKS) return err(`at most ${MAX_ALL_BLOCKS} content blocks are taken`);
    messages.push(message.value);
  }
  const systemPrompt = ownString(raw, 'systemPrompt');
  if (textLength(messages) + (systemPrompt?.length ?? 0) > MAX_TEXT)
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
    ignored: own(raw, 'metadata') === undefined ? [] : ['metadata'],
  });
}

/** The result of `sampling/createMessage`. A single block: servers before 2025-11-25 know no lists (SAMP10). */
export function writeSamplingAnswer(answer: SamplingAnswer): JsonObject {
  return {
    role: answer.role,
    content: { type: 'text', text: answer.text },
    model: answer.model,
    ...(answer.stopReason === undefined ? {} : { stopReason: answer.stopReason }),
  };
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
  for (const { content } of messages)
    for (const block of content) if (block.type === 'text') length += block.text.length;
  return length;
}

function readContent(raw: JsonValue): Result<SamplingContent, string> {
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
