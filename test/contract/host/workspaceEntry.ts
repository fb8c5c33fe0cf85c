/** A host with one entry of its workspace, which a person has to approve before it starts. */

import { HostHarness } from '../../support/hostHarness';

export const SCOPE = { kind: 'workspace' } as const;
export const ID = 'workspace/one';

/** A host that has just opened, with this entry. */
export function open(entry: Readonly<Record<string, unknown>> = { command: 'one' }): Promise<HostHarness> {
  return HostHarness.open({ one: entry }, SCOPE);
}

/** The workspace changes its entry. */
export function edit(harness: HostHarness, entry: Readonly<Record<string, unknown>>): Promise<void> {
  return harness.edit({ one: entry }, SCOPE);
}
