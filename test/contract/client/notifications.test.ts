import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '../../../src/base/json';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const SILENT: Record<string, Answer> = {
  'tools/call': () => undefined,
  'resources/subscribe': () => ({}),
  'resources/unsubscribe': () => ({}),
};

function tokenOf(harness: ClientHarness): JsonValue {
  const meta = paramsOf(harness.sent('tools/call').at(-1))['_meta'] as { progressToken: JsonValue };
  return meta.progressToken;
}

test('a flood of list changes becomes one event now and one later', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  for (let change = 0; change < 20_000; change++) harness.server.notify('notifications/tools/list_changed');
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }]);
  await harness.pass(100);
  assert.equal(harness.heard('listChanged').length, 2);
  await harness.pass(10_000);
  assert.equal(harness.heard('listChanged').length, 2);
  await harness.end();
});

test('list changes are told ten times a second at most, and each list for itself', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  for (let tick = 0; tick < 100; tick++) {
    for (const list of ['tools', 'prompts', 'resources'])
      harness.server.notify(`notifications/${list}/list_changed`);
    await harness.pass(10);
  }
  await harness.pass(1_000);
  for (const kind of ['tools', 'prompts', 'resources', 'resourceTemplates']) {
    const count = harness.heard('listChanged').filter((event) => event.kind === kind).length;
    assert.ok(count >= 10 && count <= 12, `${kind}: ${count}`);
  }
  await harness.end();
});

test('progress is told ten times a second at most, and the last before the result', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const call = harness.host.request('callTool', { callId: 42, name: 't', arguments: {} });
  await harness.settle();
  const progressToken = tokenOf(harness);
  for (let step = 1; step <= 1_000; step++) {
    harness.server.notify('notifications/progress', {
      progressToken,
      progress: step,
      total: 1_000,
      message: `${step}`,
    });
    if (step % 10 === 0) await harness.pass(10);
  }
  harness.server.notify('notifications/progress', { progressToken, progress: 1_001 });
  harness.server.respond(idOf(harness.sent('tools/call')[0]), textResult('x'));
  let told = 0;
  await call.then(() => (told = harness.heard('progress').length));
  const events = harness.heard('progress');
  assert.ok(told >= 10 && told <= 13, `${told}`);
  assert.deepEqual(events[0], { callId: 42, progress: 1, total: 1_000, message: '1' });
  assert.deepEqual(events.at(-1), { callId: 42, progress: 1_001 });
  harness.server.notify('notifications/progress', { progressToken, progress: 2_000 });
  await harness.pass(1_000);
  assert.equal(harness.heard('progress').length, told, 'nothing comes behind the result');
  await harness.end();
});

test('progress that comes with the result but behind it is not told', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const call = harness.callTool();
  await harness.settle();
  const progressToken = tokenOf(harness);
  harness.server.respond(idOf(harness.sent('tools/call')[0]), textResult('x'));
  harness.server.notify('notifications/progress', { progressToken, progress: 1 });
  await call;
  await harness.pass(1_000);
  assert.deepEqual(harness.heard('progress'), []);
  await harness.end();
});

test('no progress comes behind a call that failed', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  for (const progress of [1, 2, 3])
    harness.server.notify('notifications/progress', { progressToken: tokenOf(harness), progress });
  await harness.settle();
  abort.abort();
  await call;
  await harness.settle();
  const before = harness.heard('progress').length;
  assert.equal(harness.heard('progress').at(-1)?.progress, 3);
  await harness.pass(10_000);
  assert.equal(harness.heard('progress').length, before);
  await harness.end();
});

test('hostile progress is ignored or bounded', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const call = harness.callTool();
  await harness.settle();
  const progressToken = tokenOf(harness);
  for (const progress of ['5', null, {}, -1e400, '__proto__'] as JsonValue[])
    harness.server.notify('notifications/progress', { progressToken, progress });
  harness.server.notify('notifications/progress');
  harness.server.notify('notifications/progress', { progressToken: '__proto__', progress: 1 });
  harness.server.notify('notifications/progress', {
    progressToken,
    progress: 0.5,
    total: 0,
    message: 'm'.repeat(1_000_000),
  });
  await harness.settle();
  assert.deepEqual(
    harness.heard('progress').map(({ progress, total, message }) => [progress, total, message?.length]),
    [[0.5, undefined, 500]],
  );
  harness.server.respond(idOf(harness.sent('tools/call')[0]), textResult('x'));
  await call;
  await harness.end();
});

