/** What is chosen step by step on the way to a rule about requests for model answers. */

import type { GrantBounds, GrantExtra, GrantScope } from '../../policy/samplingGrants';
import type { StepFrame, StepOutcome } from '../calls/steps';

/** What was chosen so far. */
export interface Draft {
  readonly scope?: GrantScope['kind'] | 'once';
  readonly onlyTool: boolean;
  readonly onlyModel: boolean;
  /** `custom`: they are asked for one by one. */
  readonly bounds?: GrantBounds | 'custom';
  readonly custom?: GrantBounds;
  readonly covers: readonly GrantExtra[];
  readonly lastsMs?: number | undefined;
}

/** One step: what was chosen before, and with it what was chosen in it. */
export type Step = (draft: Draft, frame: StepFrame) => Promise<StepOutcome<Draft>>;

/** Milliseconds. */
export const DAY_MS = 86_400_000;
/** How long a rule lasts that has no other end. */
export const DEFAULT_DAYS = 30;

/** Puts the outcome of a step into the draft. */
export function mapped<T>(outcome: StepOutcome<T>, draft: (value: T) => Draft): StepOutcome<Draft> {
  return outcome.kind === 'value' ? { kind: 'value', value: draft(outcome.value) } : outcome;
}
