/** What a server is asked to complete, on the wire. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, legacyAnswers, modernAnswers, paramsOf } from '../../support/clientHarness';

const ANSWERS = { 'completion/complete': () => ({ completion: { values: ['a'] } }) };

for (const [era, answers] of [
  ['stateful', legacyAnswers(ANSWERS)],
  ['stateless', modernAnswers(ANSWERS)],
] as const)
  test(`a prompt is named by its name and a template by its address, with what is chosen already (${era})`, async () => {
    const harness = await ClientHarness.connected(answers);
    const rest = { argument: { name: 'a', value: 'v' }, resolved: { b: 'c' } };
    await harness.host.request('complete', { ref: { kind: 'prompt', name: 'p' }, ...rest });
    await harness.host.request('complete', { ref: { kind: 'resource', uriTemplate: 'test://{a}' }, ...rest });
    const told = harness.sent('completion/complete').map(paramsOf);
    assert.deepEqual(
      told.map(({ ref, argument, context }) => ({ ref, argument, context })),
      [
        { type: 'ref/prompt', name: 'p' },
        { type: 'ref/resource', uri: 'test://{a}' },
      ].map((ref) => ({ ref, argument: rest.argument, context: { arguments: rest.resolved } })),
    );
    await harness.end();
  });
