/** What a request for a model answer may cost, and what it holds beside text: what rules about requests look at. */

import { assertNever } from '../base/assertNever';
import { plainParts, usesTools, type SamplingPlain, type SamplingRequest } from '../protocol/sampling';
import { answerTokenLimit } from './modelChoice';
import type { GrantFacts } from './samplingGrants';
import { estimateTokens } from './tokenEstimate';

const TOKENS_PER_MESSAGE = 4;
/** Of an image or a sound; what it really takes depends on the model. */
const TOKENS_PER_FILE = 2_000;

/** Tokens of what goes to the model, by estimate, rather too many. */
export function estimateSent(request: Pick<SamplingRequest, 'systemPrompt' | 'messages'>): number {
  const { systemPrompt = '', messages } = request;
  const sent = plainParts(request).reduce(
    (sum, part) => sum + partTokens(part),
    estimateTokens(systemPrompt),
  );
  return sent + messages.length * TOKENS_PER_MESSAGE;
}

/** The same with the most that may come back. */
export function estimateMost(request: SamplingRequest): number {
  return estimateSent(request) + answerTokenLimit(request);
}

function partTokens(part: SamplingPlain): number {
  return part.type === 'text' ? estimateTokens(part.text) : TOKENS_PER_FILE;
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
