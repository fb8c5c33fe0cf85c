/** Whether a server may start now. The one place where trust, approval, policy and the start mode meet. */

import type { AccessDecision } from './editorPolicy';
import { safe, safeText, type SafeText } from './safeText';
import type { EntryProblem, EntryScope, StartMode } from './serverEntry';

/**
 * What leads to the question. `demand`: something the person does needs the server. `person`: the person said start or
 * restart.
 */
export type StartTrigger = 'open' | 'configChange' | 'person' | 'demand' | 'restartAfterCrash';

/** Whether the person approved this very definition, an earlier one under the same identity, or none. */
export type ApprovalState = 'approved' | 'none' | 'changed';

/** All that the decision depends on. */
export interface StartSituation {
  readonly workspaceTrusted: boolean;
  readonly scope: EntryScope['kind'];
  readonly startMode: StartMode;
  readonly trigger: StartTrigger;
  readonly approval: ApprovalState;
  readonly access: AccessDecision;
  readonly problems: readonly EntryProblem[];
  /** An entry of the same name in a narrower scope is used instead (T010). */
  readonly shadowed: boolean;
}

/** Why a server is blocked. */
type BlockCause = 'shadowed' | 'policy' | 'problems';

/** `changed` tells a new definition under an approved identity from one never seen. */
export type StartDecision =
  | { readonly kind: 'start' }
  | { readonly kind: 'wait-for-trust' }
  | { readonly kind: 'needs-approval'; readonly changed: boolean }
  | { readonly kind: 'blocked'; readonly cause: BlockCause; readonly reason: SafeText }
  | { readonly kind: 'idle' };

/**
 * Decides, in this order: nothing at all in an untrusted workspace, whoever wrote the entry (T001); then what blocks;
 * then the start mode, so that nobody is asked about a server that is not about to start; then approval, which every entry
 * of a workspace or folder needs on every path, restarts included (T002, T004, T019). Entries of the user need no
 * approval: the person wrote them.
 */
export function decideStart(situation: StartSituation): StartDecision {
  if (!situation.workspaceTrusted) return { kind: 'wait-for-trust' };
  const blocked = findBlock(situation);
  if (blocked) return blocked;
  if (!STARTS[situation.startMode][situation.trigger]) return { kind: 'idle' };
  if (situation.scope !== 'user' && situation.approval !== 'approved') {
    return { kind: 'needs-approval', changed: situation.approval === 'changed' };
  }
  return { kind: 'start' };
}

/** `never` means never by itself; only a plain Start does. A crashed server that may run comes back in any other mode. */
const STARTS: Readonly<Record<StartMode, Readonly<Record<StartTrigger, boolean>>>> = {
  onOpen: { open: true, configChange: true, person: true, demand: true, restartAfterCrash: true },
  onDemand: { open: false, configChange: false, person: true, demand: true, restartAfterCrash: true },
  never: { open: false, configChange: false, person: true, demand: false, restartAfterCrash: false },
};

/** True when a crash does not end what the start mode wants. */
export function comesBack(startMode: StartMode): boolean {
  return STARTS[startMode].restartAfterCrash;
}

function findBlock(situation: StartSituation): StartDecision | undefined {
  const block = (cause: BlockCause, reason: SafeText): StartDecision => ({ kind: 'blocked', cause, reason });
  if (situation.access.kind === 'denied') return block('policy', situation.access.reason);
  if (situation.shadowed) {
    return block('shadowed', safe`An entry of the same name in a narrower scope is used instead.`);
  }
  const [first] = situation.problems;
  if (first) {
    const more = situation.problems.length - 1;
    const text = safe`${safeText(first.field, 80)}: ${safeText(first.message)}`;
    return block('problems', more === 0 ? text : safe`${text} (and ${more} more)`);
  }
  return undefined;
}
