/** Tools in requests for model answers: told to servers only where a model takes them, and never used here (SAMP1, SAMP9). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import type { HostHarness } from '../../support/hostHarness';
import { callingWithTools, decide, PARAMS } from './asking';

const TOOLS = { tools: [{ name: 'weather', inputSchema: { type: 'object' } }] };
const TOOL_USE = { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bern' } };

/** What the server got of a method. */
function got(harness: HostHarness, wanted: string): readonly JsonRpcMessage[] {
  return harness
    .start('one')
    .server.received.filter((message) => 'method' in message && message.method === wanted);
}

function ask(harness: HostHarness): ReturnType<ReturnType<HostHarness['start']>['server']['request']> {
  return harness.start('one').server.request('sampling/createMessage', { ...PARAMS, ...TOOLS });
}

test('a server is told of tools only where a model that takes them is set up', async () => {
  for (const [samplingTools, declared] of [
    [true, { tools: {} }],
    [false, {}],
  ] as const) {
    const harness = await callingWithTools(samplingTools);
    const [initialize] = got(harness, 'initialize');
    const params = initialize && 'method' in initialize ? initialize.params : undefined;
    const capabilities = params?.['capabilities'] as JsonObject | undefined;
    assert.deepEqual(capabilities?.['sampling'], declared);
    await harness.end();
  }
});

test('uses of tools wait for the person with the answer, and go to the server: none of them is called here', async () => {
  const harness = await callingWithTools(true);
  harness.world.samplingReviewAnswers = true;
  harness.world.answer = ({ tools }) =>
    Promise.resolve({
      role: 'assistant',
      text: `${tools?.list.length ?? 0} tool`,
      toolUses: [{ type: 'tool_use', id: 'a', name: 'weather', input: '{"city":"Bern"}' }],
      model: 'test-model',
      stopReason: 'toolUse',
    });
  const reply = ask(harness);
  await harness.settle();
  const calls = got(harness, 'tools/call').length;
  await decide(harness, { kind: 'allow-once' });
  const { id, subject } = harness.onlyQuestion('sampling-answer');
  assert.equal(subject.answer.toolUses?.[0]?.name, 'weather');
  // A text that the person writes instead leaves the uses that they saw.
  harness.host.consent.decide(id, { kind: 'answer', text: 'edited' });
  const answer = await reply;
  assert.deepEqual('result' in answer && answer.result, {
    role: 'assistant',
    content: [{ type: 'text', text: 'edited' }, TOOL_USE],
    model: 'test-model',
    stopReason: 'toolUse',
  });
  assert.equal(got(harness, 'tools/call').length, calls);
  await harness.end();
});
