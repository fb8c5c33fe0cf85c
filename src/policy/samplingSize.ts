/** What a request for a model answer may cost, and what it holds beside text: what rules about requests look at. */

import { assertNever } from '../base/assertNever';
import { plainParts, usesTools, type SamplingPlain, type SamplingRequest } from '../protocol/sampling';
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
  const sent = plainParts(request).reduce((sum, part) => sum + partTokens(part), textTokens(systemPrompt));
  return sent + messages.length * TOKENS_PER_MESSAGE + answerTokenLimit(request);
}

function partTokens(part: SamplingPlain): number {
  return part.type === 'text' ? textTokens(part.text) : TOKENS_PER_FILE;
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** What a request holds beside text. What this function does not know of is `unknown`, so that no rule covers it. */
export function extrasOf(request: SamplingRequest): GrantFacts['extras'] {
  const { includeContext } = request;
  return [
    ...(plainParts(request).some(isMedia) ? (['media'] as const) : []),
    ...(includeContext === undefined || includeContext === 'none' ? [] : (['context'] as const)),
    // Tools among it: what a server makes of them is more than an answer.
    ...(usesTools(request) || Object.keys(request).some((field) => !KNOWN_FIELDS.has(field))
      ? (['unknown'] as const)
      : []),
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

function isMedia(part: SamplingPlain): boolean {
  switch (part.type) {
    case 'text':
      return false;
    case 'image':
    case 'audio':
      return true;
    default:
      return assertNever(part);
  }
}
