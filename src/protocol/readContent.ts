/** Readers for what tools, resources and prompts answer with. Nothing is dropped: what is not understood is kept as JSON. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { decodeBase64 } from './base64';
import { cutText } from './cutText';
import { prettyJson } from './prettyJson';
import { readRest, readResultMeta } from './readExtras';
import type {
  ContentBlock,
  GetPromptResult,
  KnownBlock,
  PromptMessage,
  ReadResourceResult,
  ResourceContents,
  Text,
  ToolCallResult,
} from './content';

/** Decides whether a text travels or stays with the client. */
export type KeepText = (text: string) => Text;

/** More blocks than this are gathered into one JSON block: a list of small objects is expensive to hand over and to show. */
const MAX_BLOCKS = 1_000;
const MAX_MIME = 200;
const MAX_URI = 8_192;
const MAX_TEXT = 2_000;
/** What is read of a result, here or before it comes here. */
const TOOL_RESULT = ['content', 'structuredContent', 'isError', '_meta', 'resultType'];
const PROMPT_RESULT = ['description', 'messages', '_meta', 'resultType'];

/** `tools/call`. `isError` is true for anything truthy, so that a failure is never shown as success (T131). */
export function readToolCallResult(raw: JsonObject, keep: KeepText): ToolCallResult {
  const structured = own(raw, 'structuredContent');
  return {
    isError: Boolean(own(raw, 'isError')),
    content: readBlocks(own(raw, 'content'), keep),
    ...(structured === undefined ? {} : { structured: keep(prettyJson(structured)) }),
    ...metaOf(raw, keep),
    ...moreOf(raw, TOOL_RESULT, keep),
  };
}

/** `resources/read`. Contents that cannot be read are kept as JSON beside those that can; alone they make no result. */
export function readReadResourceResult(raw: JsonObject, keep: KeepText): Result<ReadResourceResult, string> {
  const given = own(raw, 'contents');
  if (!Array.isArray(given)) return err('contents is not a list');
  const items: readonly JsonValue[] = given;
  const first = items.slice(0, MAX_BLOCKS);
  const read = first.map((item) => readWholeContents(item, keep));
  const good = read.find((each) => each.ok);
  const [problem] = read;
  if (!good && problem && !problem.ok) return problem;
  const contents = read.map((each, index): ResourceContents =>
    each.ok ? each.value : malformedContents(first[index] ?? null, each.error, good?.value.uri ?? '', keep),
  );
  const last = contents.at(-1);
  if (items.length > MAX_BLOCKS && last) {
    const text = keep(prettyJson(items.slice(MAX_BLOCKS)));
    contents.push({ uri: last.uri, mimeType: 'application/json', body: { kind: 'text', text } });
  }
  return ok({ contents, ...metaOf(raw, keep) });
}

/** `prompts/get`. Roles outside the schema are an error: a prompt must not forge a system message (T155). */
export function readGetPromptResult(raw: JsonObject, keep: KeepText): Result<GetPromptResult, string> {
  const given = own(raw, 'messages');
  if (!Array.isArray(given)) return err('messages is not a list');
  const items: readonly JsonValue[] = given;
  const messages: PromptMessage[] = [];
  for (const item of items.slice(0, MAX_BLOCKS)) {
    const role = isObject(item) ? own(item, 'role') : undefined;
    if (!isObject(item) || (role !== 'user' && role !== 'assistant'))
      return err('a message has no role of user or assistant');
    messages.push({ role, content: readBlock(own(item, 'content') ?? null, keep) });
  }
  if (items.length > MAX_BLOCKS)
    messages.push({ role: 'user', content: restBlock(items.slice(MAX_BLOCKS), 'messages', keep) });
  const description = ownString(raw, 'description');
  return ok({
    ...(description === undefined ? {} : { description: cutText(description, MAX_TEXT) }),
    messages,
    ...metaOf(raw, keep),
    ...moreOf(raw, PROMPT_RESULT, keep),
  });
}

function metaOf(raw: JsonObject, keep: KeepText): { readonly meta?: Text } {
  const meta = readResultMeta(raw);
  return meta === undefined ? {} : { meta: keep(prettyJson(meta)) };
}

function moreOf(raw: JsonObject, names: readonly string[], keep: KeepText): { readonly more?: Text } {
  const more = readRest(raw, names);
  return more === undefined ? {} : { more: keep(prettyJson(more)) };
}

function readBlocks(raw: JsonValue | undefined, keep: KeepText): readonly ContentBlock[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) return [unknownBlock(raw, 'content is not a list', keep)];
  const items: readonly JsonValue[] = raw;
  const blocks = items.slice(0, MAX_BLOCKS).map((item) => readBlock(item, keep));
  if (items.length > MAX_BLOCKS) blocks.push(restBlock(items.slice(MAX_BLOCKS), 'blocks', keep));
  return blocks;
}

/** One content block (TOOL12). */
export function readBlock(raw: JsonValue, keep: KeepText): ContentBlock {
  if (!isObject(raw)) return unknownBlock(raw, 'not an object', keep);
  const read = readKnownBlock(raw, keep);
  if (!read.ok) return unknownBlock(raw, read.error, keep);
  const more = restOf(raw, read.value.type);
  return more === undefined ? read.value : { ...read.value, more: keep(prettyJson(more)) };
}

