/** Which workspace folders a server may know: the one place where its entry, trust and what the person said meet (T148). */

import { safe, type SafeText } from './safeText';
import type { EntryScope, RootsRule } from './serverEntry';

/** Bounds per server: whoever lets questions expire must not be asked for ever. */
export const ROOTS_LIMITS = { perHour: 10 } as const;

/** What the person said of one server in one workspace. */
export type RootsChoice =
  /** URIs of folders; what is not among them is not told, however much later it came. */
  | { readonly kind: 'share'; readonly uris: readonly string[] }
  /** No, for as long as this window is open. */
  | { readonly kind: 'denied' };

/** What of an entry and its workspace decides whether anything may be shared at all. */
interface RootsTerms {
  readonly rule: RootsRule;
  readonly scope: EntryScope['kind'];
  readonly workspaceTrusted: boolean;
}

/** All that one answer depends on. */
export interface RootsSituation extends RootsTerms {
  readonly choice: RootsChoice | undefined;
  /** URIs of the folders that are open now. */
  readonly folders: readonly string[];
  /** How often the person was asked for this server in the last hour. */
  readonly asked: number;
}

/** `uris` are those of the folders to tell of, in the order of the workspace; there may be none. */
export type RootsDecision =
  | { readonly kind: 'share'; readonly uris: readonly string[] }
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'nothing';
      readonly cause: 'untrusted' | 'off' | 'no-folders' | 'denied' | 'hourly';
      readonly reason: SafeText;
    };

/** The rule that holds: an entry that is not the person's own may narrow what is shared, and never widen it (T007). */
export function heldRootsRule(rule: RootsRule, scope: EntryScope['kind']): RootsRule {
  return rule === 'workspace' && scope !== 'user' ? 'ask' : rule;
}

/** Whether a server is told that it may ask for folders. */
export function offersRoots({
  rule,
  workspaceTrusted,
}: Pick<RootsTerms, 'rule' | 'workspaceTrusted'>): boolean {
  return workspaceTrusted && rule !== 'none';
}

/**
 * Decides, in this order: nothing in an untrusted workspace and nothing where the entry says so, whatever was chosen once; then what the
 * person chose, also where the entry would share all; then the entry; and only then the person is asked.
 */
export function decideRoots(situation: RootsSituation): RootsDecision {
  const { choice, folders } = situation;
  const rule = heldRootsRule(situation.rule, situation.scope);
  if (!situation.workspaceTrusted) return nothing('untrusted', safe`The workspace is not trusted.`);
  if (rule === 'none') return nothing('off', safe`Folders are off for this server.`);
  if (folders.length === 0) return nothing('no-folders', safe`No folder is open.`);
  if (choice?.kind === 'denied') return nothing('denied', safe`You denied it in this session.`);
  if (choice) return { kind: 'share', uris: folders.filter((uri) => choice.uris.includes(uri)) };
  if (rule === 'workspace') return { kind: 'share', uris: folders };
  if (situation.asked >= ROOTS_LIMITS.perHour)
    return nothing('hourly', safe`You were asked ${ROOTS_LIMITS.perHour} times in an hour.`);
  return { kind: 'ask' };
}

type Nothing = Extract<RootsDecision, { kind: 'nothing' }>;

function nothing(cause: Nothing['cause'], reason: SafeText): Nothing {
  return { kind: 'nothing', cause, reason };
}
