/** A server that asks for model answers while a call of the person runs, and what a test says to that. */

import assert from 'node:assert/strict';

import type { JsonObject } from '../../../src/base/json';
import type { JsonRpcError, JsonRpcResult } from '../../../src/protocol/jsonrpc';
import { everyday, HostHarness } from '../../support/hostHarness';

export const ID = 'user/one';
export const PARAMS: JsonObject = {
  messages: [{ role: 'user', content: { type: 'text', text: 'What is the weather?' } }],
  maxTokens: 50,
};

export type Reply = JsonRpcResult | JsonRpcError;

/** A running server with one call that never ends, so that it may ask. */
export async function calling(entry: Readonly<Record<string, unknown>> = {}): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one', ...entry } });
  harness.host.open();
  await harness.settle();
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  return harness;
}

/** The server asks for a model answer; resolves when it got a reply. */
export async function ask(harness: HostHarness): Promise<Reply> {
  const reply = harness.start('one').server.request('sampling/createMessage', PARAMS);
  await harness.settle();
  return reply;
}

export async function decide(
  harness: HostHarness,
  decision: Parameters<HostHarness['host']['consent']['decide']>[1],
): Promise<void> {
  assert.ok(harness.host.consent.decide(harness.onlyQuestion('sampling').id, decision));
  await harness.settle();
}

export function errorOf(reply: Reply): { readonly code: number; readonly message: string } {
  assert.ok('error' in reply, 'the server gets an error');
  return reply.error;
}
