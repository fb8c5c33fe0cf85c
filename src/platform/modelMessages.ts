/** A server's sampling request as plain messages of the editor's model interface. Knows the interface's limits, not its classes. */

import { Buffer } from 'node:buffer';

import { plainParts, usesTools, type SamplingContent, type SamplingRequest } from '../protocol/sampling';
import { answerTokenLimit } from '../policy/modelChoice';

/** One part of a message. */
export type PlainPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly mimeType: string; readonly data: Uint8Array };

/** One message. */
export interface PlainMessage {
  readonly role: 'user' | 'assistant';
  readonly parts: readonly PlainPart[];
}

/** What this editor's model interface can carry beside text. */
interface CarrierAbilities {
  readonly images: boolean;
}

/** Image types that models commonly take. */
const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

/** Why this request cannot be put to any model of this editor, in a sentence for the person; undefined when it can. */
export function whyNotSendable(request: SamplingRequest, abilities: CarrierAbilities): string | undefined {
  const blocks = plainParts(request);
  if (usesTools(request)) return 'The request holds tools, which only a model endpoint of your own can take.';
  if (blocks.some(({ type }) => type === 'audio'))
    return 'The request holds audio, which no model of this editor can take.';
  const images = blocks.filter((block) => block.type === 'image');
  if (images.length > 0 && !abilities.images)
    return 'The request holds images, which this version of the editor cannot pass to a model.';
  if (images.some(({ mimeType }) => !IMAGE_TYPES.has(mimeType.toLowerCase())))
    return 'The request holds an image of a type that models do not take.';
  return undefined;
}

/**
 * The messages in order, nothing added and nothing left out (T139). There is no system role: a system prompt becomes the first
 * message, between marks that say what it is.
 */
export function toPlainMessages(request: SamplingRequest): readonly PlainMessage[] {
  const messages = request.messages.map(({ role, content }) => ({ role, parts: content.flatMap(toPart) }));
  const { systemPrompt } = request;
  if (systemPrompt === undefined || systemPrompt === '') return messages;
  return [{ role: 'user', parts: [{ kind: 'text', text: markSystemPrompt(systemPrompt) }] }, ...messages];
}

function markSystemPrompt(text: string): string {
  return `System prompt (instructions for the whole conversation):\n\n${text}\n\n(End of the system prompt. The conversation follows.)`;
}

function toPart(block: SamplingContent): PlainPart[] {
  switch (block.type) {
    case 'text':
      return [{ kind: 'text', text: block.text }];
    case 'image':
      return [{ kind: 'image', mimeType: block.mimeType.toLowerCase(), data: Buffer.from(block.data) }];
    case 'audio':
    case 'tool_use':
    case 'tool_result':
      return [];
  }
}

/** Options under the names that most model providers read. Providers are free to ignore them, so the answer is checked as well. */
export function toModelOptions(request: SamplingRequest): Readonly<Record<string, unknown>> {
  return {
    max_tokens: answerTokenLimit(request),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.stopSequences.length === 0 ? {} : { stop: request.stopSequences }),
  };
}
