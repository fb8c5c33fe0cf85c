/** What is wanted of a server at the moment, and which of two reasons to start it goes further. */

import type { StartTrigger } from '../policy/startDecision';
import type { StopReason } from './serverState';

/** The latest one counts; `seq` tells them apart. */
export type Intent =
  | { readonly kind: 'run'; readonly trigger: StartTrigger; readonly seq: number }
  | { readonly kind: 'stop'; readonly why: StopReason; readonly seq: number };

/** How much a trigger may start: what a weaker one starts, a stronger one starts too. */
const STRENGTH: Readonly<Record<StartTrigger, number>> = {
  open: 0,
  configChange: 0,
  restartAfterCrash: 1,
  demand: 1,
  person: 2,
};

/** True when an attempt that is made for `intent` may start all that `trigger` may. */
export function joins(trigger: StartTrigger, intent: Intent): boolean {
  return intent.kind === 'run' && STRENGTH[trigger] <= STRENGTH[intent.trigger];
}
