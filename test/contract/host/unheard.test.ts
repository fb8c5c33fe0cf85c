/** A server that ends again and again what it tells of changes on: the person sees that, and Refresh tries anew (T062). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { serverNotes, serverRow } from '../../../src/presentation/serverRows';
import { modernAnswers } from '../../support/clientHarness';
import { HostHarness, tool } from '../../support/hostHarness';
import { ScriptedError } from '../../support/scriptedServer';

const ID = 'user/one';
const SECRET = 'hush-hush-12345';

test('that changes are not followed any more is in the state, without secrets, until Refresh has brought them back', async () => {
  let isEnding = true;
  const harness = new HostHarness();
  harness.answers.set(
    'one',
    modernAnswers(
      {
        'tools/list': () => ({ resultType: 'complete', tools: [tool('echo')] }),
        'subscriptions/listen': () => {
          if (isEnding) throw new ScriptedError(-32603, `no more for ${SECRET}`);
          return undefined;
        },
      },
      { capabilities: { tools: { listChanged: true } } },
    ),
  );
  harness.world.setServers({ one: { command: 'one', env: { API_KEY: SECRET } } }, { kind: 'user' });
  harness.host.open();
  await harness.settle();
  const unheard = (): unknown => {
    const state = harness.state('one');
    assert.equal(state.kind, 'running');
    return state.kind === 'running' ? state.unheard : undefined;
  };
  const told = (): readonly string[] => serverNotes(harness.server('one')).map(({ label }) => label);
  const pass = async (): Promise<void> => {
    for (let second = 0; second < 120; second++) await harness.pass(1_000);
  };
  assert.equal(unheard(), undefined);
  assert.deepEqual(told(), []);
  harness.changes.splice(0);
  await pass();
  assert.deepEqual(Object.keys(unheard() ?? {}), ['failure']);
  assert.deepEqual(told(), ['Changes are not followed any more; Refresh tries again']);
  assert.ok(
    harness.changes.some(({ kind }) => kind === 'state'),
    'its row is drawn anew',
  );
  const tooltip = serverRow(harness.server('one')).tooltip().join('\n');
  assert.match(tooltip, /The last time: .*no more for/);
  assert.ok(!tooltip.includes(SECRET));

  await harness.host.refresh(ID, 'tools');
  await pass();
  assert.notEqual(unheard(), undefined, 'in vain');
  isEnding = false;
  await harness.host.refresh(ID);
  await harness.pass(10_000);
  assert.equal(unheard(), undefined);
  assert.deepEqual(told(), []);

  isEnding = true;
  await harness.host.restart(ID);
  await harness.settle();
  assert.equal(unheard(), undefined, 'a server that starts again begins anew');
  await harness.end();
});
