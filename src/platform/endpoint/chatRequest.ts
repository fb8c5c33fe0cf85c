/** A server's sampling request as the body of an OpenAI-compatible `chat/completions`. Tables only; nothing is sent here. */

import { Buffer } from 'node:buffer';

import { isObject, parseJson, type JsonObject } from '../../base/json';
import { answerTokenLimit } from '../../policy/modelChoice';
import {
  type SamplingContent,
  type SamplingMessage,
  type SamplingPlain,
  type SamplingRequest,
  type SamplingTool,
  type SamplingToolUse,
} from '../../protocol/sampling';
import { audioFormat } from './chatLimits';

/** More are refused by OpenAI; the rest is held to when the answer is read. */
const MAX_STOPS = 4;
/** The body, with a stream wanted. In it is all that `whyNotSendable` lets pass, in order, and nothing else (T139). */
export function toChatRequest(request: SamplingRequest, model: string): JsonObject {
  const { systemPrompt, messages, temperature, stopSequences, tools } = request;
  const system =
    systemPrompt === undefined || systemPrompt === '' ? [] : [{ role: 'system', content: systemPrompt }];
  return {
    model,
    messages: [...system, ...messages.flatMap(toMessages)],
    max_tokens: answerTokenLimit(request),
    ...(temperature === undefined ? {} : { temperature }),
    ...(stopSequences.length === 0 ? {} : { stop: stopSequences.slice(0, MAX_STOPS) }),
    ...(tools === undefined ? {} : { tools: tools.list.map(toTool), tool_choice: tools.choice }),
    stream: true,
  };
}

/** One message, or one for each result of a tool. */
function toMessages({ role, content }: SamplingMessage): JsonObject[] {
  const results = content.flatMap((block): JsonObject[] =>
    block.type === 'tool_result'
      ? [{ role: 'tool', tool_call_id: block.toolUseId, content: resultText(block) }]
      : [],
  );
  if (results.length > 0) return results;
  const uses = content.flatMap((block) => (block.type === 'tool_use' ? [toToolCall(block)] : []));
  const parts = content.flatMap((block) => (isPlain(block) ? [block] : []));
  return [
    {
      role,
      content: parts.length === 0 ? null : toContent(parts),
      ...(uses.length === 0 ? {} : { tool_calls: uses }),
    },
  ];
}

function isPlain(block: SamplingContent): block is SamplingPlain {
  return block.type !== 'tool_use' && block.type !== 'tool_result';
}

/** Many local servers take a list of parts only where it is needed. */
function toContent(parts: readonly SamplingPlain[]): string | JsonObject[] {
  const [first] = parts;
  return parts.length === 1 && first?.type === 'text' ? first.text : parts.map(toPart);
}

function toPart(block: SamplingPlain): JsonObject {
  switch (block.type) {
    case 'text':
      return { type: 'text', text: block.text };
    case 'image': {
      const url = `data:${block.mimeType.toLowerCase()};base64,${base64(block.data)}`;
      return { type: 'image_url', image_url: { url } };
    }
    case 'audio':
      return {
        type: 'input_audio',
        input_audio: { data: base64(block.data), format: audioFormat(block.mimeType) },
      };
  }
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/** There is no field for a failure. */
function resultText({ content, isError }: Extract<SamplingContent, { type: 'tool_result' }>): string {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  return isError ? `The tool failed:\n${text}` : text;
}

function toToolCall({ id, name, input }: SamplingToolUse): JsonObject {
  return { id, type: 'function', function: { name, arguments: input } };
}

function toTool({ name, description, inputSchema }: SamplingTool): JsonObject {
  const schema = parseJson(inputSchema);
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: isObject(schema) ? schema : {},
    },
  };
}
