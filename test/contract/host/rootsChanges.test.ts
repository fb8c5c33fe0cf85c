/** Choices and folders that change: each server hears of it exactly when asking would bring it something else. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { StatePort } from '../../../src/host/ports';
import { serverRow } from '../../../src/presentation/serverRows';
import { memoryState } from '../../support/testPorts';
import { A, asks, B, C, changes, choose, decide, folders, gets, sharing, told, wire } from './sharing';
import type { HostHarness } from '../../support/hostHarness';

function tooltip(harness: HostHarness): string {
  return serverRow(harness.server('one')).tooltip().join('\n');
}

test('a choice can be changed at any time: the server is told, and asks anew without a question', async () => {
  const harness = await sharing();
  await choose(harness, [A.uri]);
  assert.equal(changes(harness), 1, 'also before it ever asked');
  assert.deepEqual(await gets(harness), [A.uri]);
  await choose(harness, [A.uri, B.uri]);
  assert.equal(changes(harness), 2);
  assert.deepEqual(await gets(harness), [A.uri, B.uri]);
  await choose(harness, [B.uri, A.uri]);
  assert.equal(changes(harness), 2, 'the same again is no change');
  await choose(harness, []);
  assert.equal(changes(harness), 3);
  assert.deepEqual(await gets(harness), []);
  await harness.end();
});

test('a choice after a no takes effect', async () => {
  const harness = await sharing();
  await asks(harness);
  await decide(harness, { kind: 'deny' });
  await choose(harness, [A.uri]);
  assert.equal(changes(harness), 1);
  assert.deepEqual(await gets(harness), [A.uri]);
  await harness.end();
});

test('a choice that is made elsewhere settles the question that waits', async () => {
  const harness = await sharing();
  const { reply } = await asks(harness);
  await choose(harness, [B.uri]);
  assert.deepEqual(harness.host.consent.entries(), []);
  assert.deepEqual(await told(reply), [B.uri]);
  assert.equal(changes(harness), 0, 'the answer is all that it needs');
  await harness.end();
});

test('who took its question back hears of a choice that comes later', async () => {
  const harness = await sharing();
  await asks(harness);
  harness.start('one').server.notify('notifications/cancelled', { requestId: 'server-1' });
  await harness.settle();
  await choose(harness, [A.uri]);
  assert.equal(changes(harness), 1);
  assert.deepEqual(await gets(harness), [A.uri]);
  await harness.end();
});

test('a folder that comes later is not shared until it is chosen, and a server hears nothing of it', async () => {
  const harness = await sharing();
  await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri, B.uri] });
  await folders(harness, A, B, C);
  assert.equal(changes(harness), 0);
  assert.deepEqual(await gets(harness), [A.uri, B.uri]);
  await choose(harness, [C.uri]);
  assert.equal(changes(harness), 1);
  assert.deepEqual(await gets(harness), [C.uri]);
  await harness.end();
});

test('a folder that goes is told, and one that was never shared is not', async () => {
  const harness = await sharing();
  await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  await folders(harness, A);
  assert.equal(changes(harness), 0);
  await folders(harness, B);
  assert.equal(changes(harness), 1);
  assert.deepEqual(await gets(harness), []);
  await harness.end();
});

test('a folder that goes while the person is asked is not told, whatever they chose', async () => {
  const harness = await sharing();
  const { reply } = await asks(harness);
  await folders(harness, B);
  await decide(harness, { kind: 'share', uris: [A.uri, B.uri] });
  assert.deepEqual(await told(reply), [B.uri]);
  await harness.end();
});

test('only what can be known may be chosen', async () => {
  const harness = await sharing({ one: { command: 'one' }, off: { command: 'off', roots: 'none' } });
  await choose(harness, ['file:///etc', A.uri]);
  assert.deepEqual(await gets(harness), [A.uri]);
  assert.equal(await harness.host.folderChoice('user/off'), undefined);
  assert.equal(await harness.host.folderChoice('user/nobody'), undefined);
  await harness.end();
});

test('where the entry shares all, a choice narrows it, and all of them give it back to the entry', async () => {
  const harness = await sharing({ one: { command: 'one', roots: 'workspace' } });
  await folders(harness, A, B, C);
  assert.equal(changes(harness), 1);
  await choose(harness, [A.uri]);
  assert.deepEqual(await gets(harness), [A.uri]);
  await choose(harness, [A.uri, B.uri, C.uri]);
  await folders(harness, A, B);
  await folders(harness, A, B, C);
  assert.deepEqual(await gets(harness), [A.uri, B.uri, C.uri], 'what comes later is shared again');
  await harness.end();
});

test('folders are chosen for a server that does not run, and hold when it does', async () => {
  const harness = await sharing({ one: { command: 'one', start: 'never' } });
  await choose(harness, [B.uri]);
  await harness.host.start('user/one');
  await harness.settle();
  assert.deepEqual(await gets(harness), [B.uri]);
  await harness.end();
});

test('a choice that cannot be stored holds for the session, and says so', async () => {
  const state = memoryState();
  const broken: StatePort = { get: state.get, set: () => Promise.reject(new Error('/home/person/full')) };
  const harness = await sharing({ one: { command: 'one' } }, { kind: 'user' }, { decisions: broken });
  const { reply } = await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  assert.deepEqual(await told(reply), [A.uri]);
  assert.deepEqual(await gets(harness), [A.uri]);
  const lines = harness.world.logLines.filter((line) => line.includes('could not be stored'));
  assert.equal(lines.length, 1);
  assert.doesNotMatch(lines.join(), /person/);
  await assert.rejects(choose(harness, [B.uri]));
  await harness.settle();
  assert.deepEqual(await gets(harness), [B.uri]);
  await harness.end();
});

test('the row of a server says what is shared', async () => {
  const harness = await sharing({ one: { command: 'one' }, two: { command: 'two' } });
  assert.match(tooltip(harness), /you are asked when it wants to know them/);
  await asks(harness);
  harness.changes.length = 0;
  await decide(harness, { kind: 'share', uris: [B.uri] });
  assert.match(tooltip(harness), /Workspace folders shared: \/work\/b$/m);
  assert.deepEqual(harness.changes, [{ kind: 'state', serverId: 'user/one' }], 'and its view is told');
  await choose(harness, []);
  assert.match(tooltip(harness), /Workspace folders: none shared/);
  assert.doesNotMatch(wire(harness, 'two'), /list_changed/);
  await harness.end();
});
