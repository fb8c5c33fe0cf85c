/** Tools in requests for model answers: taken where they were declared, and given back as the server's to use (SAMP3, SAMP9). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, legacyAnswers } from '../../support/clientHarness';
import { errorOf, sampling } from './asking';

const TOOLS = {
  tools: [{ name: 'weather', inputSchema: { type: 'object' } }],
  toolChoice: { mode: 'required' },
};
const OFFERS = { sampling: true, samplingTools: true, roots: false };
const USE = { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bern' } };

test('where tools were declared they reach the host, and the model’s uses of them go back to the server', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(), { offers: OFFERS });
  const asked: unknown[] = [];
  harness.serve.sample = ({ request }) => {
    asked.push(request.tools);
    const toolUses = [{ type: 'tool_use', id: 'a', name: 'weather', input: '{"city":"Bern"}' } as const];
    const answer = { role: 'assistant', text: '', model: 'm', toolUses, stopReason: 'toolUse' } as const;
    return Promise.resolve({ kind: 'answer', answer });
  };
  const answer = await harness.server.request('sampling/createMessage', { ...sampling(), ...TOOLS });
  assert.deepEqual(asked, [
    { list: [{ name: 'weather', inputSchema: '{"type":"object"}' }], choice: 'required' },
  ]);
  assert.deepEqual('result' in answer && answer.result, {
    role: 'assistant',
    content: [USE],
    model: 'm',
    stopReason: 'toolUse',
  });
  await harness.end();
});

test('tools of a server of an older revision, which cannot have been told of them, are an error', async () => {
  for (const [revision, offers] of [
    ['2025-06-18', OFFERS],
    ['2025-11-25', { ...OFFERS, samplingTools: false }],
  ] as const) {
    const harness = await ClientHarness.connected(legacyAnswers({}, { revision }), { offers });
    const answer = await harness.server.request('sampling/createMessage', { ...sampling(), ...TOOLS });
    assert.deepEqual(errorOf(answer), {
      code: -32602,
      message: 'Invalid params: tools were not declared by this client.',
    });
    await harness.end();
  }
});

test('a conversation whose uses and results of tools do not fit together is invalid, and nobody is asked', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(), { offers: OFFERS });
  const messages = [{ role: 'assistant', content: [USE] }];
  const answer = await harness.server.request('sampling/createMessage', { ...sampling(), messages });
  assert.deepEqual(errorOf(answer), {
    code: -32602,
    message: 'Invalid params: a tool_use block is not answered by a tool_result block.',
  });
  await harness.end();
});
