/** A server that asks for model answers while a call of the person runs, and what a test says to that. */

import assert from 'node:assert/strict';

import type { JsonObject } from '../../../src/base/json';
import type { JsonRpcError, JsonRpcResult } from '../../../src/protocol/jsonrpc';
import { modernAnswers, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import type { Answer } from '../../support/scriptedServer';

export const ID = 'user/one';
export const PARAMS: JsonObject = {
  messages: [{ role: 'user', content: { type: 'text', text: 'What is the weather?' } }],
  maxTokens: 50,
};

export type Reply = JsonRpcResult | JsonRpcError;

/** A running server that answers so. */
export async function running(
  answers: Map<string, Answer>,
  entry: Readonly<Record<string, unknown>> = {},
): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.answers.set('one', answers);
  harness.world.setServers({ one: { command: 'one', ...entry } });
  harness.host.open();
  await harness.settle();
  return harness;
}

/** A running server with one call that never ends, so that it may ask. */
export async function calling(entry: Readonly<Record<string, unknown>> = {}): Promise<HostHarness> {
  const harness = await running(everyday({ 'tools/call': () => undefined }), entry);
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  return harness;
}

/** As {@link calling}, of a server that was started while a model that takes tools is set up, or is not. */
export async function callingWithTools(samplingTools: boolean): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.world.samplingTools = samplingTools;
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  harness.host.callTool(ID, 'echo', {}, {}).catch(() => undefined);
  await harness.settle();
  return harness;
}

/** A running server of the stateless era, whose tool `poet` needs a model answer before it can answer itself. */
export async function poet(): Promise<HostHarness> {
  const verse = { method: 'sampling/createMessage', params: PARAMS };
  const answers = modernAnswers(
    {
      'tools/list': () => ({ resultType: 'complete', tools: [tool('poet')] }),
      'tools/call': (params) =>
        'inputResponses' in params
          ? textResult(JSON.stringify(params['inputResponses']), { resultType: 'complete' })
          : { resultType: 'input_required', inputRequests: { verse }, requestState: 's' },
    },
    { capabilities: { tools: {} } },
  );
  return await running(answers);
}

/** What takes back a question of the server's first request, with {@link calling}. */
export const WITHDRAWALS: readonly (readonly [string, (harness: HostHarness) => unknown])[] = [
  [
    'the server cancels',
    (harness) => harness.start('one').server.notify('notifications/cancelled', { requestId: 'server-1' }),
  ],
  ['the server ends', (harness) => harness.start('one').server.transport.exit({ code: 1, signal: null })],
  ['the server is stopped', ({ host }) => host.stop(ID)],
  ['the server is restarted', ({ host }) => host.restart(ID)],
  ['its entry is removed', ({ world }) => world.setServers({})],
  ['its client is lost', (harness) => harness.start('one').clientPort.break('gone')],
  ['the host closes', ({ host }) => host.close()],
  ['the only call of the person is cancelled', ({ host }) => host.calls.cancel(1)],
];

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

/** Asserts that the server got this answer, which is `test-model`'s own unless `more` says otherwise. */
export async function assertAnswered(
  reply: Promise<Reply>,
  text: string,
  more: JsonObject = { stopReason: 'endTurn' },
): Promise<void> {
  const answer = await reply;
  assert.ok('result' in answer);
  const given = { role: 'assistant', content: { type: 'text', text }, model: 'test-model' };
  assert.deepEqual(answer.result, { ...given, ...more });
}

export function errorOf(reply: Reply): { readonly code: number; readonly message: string } {
  assert.ok('error' in reply, 'the server gets an error');
  return reply.error;
}
