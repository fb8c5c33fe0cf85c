import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Call } from '../../../src/host/calls';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import type { Progress } from '../../../src/rpc/progressTokens';
import { failsSaying } from '../../support/failures';
import { idOf, paramsOf, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';

const ID = 'user/one';

/** A running server whose calls are left open. */
async function open(entry: Readonly<Record<string, unknown>> = {}): Promise<HostHarness> {
  const harness = new HostHarness();
  harness.answers.set('one', everyday({ 'tools/call': () => undefined }));
  harness.world.setServers({ one: { command: 'one', ...entry }, two: { command: 'two' } });
  harness.host.open();
  await harness.settle();
  return harness;
}

function sent(harness: HostHarness, method: string): JsonRpcMessage[] {
  return harness
    .start('one')
    .server.received.filter((message) => 'method' in message && message.method === method);
}

function onlyCall(harness: HostHarness): Call {
  const calls = harness.host.calls.runningOf(ID);
  assert.equal(calls.length, 1);
  return calls[0] ?? assert.fail();
}

test('a call leaves with exactly the arguments given, and comes back with the result', async () => {
  const harness = await open();
  const args = { text: 'é', list: [1, null, { deep: true }] };
  const called = harness.host.callTool(ID, 'echo', args, {});
  await harness.settle();
  const [request] = sent(harness, 'tools/call');
  assert.deepEqual(paramsOf(request)['arguments'], args);
  harness.start('one').server.respond(idOf(request), textResult('back', { isError: true }));
  const result = await called;
  assert.deepEqual(
    [result.isError, result.content],
    [true, [{ type: 'text', text: { kind: 'inline', text: 'back' } }]],
  );
  const [call] = [harness.host.calls.get(1)];
  assert.deepEqual(call?.state, { kind: 'done', ms: 0, isError: true });
  await harness.end();
});

test('progress reaches the call it belongs to, and no other', async () => {
  const harness = await open();
  const seen: [string, Progress][] = [];
  for (const name of ['echo', 'wipe'])
    harness.host
      .callTool(ID, name, {}, { onProgress: (progress) => seen.push([name, progress]) })
      .catch(() => undefined);
  await harness.settle();
  const token = (index: number): unknown => {
    const meta = paramsOf(sent(harness, 'tools/call')[index])['_meta'];
    return (meta as { progressToken: unknown }).progressToken;
  };
  const report = async (progressToken: unknown, progress: number): Promise<void> => {
    harness
      .start('one')
      .server.notify('notifications/progress', { progressToken, progress, total: 4 } as never);
    await harness.settle();
    await harness.pass(200);
  };
  await report(token(1), 1);
  await report('unknown', 9);
  await report(token(0), 2);
  assert.deepEqual(seen, [
    ['wipe', { progress: 1, total: 4 }],
    ['echo', { progress: 2, total: 4 }],
  ]);
  await harness.end();
});

test("a client that reports progress of another server's call is not believed", async () => {
  const harness = await open();
  const seen: Progress[] = [];
  harness.host
    .callTool(ID, 'echo', {}, { onProgress: (progress) => seen.push(progress) })
    .catch(() => undefined);
  await harness.settle();
  const callId = onlyCall(harness).id;
  const report = { t: 'event', name: 'progress', payload: { callId, progress: 5 } };
  harness.start('two').hostPort.deliver([report]);
  await harness.settle();
  assert.deepEqual(onlyCall(harness).state, { kind: 'running' });
  harness.start('one').hostPort.deliver([report]);
  assert.deepEqual(
    [seen, onlyCall(harness).state],
    [[{ progress: 5 }], { kind: 'running', progress: { progress: 5 } }],
  );
  await harness.end();
});

test('a call that is cancelled fails at once and is cancelled at the server', async () => {
  const harness = await open();
  const abort = new AbortController();
  const [first, second] = [
    harness.host.callTool(ID, 'echo', {}, { signal: abort.signal }),
    harness.host.callTool(ID, 'wipe', {}, {}),
  ];
  const ended = Promise.all([failsSaying(first, /Cancelled/), failsSaying(second, /Cancelled/)]);
  await harness.settle();
  abort.abort();
  const [, wipe] = harness.host.calls.runningOf(ID);
  harness.host.calls.cancel(wipe?.id ?? 0);
  await ended;
  await harness.settle();
  assert.deepEqual(
    sent(harness, 'notifications/cancelled').map((message) => paramsOf(message)['requestId']),
    sent(harness, 'tools/call').map((message) => idOf(message)),
  );
  assert.deepEqual(harness.host.calls.runningOf(ID), []);
  await harness.end();
});

test('a call that is cancelled before it begins never leaves', async () => {
  const harness = await open();
  await failsSaying(harness.host.callTool(ID, 'echo', {}, { signal: AbortSignal.abort() }), /Cancelled/);
  await harness.settle();
  assert.deepEqual(sent(harness, 'tools/call'), []);
  await harness.end();
});

test('calls to a server that ends fail with how it ended, those to others go on', async () => {
  const harness = await open();
  const call = failsSaying(harness.host.callTool(ID, 'echo', {}, {}), /exit code 3/);
  await harness.settle();
  harness.start('one').server.transport.exit({ code: 3, signal: null });
  await call;
  assert.equal((await harness.host.callTool('user/two', 'echo', {}, {})).isError, false);
  await harness.end();
});

test('nothing is called on a server that does not run, or is not there', async () => {
  const harness = await open();
  await harness.host.stop(ID);
  await failsSaying(harness.host.callTool(ID, 'echo', {}, {}), /not running/);
  await failsSaying(harness.host.callTool('user/none', 'echo', {}, {}), /no longer configured/);
  await failsSaying(harness.host.readResource('user/none', 'test://one', {}), /no longer configured/);
  await failsSaying(harness.host.getPrompt('user/none', 'greet', {}, {}), /no longer configured/);
  await harness.end();
});

test('the rules of an entry hide tools and refuse their calls, deny before allow', async () => {
  const harness = await open({ tools: { allow: ['e*', 'wipe'], deny: ['wipe'] } });
  const list = harness.server('one').catalog?.list('tools');
  assert.ok(list?.kind === 'ready');
  assert.deepEqual([list.listing.items.map(({ name }) => name), list.hidden], [['echo'], 1]);
  assert.deepEqual(
    harness.host.offered('tools').map(({ server, item }) => `${server.id} ${item.name}`),
    ['user/one echo', 'user/two echo', 'user/two wipe'],
  );
  for (const name of ['wipe', 'unlisted'])
    await failsSaying(harness.host.callTool(ID, name, {}, {}), /rules of this server/);
  assert.deepEqual(sent(harness, 'tools/call'), []);
  await harness.end();
});

test('a list that changes is read again, without its neighbours, and at most twice a second', async () => {
  const harness = await open();
  const { server } = harness.start('one');
  const before = sent(harness, 'tools/list').length;
  server.answers.set('tools/list', () => ({ tools: [tool('new')] }));
  for (let count = 0; count < 50; count++) {
    server.notify('notifications/tools/list_changed');
    await harness.pass(20);
  }
  await harness.pass(1_000);
  const reads = sent(harness, 'tools/list').length - before;
  assert.ok(reads >= 2 && reads <= 4, `${reads} reads in two seconds`);
  assert.equal(sent(harness, 'prompts/list').length, 1);
  assert.deepEqual(
    harness
      .server('one')
      .catalog?.items('tools')
      .map(({ name }) => name),
    ['new'],
  );
  await harness.end();
});

test('a resource and a prompt are read, and count as calls of the person', async () => {
  const harness = await open();
  const read = await harness.host.readResource(ID, 'test://one', {});
  assert.equal(read.contents[0]?.uri, 'test://one');
  const texts = { name: '42', other: 'null' };
  await harness.host.getPrompt(ID, 'greet', texts, {});
  assert.deepEqual(
    paramsOf(sent(harness, 'prompts/get')[0])['arguments'],
    texts,
    'texts as they are (PRMT1)',
  );
  assert.deepEqual(
    [1, 2]
      .map((id) => harness.host.calls.get(id))
      .map((call) => [call?.kind, call?.target, call?.state.kind]),
    [
      ['resource', 'test://one', 'done'],
      ['prompt', 'greet', 'done'],
    ],
  );
  await harness.end();
});
