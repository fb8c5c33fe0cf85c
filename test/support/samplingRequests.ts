/** Requests for model answers, as hosts read them from servers. */

import type { SamplingContent, SamplingRequest } from '../../src/protocol/sampling';

/** A request with one message of the user, of 100 tokens at most. */
export function samplingRequest(
  content: readonly SamplingContent[],
  more: Partial<SamplingRequest> = {},
): SamplingRequest {
  return {
    messages: [{ role: 'user', content }],
    maxTokens: 100,
    stopSequences: [],
    preferences: { hints: [] },
    ignored: [],
    ...more,
  };
}