function readKnownBlock(raw: JsonObject, keep: KeepText): Result<KnownBlock, string> {
  const type = own(raw, 'type');
  switch (type) {
    case 'text': {
      const text = ownString(raw, 'text');
      return text === undefined ? err('text without text') : ok({ type, text: keep(text) });
    }
    case 'image':
    case 'audio': {
      const data = decodeBase64(ownString(raw, 'data') ?? '*');
      const mimeType = ownString(raw, 'mimeType');
      if (!data || mimeType === undefined) return err(`${type} without valid data and mimeType`);
      return ok({ type, mimeType: cutText(mimeType, MAX_MIME), data });
    }
    case 'resource_link': {
      const uri = ownString(raw, 'uri');
      if (uri === undefined || uri.length > MAX_URI) return err('link without a usable uri');
      const name = cutText(ownString(raw, 'name') ?? uri, MAX_TEXT);
      return ok({ type, uri, name, ...readLinkTexts(raw) });
    }
    case 'resource': {
      const contents = readResourceContents(own(raw, 'resource') ?? null, keep);
      return contents.ok ? ok({ type, contents: contents.value }) : contents;
    }
    default:
      return err('unknown type');
  }
}

/** What is read of each kind of block, and of the contents of a resource. */
const NAMES: Readonly<Record<KnownBlock['type'], readonly string[]>> = {
  text: ['type', 'text'],
  image: ['type', 'data', 'mimeType'],
  audio: ['type', 'data', 'mimeType'],
  resource_link: ['type', 'uri', 'name', 'title', 'description', 'mimeType'],
  resource: ['type', 'resource'],
};
const CONTENTS_NAMES = ['uri', 'mimeType', 'text', 'blob'];

/** What else a block holds, that of an embedded resource under its name. */
function restOf(raw: JsonObject, type: KnownBlock['type']): JsonValue | undefined {
  if (type !== 'resource') return readRest(raw, NAMES[type]);
  const contents = own(raw, 'resource');
  const inside = isObject(contents) ? readRest(contents, CONTENTS_NAMES) : undefined;
  return readRest({ ...raw, resource: inside ?? {} }, inside === undefined ? NAMES.resource : ['type']);
}

function readLinkTexts(raw: JsonObject): { title?: string; description?: string; mimeType?: string } {
  const title = ownString(raw, 'title');
  const description = ownString(raw, 'description');
  const mimeType = ownString(raw, 'mimeType');
  return {
    ...(title === undefined ? {} : { title: cutText(title, MAX_TEXT) }),
    ...(description === undefined ? {} : { description: cutText(description, MAX_TEXT) }),
    ...(mimeType === undefined ? {} : { mimeType: cutText(mimeType, MAX_MIME) }),
  };
}

function readResourceContents(raw: JsonValue, keep: KeepText): Result<ResourceContents, string> {
  if (!isObject(raw)) return err('a resource content is not an object');
  const uri = ownString(raw, 'uri');
  if (uri === undefined || uri.length > MAX_URI) return err('a resource content has no usable uri');
  const mimeType = ownString(raw, 'mimeType');
  const head = { uri, ...(mimeType === undefined ? {} : { mimeType: cutText(mimeType, MAX_MIME) }) };
  const text = ownString(raw, 'text');
  if (text !== undefined) return ok({ ...head, body: { kind: 'text', text: keep(text) } });
  const blob = ownString(raw, 'blob');
  const data = blob === undefined ? undefined : decodeBase64(blob);
  return data
    ? ok({ ...head, body: { kind: 'blob', data } })
    : err('a resource content has neither text nor a valid blob');
}

/** With what else is in it; that of an embedded one is told of with its block. */
function readWholeContents(raw: JsonValue, keep: KeepText): Result<ResourceContents, string> {
  const read = readResourceContents(raw, keep);
  const more = read.ok && isObject(raw) ? readRest(raw, CONTENTS_NAMES) : undefined;
  return read.ok && more !== undefined ? ok({ ...read.value, more: keep(prettyJson(more)) }) : read;
}

/** @param otherUri stands for an address that cannot be used */
function malformedContents(
  raw: JsonValue,
  malformed: string,
  otherUri: string,
  keep: KeepText,
): ResourceContents {
  const given = isObject(raw) ? ownString(raw, 'uri') : undefined;
  const uri = given === undefined || given.length > MAX_URI ? otherUri : given;
  const text = keep(prettyJson(raw));
  return { uri, mimeType: 'application/json', malformed, body: { kind: 'text', text } };
}

function unknownBlock(raw: JsonValue, reason: string, keep: KeepText): ContentBlock {
  return { type: 'unknown', reason, json: keep(prettyJson(raw)) };
}

function restBlock(rest: readonly JsonValue[], what: string, keep: KeepText): ContentBlock {
  return unknownBlock(rest, `${rest.length} more ${what}`, keep);
}
