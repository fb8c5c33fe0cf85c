/** What a person may answer in a model's place, so that it is an answer to the very request. */

import { isObject, parseJson } from '../base/json';
import type { SamplingAnswer, SamplingRequest, SamplingToolUse } from './sampling';

/** An answer by hand. Without a reason it ended by itself. */
export interface HandAnswer {
  readonly text: string;
  readonly stopReason?: NonNullable<SamplingAnswer['stopReason']>;
  /** Only with the reason `toolUse`, which is none without them. */
  readonly toolUses?: readonly SamplingToolUse[];
}

/** True for what a model could have answered to this request. */
export function isHandAnswer(request: SamplingRequest, { stopReason, toolUses }: HandAnswer): boolean {
  if (!stopReasons(request).includes(stopReason ?? 'endTurn')) return false;
  if (stopReason !== 'toolUse') return toolUses === undefined;
  const names = new Set(request.tools?.list.map(({ name }) => name));
  return (
    toolUses !== undefined &&
    toolUses.length > 0 &&
    toolUses.every(({ name, input }) => names.has(name) && isObject(parseJson(input)))
  );
}

/** Why an answer to this request may end (SAMP10). */
export function stopReasons({
  stopSequences,
  tools,
}: SamplingRequest): readonly NonNullable<SamplingAnswer['stopReason']>[] {
  return [
    'endTurn',
    'maxTokens',
    ...(stopSequences.length === 0 ? [] : (['stopSequence'] as const)),
    ...(tools === undefined || tools.choice === 'none' ? [] : (['toolUse'] as const)),
  ];
}
