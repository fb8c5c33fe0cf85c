/** Workspace folders by consent: nothing before the person chose, then exactly what they chose (T148). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ROOTS_LIMITS } from '../../../src/policy/rootsDecision';
import { modernAnswers, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import { A, asks, B, changes, decide, gets, sharing, told, wire } from './sharing';

test('a local server that asks for folders has the person asked, with every path, and gets none before (T148)', async () => {
  const harness = await sharing();
  assert.deepEqual(harness.host.consent.entries(), [], 'nobody is asked before the server asks');
  const { reply } = await asks(harness);
  const { subject, serverName, expiresAt, since } = harness.onlyQuestion('roots');
  assert.deepEqual(subject.folders, [A, B]);
  assert.equal(serverName, 'one');
  assert.equal(expiresAt, since + harness.world.samplingExpiryMs);
  await harness.pass(60_000);
  assert.doesNotMatch(wire(harness), /file:|\/work\/[ab]/);
  await decide(harness, { kind: 'share', uris: [B.uri] });
  assert.deepEqual(await told(reply), [B.uri]);
  assert.doesNotMatch(wire(harness), /work\/a/, 'what was not chosen never leaves');
  assert.deepEqual(await gets(harness), [B.uri], 'it is remembered');
  assert.equal(changes(harness), 0, 'what was just answered is no change');
  await harness.end();
});

for (const [what, uris] of [
  ['all', [A.uri, B.uri]],
  ['none', []],
] as const)
  test(`a choice of ${what} is told and remembered beyond the session`, async () => {
    const harness = await sharing();
    const { reply } = await asks(harness);
    await decide(harness, { kind: 'share', uris });
    assert.deepEqual(await told(reply), uris);
    const kept = new Map(harness.world.decisions.values);
    await harness.end();

    const next = new HostHarness();
    for (const [key, value] of kept) next.world.decisions.values.set(key, value);
    next.world.folders = [A, B];
    next.world.setServers({ one: { command: 'one' } });
    next.host.open();
    await next.settle();
    assert.deepEqual(await gets(next), uris);
    await next.end();
  });

test('a choice holds in its own workspace only, and nothing of it lies in the workspace', async () => {
  const harness = await sharing();
  await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  assert.equal(harness.world.memory.values.size, 0);
  harness.world.workspaceId = 'file:///other.code-workspace';
  await asks(harness);
  await decide(harness, { kind: 'deny' });
  await harness.end();
});

test('no is an empty list, for this session and without another question', async () => {
  const harness = await sharing();
  const { reply } = await asks(harness);
  await decide(harness, { kind: 'deny' });
  assert.deepEqual(await told(reply), []);
  assert.deepEqual(await gets(harness), []);
  await harness.host.restart('user/one');
  await harness.settle();
  assert.deepEqual(await gets(harness), [], 'also after a restart');
  assert.doesNotMatch(JSON.stringify([...harness.world.decisions.values]), /rootsChoices/);
  assert.doesNotMatch(wire(harness), /file:/);
  await harness.end();
});

test('a question that nobody decides ends as an empty list and is no decision', async () => {
  const harness = await sharing();
  const { reply } = await asks(harness);
  await harness.pass(harness.world.samplingExpiryMs);
  assert.deepEqual(await told(reply), []);
  const again = await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  assert.deepEqual(await told(again.reply), [A.uri]);
  await harness.end();
});

test('a question that the server takes back is gone, and no decision', async () => {
  const harness = await sharing();
  await asks(harness);
  harness.start('one').server.notify('notifications/cancelled', { requestId: 'server-1' });
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  const { reply } = await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  assert.deepEqual(await told(reply), [A.uri]);
  await harness.end();
});

test('a question ends with its server', async () => {
  const harness = await sharing();
  await asks(harness);
  await harness.host.stop('user/one');
  await harness.settle();
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.end();
});

test('a server has one question at a time, and not more than some in an hour', async () => {
  const harness = await sharing();
  const replies = [await asks(harness), await asks(harness), await asks(harness)];
  harness.onlyQuestion('roots');
  await harness.pass(harness.world.samplingExpiryMs);
  for (const { reply } of replies) assert.deepEqual(await told(reply), []);
  harness.world.samplingExpiryMs = 60_000;
  for (let asked = 1; asked < ROOTS_LIMITS.perHour; asked++) {
    await asks(harness);
    harness.onlyQuestion('roots');
    await harness.pass(60_000);
  }
  assert.deepEqual(await gets(harness), []);
  assert.ok(harness.world.logLines.some((line) => line.includes('No folders were told')));
  await harness.pass(3_600_000);
  await asks(harness);
  await decide(harness, { kind: 'deny' });
  await harness.end();
});

test('another server sees nothing of a choice', async () => {
  const harness = await sharing({ one: { command: 'one' }, two: { command: 'two' } });
  await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  const { reply } = await asks(harness, 'two');
  harness.onlyQuestion('roots');
  await decide(harness, { kind: 'deny' });
  assert.deepEqual(await told(reply), []);
  assert.doesNotMatch(wire(harness, 'two'), /file:|list_changed/);
  await harness.end();
});

test('another launch under the same name has no choice yet', async () => {
  const harness = await sharing();
  await asks(harness);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  await harness.edit({ one: { command: 'one', args: ['--other'] } });
  const { reply } = await asks(harness);
  harness.onlyQuestion('roots');
  await decide(harness, { kind: 'deny' });
  assert.deepEqual(await told(reply), []);
  await harness.end();
});

test('"workspace" in user settings shares all without a question; "none" does not even declare it', async () => {
  const harness = await sharing({
    one: { command: 'one', roots: 'workspace' },
    two: { command: 'two', roots: 'none' },
  });
  assert.deepEqual(await gets(harness), [A.uri, B.uri]);
  const refused = await harness.start('two').server.request('roots/list');
  assert.ok('error' in refused && refused.error.code === -32601);
  assert.match(wire(harness), /"roots":\{"listChanged":true\}/);
  assert.doesNotMatch(wire(harness, 'two'), /roots/);
  await harness.end();
});

test('"workspace" in workspace settings is a wish: it is told as such, and the person is asked', async () => {
  const harness = await sharing({ one: { command: 'one', roots: 'workspace' } }, { kind: 'workspace' });
  const { definition } = harness.server('one', { kind: 'workspace' });
  assert.deepEqual(
    definition.warnings.map(({ field }) => field),
    ['roots'],
  );
  await harness.approve();
  const { reply } = await asks(harness);
  assert.doesNotMatch(wire(harness), /file:/);
  await decide(harness, { kind: 'share', uris: [B.uri] });
  assert.deepEqual(await told(reply), [B.uri]);
  await harness.end();
});

test('in a workspace that is not trusted there is nothing to choose and nobody to tell (T148)', async () => {
  const harness = new HostHarness();
  harness.world.trusted = false;
  harness.world.setServers({ one: { command: 'one', roots: 'workspace' } });
  harness.host.open();
  await harness.settle();
  assert.equal(harness.launches, 0);
  assert.equal(await harness.host.folderChoice('user/one'), undefined);
  assert.deepEqual(harness.machine.looks, [], 'nothing is looked at for the choice');
  await harness.end();
});

test('where no folder is open nobody is asked', async () => {
  const harness = await sharing();
  harness.world.folders = [];
  assert.deepEqual(await gets(harness), []);
  await harness.end();
});

test('a call stands still while the person chooses', async () => {
  const harness = await sharing();
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  await harness.host.restart('user/one');
  await harness.settle();
  let failed = false;
  harness.host.callTool('user/one', 'echo', {}, {}).catch(() => (failed = true));
  await harness.settle();
  await asks(harness);
  await harness.pass(300_000);
  assert.equal(failed, false, 'its deadlines stand still');
  await decide(harness, { kind: 'deny' });
  await harness.pass(61_000);
  assert.equal(failed, true, 'and go on then');
  await harness.end();
});

test('a server of the stateless era gets in its round what the person chose', async () => {
  const harness = new HostHarness();
  const answers = modernAnswers(
    {
      'tools/list': () => ({ resultType: 'complete', tools: [tool('look')] }),
      'tools/call': (params) =>
        'inputResponses' in params
          ? textResult(JSON.stringify(params['inputResponses']), { resultType: 'complete' })
          : { resultType: 'input_required', inputRequests: { where: { method: 'roots/list' } } },
    },
    { capabilities: { tools: {} } },
  );
  harness.answers.set('one', answers);
  harness.world.folders = [A, B];
  harness.world.setServers({ one: { command: 'one' } });
  harness.host.open();
  await harness.settle();
  const call = harness.host.callTool('user/one', 'look', {}, {});
  await harness.settle();
  await harness.pass(300_000);
  assert.doesNotMatch(wire(harness), /file:/);
  await decide(harness, { kind: 'share', uris: [A.uri] });
  const [block] = (await call).content;
  assert.ok(block?.type === 'text' && block.text.kind === 'inline');
  assert.deepEqual(JSON.parse(block.text.text), { where: { roots: [{ uri: A.uri, name: 'a' }] } });
  assert.match(wire(harness), /"roots":\{\}/);
  assert.doesNotMatch(wire(harness), /list_changed/);
  await harness.end();
});
