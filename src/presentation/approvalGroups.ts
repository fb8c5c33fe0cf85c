/** What waits, as the Approvals view lists it: several requests of one call stand together below that call. */

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
  /** Two at least, oldest first. */
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
    if (key === undefined || !together || together.length < 2) return [entry];
    const callTitle = callOf(entry)?.callTitle ?? '';
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
  const description = safe`waits for ${countOf(entries.length, 'answer')} of yours`;
  return {
    id: `approval/call/${key}`,
    label,
    description,
    tooltip: [label, safe`Each is decided by itself.`],
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
  return 'cause' in subject && subject.cause.kind === 'call' ? subject.cause : undefined;
}
