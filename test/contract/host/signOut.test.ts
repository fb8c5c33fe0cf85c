/** Signing out of servers that do not run: what is kept goes, and nothing is expanded, asked or started for an entry that might not start now. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Emitter } from '../../../src/base/event';
import type { EntryScope } from '../../../src/policy/serverEntry';
import { serverId } from '../../../src/policy/serverId';
import { HostHarness } from '../../support/hostHarness';

const URL_OF_SERVER = 'https://server.example/mcp';

/** A host with what an earlier sign-in has left, whatever the server is. @returns the keys that are forgotten */
function signedIn(): { readonly harness: HostHarness; readonly forgotten: string[] } {
  const forgotten: string[] = [];
  const harness = new HostHarness({
    secrets: {
      onDidChange: new Emitter<string>().event,
      get: (key) => Promise.resolve(key.startsWith('credentials/') ? 'tokens' : undefined),
      set: () => assert.fail('nothing is kept'),
      delete: (key) => {
        forgotten.push(key);
        return Promise.resolve();
      },
    },
  });
  return { harness, forgotten };
}

const cases: readonly (readonly [what: string, entry: object, scope: EntryScope, trusted: boolean])[] = [
  ['of a workspace that is not trusted', { url: `${URL_OF_SERVER}/\${env:HOME}` }, { kind: 'user' }, false],
  ['that nobody has approved', { url: URL_OF_SERVER }, { kind: 'workspace' }, true],
  [
    'that needs a value which nobody has given',
    { url: `${URL_OF_SERVER}/\${input:key}` },
    { kind: 'user' },
    true,
  ],
];

for (const [what, entry, scope, trusted] of cases)
  test(`signing out of an entry ${what} forgets what is kept, and does nothing else`, async () => {
    const { harness, forgotten } = signedIn();
    harness.world.trusted = trusted;
    harness.world.inputs = [{ id: 'key', description: '', password: true }];
    harness.world.inputAnswer = 'a value';
    let policyRead = 0;
    harness.world.onPolicyRead = () => policyRead++;
    harness.world.setServers({ one: { ...entry, start: 'never' } }, scope);
    harness.host.open();
    await harness.settle();
    assert.equal(await harness.host.signOut(serverId(scope, 'one')), 'here-only');
    assert.equal(forgotten.length, 1);
    assert.deepEqual([harness.launches, harness.world.prompts], [0, []]);
    if (!trusted) assert.deepEqual([harness.machine.looks, policyRead], [[], 0]);
    await harness.end();
  });
