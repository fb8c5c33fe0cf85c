/**
 * What waits, as the Approvals view lists it: several requests of one call stand together below that call. Those that a server of the
 * stateless era asks in one result are put one after the other, so each of them stands there from the first to the last.
 */

import { ItemKinds } from '../contributions/ids';
import type { Cause, ConsentEntry } from '../host/consentQueue';
import { safe, safeText, type SafeText } from '../policy/safeText';
import { countOf } from './consentTexts';
import type { Row } from './row';

/** Requests that one call waits for: those of a round of the stateless era, for example. */
export interface ApprovalGroup {
  /** Stable while any of them waits. */
  readonly key: string;
  readonly serverName: string;
  readonly callTitle: string;
  /** Oldest first; one alone is one of several that the call waits for. */
  readonly entries: readonly ConsentEntry[];
}

/** In the order of what came first of each. An entry whose call is not known for certain stands alone. */
export function approvalItems(entries: readonly ConsentEntry[]): readonly (ConsentEntry | ApprovalGroup)[] {
  const ofCall = new Map<string, ConsentEntry[]>();
  for (const entry of entries) {
    const key = keyOf(entry);
    if (key !== undefined) ofCall.set(key, [...(ofCall.get(key) ?? []), entry]);
  }
  return entries.flatMap((entry): readonly (ConsentEntry | ApprovalGroup)[] => {
    const key = keyOf(entry);
    const together = key === undefined ? undefined : ofCall.get(key);
    const call = callOf(entry);
    if (key === undefined || !call || !together) return [entry];
    if (together.length < 2 && call.part === undefined) return [entry];
    const { callTitle } = call;
    return together[0] === entry ? [{ key, serverName: entry.serverName, callTitle, entries: together }] : [];
  });
}

/** Whether it stands for several requests. */
export function isGroup(item: ConsentEntry | ApprovalGroup): item is ApprovalGroup {
  return 'entries' in item;
}

/** The row above the requests of a call. Each of them is decided by itself. */
export function groupRow({ key, serverName, callTitle, entries }: ApprovalGroup): Row {
  const label: SafeText = safe`${safeText(serverName, 64)}: ${safeText(callTitle, 80)}`;
  const part = entries.length === 1 && entries[0] ? callOf(entries[0])?.part : undefined;
  const description = part
    ? safe`waits for answer ${part.index} of ${part.of}`
    : safe`waits for ${countOf(entries.length, 'answer')} of yours`;
  return {
    id: `approval/call/${key}`,
    label,
    description,
    tooltip: () => [label, safe`Each is decided by itself.`],
    icon: { id: 'list-tree', color: 'notificationsInfoIcon.foreground' },
    context: ItemKinds.note,
    children: 'expanded',
    spoken: safe`${label}, ${description}`,
  };
}

function keyOf(entry: ConsentEntry): string | undefined {
  const call = callOf(entry);
  return call && JSON.stringify([entry.serverId, call.callId]);
}

function callOf({ subject }: ConsentEntry): Extract<Cause, { kind: 'call' }> | undefined {
  const cause = 'cause' in subject ? subject.cause : undefined;
  return cause?.kind === 'call' ? cause : undefined;
}
