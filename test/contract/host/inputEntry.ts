/** A host with entries that need inputs of the person. */

import type { EntryScope } from '../../../src/policy/serverEntry';
import { HostHarness } from '../../support/hostHarness';

const USER: EntryScope = { kind: 'user' };
/** The scope whose entries need approval. */
export const WORKSPACE_SCOPE: EntryScope = { kind: 'workspace' };
/** An entry that needs the input `key`. */
export const ENTRY = { command: 'one', args: ['${input:key}'] };

interface Setup {
  readonly password?: boolean;
  /** Null dismisses the question. */
  readonly answer?: string | Promise<string> | null;
  readonly servers?: Readonly<Record<string, unknown>>;
  readonly scope?: EntryScope;
}

/** A host whose entry needs the input `key`. */
export async function open({
  password = false,
  answer = 'a value',
  servers = { one: ENTRY },
  scope = USER,
}: Setup = {}): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.world.inputs = ['key', 'other'].map((id) => ({ id, description: '', password }));
  harness.world.inputAnswer = answer ?? undefined;
  harness.world.setServers(servers, scope);
  harness.host.open();
  await harness.settle();
  return harness;
}
