import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClientHarness, failureOf, legacyAnswers, paramsOf } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

/** A server that refuses every revision of the handshake but its own, and names these. */
function picky(...own: readonly string[]): Record<string, Answer> {
  return {
    initialize: ({ protocolVersion }) => {
      if (typeof protocolVersion !== 'string' || !own.includes(protocolVersion))
        throw new ScriptedError(-32602, 'Unsupported protocol version', {
          supported: own,
          requested: protocolVersion ?? null,
        });
      return {
        protocolVersion: protocolVersion ?? null,
        capabilities: {},
        serverInfo: { name: 'picky', version: '1' },
      };
    },
  };
}

test('an initialize that is refused with versions is sent once more with the newest one that both speak', async () => {
  for (const [own, chosen] of [
    [['2024-11-05'], '2024-11-05'],
    [['2024-11-05', '2099-01-01', '2025-03-26'], '2025-03-26'],
  ] as const) {
    const harness = new ClientHarness(legacyAnswers(picky(...own)));
    const server = await harness.connect();
    await harness.settle();
    assert.deepEqual(server.negotiated, { era: 'legacy', revision: chosen });
    const asked = harness.sent('initialize').map((frame) => paramsOf(frame)['protocolVersion']);
    assert.deepEqual(asked, ['2025-11-25', chosen]);
    assert.equal(harness.sent('notifications/initialized').length, 1);
    assert.equal(harness.servers.length, 1);
    await harness.end();
  }
});

test('a server that refuses the version it named is told as unsupported, and not asked for ever', async () => {
  let offers = ['2024-11-05'];
  const refuse: Answer = ({ protocolVersion }) => {
    const supported = offers;
    offers = ['2025-06-18', '2025-11-25'];
    throw new ScriptedError(-32602, 'no', { supported, requested: protocolVersion ?? null });
  };
  const harness = new ClientHarness(legacyAnswers({ initialize: refuse }));
  assert.deepEqual(await failureOf(harness.connect()), {
    code: 'unsupported-version',
    offered: ['2025-06-18', '2025-11-25'],
  });
  assert.equal(harness.sent('initialize').length, 2);
  await harness.end();
  const contradiction: Answer = () => {
    throw new ScriptedError(-32602, 'no', { supported: ['2025-11-25'], requested: '2025-11-25' });
  };
  const same = new ClientHarness(legacyAnswers({ initialize: contradiction }));
  assert.equal((await failureOf(same.connect())).code, 'unsupported-version');
  assert.equal(same.sent('initialize').length, 1, 'the same is not sent twice');
  await same.end();
});
