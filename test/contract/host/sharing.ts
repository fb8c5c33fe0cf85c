/** A server that asks for the workspace folders, and what a test says to that. */

import assert from 'node:assert/strict';

import type { HostPorts } from '../../../src/host/ports';
import type { PersonDecision } from '../../../src/host/consentQueue';
import type { EntryScope } from '../../../src/policy/serverEntry';
import type { JsonRpcError, JsonRpcResult } from '../../../src/protocol/jsonrpc';
import { HostHarness } from '../../support/hostHarness';

export const A = { uri: 'file:///work/a', name: 'a', path: '/work/a' };
export const B = { uri: 'file:///work/b', name: 'b', path: '/work/b' };
export const C = { uri: 'file:///work/c', name: 'c', path: '/work/c' };
const USER = { kind: 'user' } as const;

/** A host in a workspace of the folders `a` and `b`. */
export async function sharing(
  servers: Readonly<Record<string, unknown>> = { one: { command: 'one' } },
  scope: EntryScope = USER,
  overrides: Partial<HostPorts> = {},
): Promise<HostHarness> {
  const harness = new HostHarness(overrides);
  harness.world.folders = [A, B];
  harness.world.setServers(servers, scope);
  harness.host.open();
  await harness.settle();
  return harness;
}

/** A server asks for the folders. The answer is not awaited: a person may have to give it. */
export async function asks(
  harness: HostHarness,
  command = 'one',
): Promise<{ readonly reply: Promise<JsonRpcResult | JsonRpcError> }> {
  const reply = harness.start(command).server.request('roots/list');
  await harness.settle();
  return { reply };
}

/** What a server gets without anybody being asked. */
export async function gets(harness: HostHarness, command = 'one'): Promise<readonly string[]> {
  const { reply } = await asks(harness, command);
  assert.deepEqual(harness.host.consent.entries(), [], 'nobody is asked');
  return await told(reply);
}

/** The folders of an answer, as URIs. */
export async function told(reply: Promise<JsonRpcResult | JsonRpcError>): Promise<readonly string[]> {
  const answer = await reply;
  assert.ok('result' in answer, JSON.stringify(answer));
  const { roots } = answer.result as { readonly roots: readonly { readonly uri: string }[] };
  return roots.map(({ uri }) => uri);
}

/** The person decides the one question about folders. */
export async function decide(harness: HostHarness, decision: PersonDecision): Promise<void> {
  assert.ok(harness.host.consent.decide(harness.onlyQuestion('roots').id, decision));
  await harness.settle();
}

/** The person chooses by the command. */
export async function choose(harness: HostHarness, uris: readonly string[], id = 'user/one'): Promise<void> {
  const choice = await harness.host.folderChoice(id);
  assert.ok(choice, 'there is a choice');
  await choice.choose(uris);
  await harness.settle();
}

/** How often a server was told that its folders changed. */
export function changes(harness: HostHarness, command = 'one'): number {
  return harness
    .start(command)
    .server.received.filter(
      (message) => 'method' in message && message.method === 'notifications/roots/list_changed',
    ).length;
}

/** Other folders are open from now on. */
export async function folders(harness: HostHarness, ...now: readonly (typeof A)[]): Promise<void> {
  harness.world.folders = [...now];
  harness.world.foldersChanged.fire();
  await harness.settle();
}

/** Everything that a command's servers ever got, as text. */
export function wire(harness: HostHarness, command = 'one'): string {
  return JSON.stringify(harness.startsOf(command).map(({ server }) => server.received));
}
