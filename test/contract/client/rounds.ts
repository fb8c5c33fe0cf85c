/** A server of the stateless era that asks for input before it answers a call. */

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { modernAnswers, textResult } from '../../support/clientHarness';

/** A server that answers a tool call with these in turn, and then with a result. */
export function rounds(...results: readonly JsonObject[]): ReturnType<typeof modernAnswers> {
  let round = 0;
  const answer = (): JsonValue =>
    results[round++] ?? { resultType: 'complete', ...(textResult('done') as JsonObject) };
  return modernAnswers(
    { 'tools/call': answer, 'resources/read': answer, 'prompts/get': answer },
    { capabilities: { tools: {}, resources: {}, prompts: {} } },
  );
}

/** An answer that asks for these inputs. */
export function ask(inputRequests?: JsonObject, requestState?: string): JsonObject {
  return {
    resultType: 'input_required',
    ...(inputRequests === undefined ? {} : { inputRequests }),
    ...(requestState === undefined ? {} : { requestState }),
  };
}
