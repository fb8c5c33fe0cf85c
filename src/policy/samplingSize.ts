/** What a request for a model answer may cost, and what it holds beside text: what rules about requests look at. */

import { assertNever } from '../base/assertNever';
import type { SamplingContent, SamplingRequest } from '../protocol/sampling';
import { answerTokenLimit } from './modelChoice';
import type { GrantFacts } from './samplingGrants';

/** Most languages need fewer tokens than this many bytes of UTF-8 suggest. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_MESSAGE = 4;
/** Of an image or a sound; what it really takes depends on the model. */
const TOKENS_PER_FILE = 2_000;

/** An estimate, rather too high: what goes to the model, and the most that may come back. */
export function estimateTokens(request: SamplingRequest): number {
  const { systemPrompt = '', messages } = request;
  const contents = messages.flatMap(({ content }) => content);
  const sent = contents.reduce((sum, block) => sum + blockTokens(block), textTokens(systemPrompt));
  return sent + messages.length * TOKENS_PER_MESSAGE + answerTokenLimit(request);
}

function blockTokens(block: SamplingContent): number {
  return block.type === 'text' ? textTokens(block.text) : TOKENS_PER_FILE;
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** What a request holds beside text. What this function does not know of is `unknown`, so that no rule covers it. */
export function extrasOf(request: SamplingRequest): GrantFacts['extras'] {
  const { messages, includeContext } = request;
  const blocks = messages.flatMap(({ content }) => content);
  return [
    ...(blocks.some(isMedia) ? (['media'] as const) : []),
    ...(includeContext === undefined || includeContext === 'none' ? [] : (['context'] as const)),
    ...(Object.keys(request).every((field) => KNOWN_FIELDS.has(field)) ? [] : (['unknown'] as const)),
  ];
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set<keyof SamplingRequest>([
  'messages',
  'systemPrompt',
  'maxTokens',
  'temperature',
  'stopSequences',
  'preferences',
  'includeContext',
  'ignored',
]);

function isMedia(block: SamplingContent): boolean {
  switch (block.type) {
    case 'text':
      return false;
    case 'image':
    case 'audio':
      return true;
    default:
      return assertNever(block);
  }
}