test('updates are told for watched resources and what lies below them, and for nothing else', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const updated = (uri?: JsonValue): void =>
    harness.server.notify('notifications/resources/updated', uri === undefined ? undefined : { uri });
  updated('file:///a');
  await harness.host.request('subscribe', { uri: 'file:///a' });
  await harness.host.request('subscribe', { uri: 'file:///a' });
  await harness.host.request('subscribe', { uri: 'file:///dir/' });
  assert.equal(harness.sent('resources/subscribe').length, 2, 'once each');
  for (const uri of ['file:///ab', 'file:///', '', 7, null, 'file:///di']) updated(uri);
  updated();
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), []);
  updated('file:///a');
  updated('file:///dir/deep/er');
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'file:///a' }, { uri: 'file:///dir/' }]);
  await harness.pass(1_000);
  await harness.host.request('unsubscribe', { uri: 'file:///a' });
  updated('file:///a');
  updated('file:///a/b');
  await harness.pass(1_000);
  assert.equal(harness.heard('resourceUpdated').length, 2);
  assert.deepEqual(paramsOf(harness.sent('resources/unsubscribe')[0]), { uri: 'file:///a' });
  await harness.end();
});

test('an update is told for each watched resource that it lies under, and for itself (RSRC6)', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  for (const uri of ['test://dir', 'test://dir/sub', 'test://dir/f', 'test://other'])
    await harness.host.request('subscribe', { uri });
  const told = async (uri: string): Promise<readonly unknown[]> => {
    const before = harness.heard('resourceUpdated').length;
    harness.server.notify('notifications/resources/updated', { uri });
    await harness.pass(1_000);
    return harness.heard('resourceUpdated').slice(before);
  };
  assert.deepEqual(await told('test://dir/sub/z'), [{ uri: 'test://dir' }, { uri: 'test://dir/sub' }]);
  assert.deepEqual(await told('test://dir/f'), [{ uri: 'test://dir' }, { uri: 'test://dir/f' }]);
  await harness.end();
});

test('a storm of updates is told twice a second at most', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  await harness.host.request('subscribe', { uri: 'a:b' });
  for (let update = 0; update < 10_000; update++)
    harness.server.notify('notifications/resources/updated', { uri: 'a:b' });
  await harness.settle();
  assert.equal(harness.heard('resourceUpdated').length, 1);
  await harness.pass(499);
  assert.equal(harness.heard('resourceUpdated').length, 1);
  await harness.pass(1);
  assert.equal(harness.heard('resourceUpdated').length, 2);
  await harness.end();
});

test('of a thousand resources at most is told at once, however many a server says have changed', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const uris = Array.from({ length: 1_001 }, (_, index) => `c:${index}`);
  for (const uri of uris) await harness.host.request('subscribe', { uri });
  for (const uri of uris) harness.server.notify('notifications/resources/updated', { uri });
  await harness.settle();
  assert.equal(harness.heard('resourceUpdated').length, 1_000);
  await harness.end();
});

test('a subscription that the server refuses is not watched', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  assert.equal((await failureOf(harness.host.request('subscribe', { uri: 'a:b' }))).code, 'server-error');
  harness.server.notify('notifications/resources/updated', { uri: 'a:b' });
  await harness.settle();
  assert.deepEqual(harness.heard('resourceUpdated'), []);
  await harness.end();
});

test('notifications of other protocols and unknown ones do nothing', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const call = harness.callTool();
  await harness.settle();
  const frames = harness.frames.length;
  const id = idOf(harness.sent('tools/call')[0]);
  for (const method of [
    '$/cancelRequest',
    '$/progress',
    '$/setTrace',
    '$/logTrace',
    '',
    '__proto__',
    'notifications/initialized',
    'notifications/elicitation/complete',
  ])
    for (const params of [undefined, {}, { id }, { token: 1, value: 2 }, { id: null }])
      harness.server.notify(method, params);
  await harness.settle();
  assert.equal(harness.frames.length, frames);
  assert.deepEqual(
    harness.events.map(({ name }) => name),
    ['spawned'],
  );
  harness.server.respond(id, textResult('x'));
  await call;
  await harness.end();
});

test('nothing is told any more once the host has asked for the end', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { clientTransport } = harness.server;
  const close = clientTransport.close.bind(clientTransport);
  clientTransport.close = async () => {
    clientTransport.close = close;
    harness.server.notify('notifications/tools/list_changed');
    harness.server.notify('notifications/message', { level: 'info', data: 'x' });
    void harness.server.request('ping');
    await harness.settle();
    await close();
  };
  await harness.host.request('close', undefined);
  await harness.pass(10_000);
  assert.deepEqual(
    harness.events.map(({ name }) => name),
    ['spawned'],
  );
  assert.deepEqual(harness.responses, []);
  await harness.end();
});
