import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { SamplingReply } from '../../../src/client/contract';
import { describeFailure } from '../../../src/presentation/failureTexts';
import {
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
  textResult,
} from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const SILENT: Record<string, Answer> = { 'tools/call': () => undefined };
const TIMEOUTS = { connect: 30_000, request: 10_000, total: 25_000 };
const SAMPLING = { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 5 };

async function calling(answers = legacyAnswers(SILENT)): Promise<{
  harness: ClientHarness;
  failure: ReturnType<typeof failureOf>;
  progress: (value: number) => void;
}> {
  const harness = await ClientHarness.connected(answers, { timeouts: TIMEOUTS });
  const failure = failureOf(harness.callTool());
  await harness.settle();
  const meta = paramsOf(harness.sent('tools/call')[0])['_meta'] as { progressToken: number };
  const progress = (value: number): void =>
    harness.server.notify('notifications/progress', { progressToken: meta.progressToken, progress: value });
  return { harness, failure, progress };
}

for (const [era, answers] of [
  ['stateful', legacyAnswers],
  ['stateless', modernAnswers],
] as const)
  test(`silence ends a call and cancels it at the server in the ${era} era`, async () => {
    const { harness, failure } = await calling(answers(SILENT, { capabilities: { tools: {} } }));
    await harness.pass(9_999);
    assert.equal(harness.sent('notifications/cancelled').length, 0);
    await harness.pass(1);
    assert.deepEqual(await failure, { code: 'timeout', ms: 10_000, limit: 'idle' });
    assert.deepEqual(
      harness.sent('notifications/cancelled').map((frame) => frame.params),
      [{ requestId: idOf(harness.sent('tools/call')[0]), reason: 'timeout' }],
    );
    await harness.end();
  });

test('progress starts the idle limit again but not the total one', async () => {
  const { harness, failure, progress } = await calling();
  for (let step = 1; step <= 4; step++) {
    await harness.pass(6_000);
    assert.equal(harness.sent('notifications/cancelled').length, 0);
    progress(step);
  }
  await harness.pass(999);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.pass(1);
  assert.deepEqual(await failure, { code: 'timeout', ms: 25_000, limit: 'total' });
  await harness.end();
});

test('progress that is not valid is no sign of life', async () => {
  const { harness, failure, progress } = await calling();
  progress(5);
  await harness.pass(9_000);
  progress(5);
  progress(4);
  harness.server.notify('notifications/progress', { progressToken: 999, progress: 6 });
  harness.server.notify('notifications/progress', { progressToken: '1', progress: 6 });
  harness.server.notify('notifications/progress', { progress: 6 });
  await harness.pass(1_000);
  assert.equal((await failure).code, 'timeout');
  await harness.end();
});

test('the clock stands still while the server waits for a model answer, and goes on behind it', async () => {
  const { harness, failure } = await calling();
  const replies: Deferred<SamplingReply>[] = [];
  harness.serve.sample = () => {
    const reply = new Deferred<SamplingReply>();
    replies.push(reply);
    return reply.promise;
  };
  await harness.pass(4_000);
  const sampled = [
    harness.server.request('sampling/createMessage', SAMPLING),
    harness.server.request('sampling/createMessage', SAMPLING),
  ];
  await harness.pass(1_700_000);
  replies[0]?.resolve({ kind: 'rejected' });
  await sampled[0];
  await harness.pass(1_700_000);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  replies[1]?.resolve({ kind: 'rejected' });
  await sampled[1];
  await harness.pass(5_999);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.pass(1);
  assert.deepEqual(await failure, { code: 'timeout', ms: 10_000, limit: 'idle' });
  await harness.end();
});

test('a sampling request that the server takes back lets the clock go on', async () => {
  const { harness, failure } = await calling();
  harness.serve.sample = (_params, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('CANARY'))));
  harness.server.transport.send({
    jsonrpc: '2.0',
    id: 'q',
    method: 'sampling/createMessage',
    params: SAMPLING,
  });
  await harness.pass(100_000);
  harness.server.notify('notifications/cancelled', { requestId: 'q' });
  await harness.pass(9_999);
  await harness.pass(1);
  assert.equal((await failure).code, 'timeout');
  await harness.end();
});

test('what comes after a timeout, a cancellation or a close changes nothing', async () => {
  const { harness, failure, progress } = await calling();
  await harness.pass(10_000);
  await failure;
  const abort = new AbortController();
  const cancelled = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  abort.abort();
  assert.equal((await cancelled).code, 'cancelled');
  await harness.settle();
  const events = harness.events.length;
  for (const call of harness.sent('tools/call')) harness.server.respond(idOf(call), textResult('late'));
  progress(7);
  await harness.settle();
  assert.deepEqual(
    harness.events.slice(events).map(({ name }) => name),
    ['wire', 'wire'],
    'two notes for the log, no progress',
  );
  const closing = harness.callTool();
  const closed = failureOf(closing);
  await harness.settle();
  harness.host.close();
  assert.equal((await closed).code, 'connection-closed');
  harness.server.respond(idOf(harness.sent('tools/call').at(-1)), textResult('late'));
  await harness.settle();
  await harness.end();
});

