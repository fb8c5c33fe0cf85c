import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ConnectParams } from '../../../src/client/contract';
import {
  ALL_CAPABILITIES,
  ClientHarness,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';

const { logging: _, ...NO_LOGS } = ALL_CAPABILITIES;
const ANSWERS = { 'tools/call': () => textResult('done', { resultType: 'complete' }) };

function levelOf(harness: ClientHarness): unknown {
  const meta = paramsOf(harness.sent('tools/call')[0])['_meta'] as JsonObject;
  return meta['io.modelcontextprotocol/logLevel'];
}

for (const [what, change, capabilities, expected] of [
  ['nothing', {}, ALL_CAPABILITIES, 'info'],
  ['a level', { logLevel: 'error' }, ALL_CAPABILITIES, 'error'],
  ['a level for a server without a log', { logLevel: 'error' }, NO_LOGS, undefined],
] as const satisfies readonly (readonly [string, Partial<ConnectParams>, JsonObject, unknown])[])
  test(`with ${what} in the entry, requests of the stateless era ask for messages from ${expected ?? 'no level'} on (LOG2)`, async () => {
    const harness = await ClientHarness.connected(modernAnswers(ANSWERS, { capabilities }), change);
    await harness.callTool();
    assert.equal(levelOf(harness), expected);
    assert.equal(harness.sent('logging/setLevel').length, 0, 'that is no method of this era');
    await harness.end();
  });

for (const [what, change, capabilities, expected] of [
  ['nothing', {}, ALL_CAPABILITIES, []],
  ['a level', { logLevel: 'debug' }, ALL_CAPABILITIES, [{ level: 'debug' }]],
  ['a level for a server without a log', { logLevel: 'debug' }, NO_LOGS, []],
] as const satisfies readonly (readonly [string, Partial<ConnectParams>, JsonObject, unknown])[])
  test(`with ${what} in the entry, a server of the stateful era is told ${expected.length === 0 ? 'nothing' : 'that'} (LOG1)`, async () => {
    const harness = await ClientHarness.connected(
      legacyAnswers({ ...ANSWERS, 'logging/setLevel': () => ({}) }, { capabilities }),
      change,
    );
    assert.deepEqual(harness.sent('logging/setLevel').map(paramsOf), expected);
    await harness.callTool();
    assert.equal(levelOf(harness), undefined);
    await harness.end();
  });

test('a server that does not take the level works all the same', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      ...ANSWERS,
      'logging/setLevel': () => {
        throw new ScriptedError(-32602, 'no');
      },
    }),
    { logLevel: 'notice' },
  );
  assert.equal(harness.heard('wire').at(-1)?.message, 'The server did not take the log level.');
  await harness.callTool();
  await harness.end();
});
