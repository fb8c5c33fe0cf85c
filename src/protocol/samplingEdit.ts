/**
 * A server's request for a model answer as a person edited it, or as something claims that they did: whether it may be sent. It knows what a
 * request may hold, and nothing of who sends or shows it.
 */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { readSamplingRequest, STOP_LIMITS } from './readSampling';
import type { SamplingContent, SamplingRequest } from './sampling';

/** What is wrong with an edited request, in our own words; without a field when it is about the whole. */
interface EditProblem {
  readonly field?: 'maxTokens' | 'temperature' | 'stopSequences';
  readonly message: string;
}

type Media = Exclude<SamplingContent, { type: 'text' }>;

/**
 * Looks at an edited request. It can hold nothing that a server could not have sent, nor more tokens than the server takes; pictures, sounds,
 * uses and results of tools are those of the original. Nothing is dropped or corrected silently.
 * @returns what may be sent: what cannot be edited is as it is in `original`.
 */
export function recheckEdit(
  original: SamplingRequest,
  edited: SamplingRequest,
): Result<SamplingRequest, EditProblem> {
  const problem = fieldProblem(original, edited);
  if (problem) return err(problem);
  const media = original.messages.flatMap(({ content }) =>
    content.filter((block): block is Media => block.type !== 'text'),
  );
  const { systemPrompt = '', messages, maxTokens, temperature, stopSequences } = edited;
  const raw: JsonObject = {
    messages: messages.map(({ role, content }) => ({
      role,
      content: content.map((block) => rawOf(block, media)),
    })),
    maxTokens,
    stopSequences,
    ...(temperature === undefined ? {} : { temperature }),
    ...(systemPrompt === '' ? {} : { systemPrompt }),
  };
  const read = readSamplingRequest(raw, { tools: true, readBlock: (block) => blockOf(block, media) });
  if (!read.ok) return err({ message: read.error });
  const { preferences, includeContext, tools, ignored } = original;
  return ok({
    ...read.value,
    preferences,
    ...(includeContext === undefined ? {} : { includeContext }),
    ...(tools === undefined ? {} : { tools }),
    ignored,
  });
}

function fieldProblem(
  { maxTokens: most }: SamplingRequest,
  { maxTokens, temperature, stopSequences }: SamplingRequest,
): EditProblem | undefined {
  if (!Number.isInteger(maxTokens) || maxTokens < 1)
    return { field: 'maxTokens', message: 'The limit must be a whole number of tokens, at least 1.' };
  // More would break what the server relies on (SAMP4).
  if (maxTokens > most) return { field: 'maxTokens', message: `The server takes at most ${most} tokens.` };
  if (temperature !== undefined && !(temperature >= 0))
    return { field: 'temperature', message: 'The temperature must be a number that is not negative.' };
  const { count, length } = STOP_LIMITS;
  if (stopSequences.length > count)
    return { field: 'stopSequences', message: `At most ${count} stop sequences are taken.` };
  if (stopSequences.some((stop) => stop === '' || stop.length > length))
    return {
      field: 'stopSequences',
      message: `A stop sequence must be a text of 1 to ${length} characters.`,
    };
  return undefined;
}

/** A block as the reader takes it; what is no text refers to the original, by its number from 1. */
function rawOf(block: SamplingContent, media: readonly Media[]): JsonObject {
  if (block.type === 'text') return { type: 'text', text: block.text };
  return { type: 'reference', number: media.findIndex((known) => isSame(known, block)) + 1 };
}

/** True for what an edit cannot have made: the very data, or the very block. */
function isSame(known: Media, block: Media): boolean {
  if (known.type !== block.type) return false;
  if ('data' in known && 'data' in block)
    return known.mimeType === block.mimeType && known.data === block.data;
  return known === block;
}

function blockOf(raw: JsonValue, media: readonly Media[]): Result<SamplingContent, string> {
  const text = isObject(raw) ? own(raw, 'text') : undefined;
  if (typeof text === 'string') return ok({ type: 'text', text });
  const number = isObject(raw) ? own(raw, 'number') : undefined;
  const block = typeof number === 'number' ? media[number - 1] : undefined;
  return block ? ok(block) : err('a part of a message is not of the request');
}