test('an answer that arrived wins over an end of the connection behind it', async () => {
  for (const answer of [{ result: textResult('arrived') }, { error: { code: 5, message: 'arrived' } }]) {
    const harness = await ClientHarness.connected(legacyAnswers(SILENT));
    const call = harness.callTool().then(
      ({ content }) => JSON.stringify(content),
      (error: unknown) => JSON.stringify((error as { failure: unknown }).failure),
    );
    await harness.settle();
    harness.server.transport.send({ jsonrpc: '2.0', id: idOf(harness.sent('tools/call')[0]), ...answer });
    harness.server.transport.exit({ code: 0, signal: null });
    assert.match(await call, /arrived/);
    await harness.end();
  }
});

test('no timer outlives its call', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({ 'tools/call': () => textResult('x') }, { capabilities: { tools: {} } }),
  );
  for (let call = 0; call < 5; call++) await harness.callTool();
  await harness.settle();
  assert.equal(harness.clock.waiting, 0);
  await harness.end();
});

test('aborting sends one cancellation with the id of the call, however often it is done', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const abort = new AbortController();
  const call = failureOf(harness.callTool({}, abort.signal));
  await harness.settle();
  for (let times = 0; times < 10; times++) abort.abort();
  assert.equal((await call).code, 'cancelled');
  await harness.settle();
  assert.deepEqual(
    harness.sent('notifications/cancelled').map((frame) => frame.params),
    [{ requestId: idOf(harness.sent('tools/call')[0]), reason: 'cancelled by the user' }],
  );
  await harness.end();
});

test('a call that is answered is not cancelled any more', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ 'tools/call': () => textResult('x') }));
  const abort = new AbortController();
  await harness.callTool({}, abort.signal);
  abort.abort();
  await harness.pass(1_000_000);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});

test('a call that is aborted before it starts never leaves', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  assert.equal((await failureOf(harness.callTool({}, AbortSignal.abort()))).code, 'cancelled');
  await harness.settle();
  assert.equal(harness.sent('tools/call').length, 0);
  await harness.end();
});

test('a call fails with how the process ended, before the end itself is told, and may have been carried out', async () => {
  const harness = await ClientHarness.connected(legacyAnswers({ ...SILENT, 'tools/list': () => undefined }));
  const order: string[] = [];
  const call = failureOf(harness.callTool());
  const list = failureOf(harness.host.request('list', { kind: 'tools' }));
  await harness.settle();
  harness.server.transport.exit({ code: null, signal: 'SIGKILL' });
  const exit = { code: null, signal: 'SIGKILL' };
  assert.deepEqual(await call, { code: 'connection-closed', exit, mayHaveActed: true });
  assert.deepEqual(await list, { code: 'connection-closed', exit });
  order.push(...harness.events.map(({ name }) => name).filter((name) => name === 'ended'));
  await harness.settle();
  assert.deepEqual(order, []);
  assert.deepEqual(harness.heard('ended'), [{ failure: { code: 'connection-closed', exit }, exit }]);
  await harness.end();
});

test('a connection that is cut off for breaking a bound says so', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const call = failureOf(harness.callTool());
  await harness.settle();
  harness.server.transport.violate('wrote an endless line');
  const failure = await call;
  assert.deepEqual(failure, {
    code: 'connection-closed',
    violation: 'wrote an endless line',
    mayHaveActed: true,
  });
  assert.equal(
    describeFailure(failure),
    'The connection was cut, because the server wrote an endless line. The server may still have acted.',
  );
  await harness.settle();
  assert.deepEqual(harness.heard('ended'), [
    { failure: { code: 'refused', detail: 'The server wrote an endless line.' } },
  ]);
  await harness.end();
});

test('a message that was refused fails the call it answers and no other', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const first = failureOf(harness.callTool());
  const second = harness.callTool();
  await harness.settle();
  const [a, b] = harness.sent('tools/call');
  const peer = harness.server.transport.peerHandlers;
  peer?.onRefused({ subject: { kind: 'answer', id: idOf(a) }, bytes: 9_000_000, detail: 'too dense' });
  peer?.onRefused({ subject: { kind: 'answer', id: 'nobody' }, bytes: 1, detail: 'too dense' });
  peer?.onRefused({ bytes: 1, detail: 'too dense' });
  const refused = { code: 'message-refused', bytes: 9_000_000, detail: 'too dense' } as const;
  assert.deepEqual(await first, { ...refused, mayHaveActed: true });
  harness.server.respond(idOf(b), textResult('fine'));
  assert.equal((await second).isError, false);
  assert.equal(harness.heard('wire').length, 3);
  assert.equal(harness.sent('notifications/cancelled').length, 0);
  await harness.end();
});
