import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { modernAnswers, paramsOf, textResult } from '../../support/clientHarness';
import { everyday, HostHarness, tool } from '../../support/hostHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { calling, errorOf, ID, type Reply, running, WITHDRAWALS } from './asking';

const FORM: JsonObject = {
  message: 'Who are you?',
  requestedSchema: {
    type: 'object',
    properties: { name: { type: 'string' }, share: { type: 'boolean', default: true } },
    required: ['name'],
  },
};
const PAGE: JsonObject = { mode: 'url', message: 'm', url: 'https://a.example/', elicitationId: 'e1' };

/** The server asks; the reply is in a list, so that waiting for the question does not wait for it. */
async function ask(harness: HostHarness, params = FORM): Promise<readonly [Promise<Reply>]> {
  const reply = harness.start('one').server.request('elicitation/create', params);
  await harness.settle();
  return [reply];
}

async function decide(
  harness: HostHarness,
  decision: Parameters<HostHarness['host']['consent']['decide']>[1],
  kind: 'elicitation' | 'elicitation-wait' = 'elicitation',
): Promise<void> {
  assert.ok(harness.host.consent.decide(harness.onlyQuestion(kind).id, decision));
  await harness.settle();
}

function resultOf(reply: Reply | undefined): unknown {
  assert.ok(reply && 'result' in reply, JSON.stringify(reply));
  return reply.result;
}

test("the person's own answers leave, exactly, and no default of the server's by itself", async () => {
  const harness = await calling();
  const [reply] = await ask(harness);
  const { subject } = harness.onlyQuestion('elicitation');
  assert.ok(subject.request.mode === 'form');
  assert.deepEqual(subject.cause, { kind: 'while-running', callTitles: ['echo'] });
  await decide(harness, { kind: 'submit', content: { name: 'me' } });
  assert.deepEqual(resultOf(await reply), { action: 'accept', content: { name: 'me' } });
  await harness.end();
});

test('yes, no and neither are told apart, for a form and for a page', async () => {
  const cases = [
    [FORM, { kind: 'deny' }, { action: 'decline' }],
    [FORM, { kind: 'dismiss' }, { action: 'cancel' }],
    [PAGE, { kind: 'allow-once' }, { action: 'accept' }],
    [PAGE, { kind: 'deny' }, { action: 'decline' }],
    [PAGE, { kind: 'dismiss' }, { action: 'cancel' }],
  ] as const;
  for (const [params, decision, result] of cases) {
    const harness = await calling();
    const [reply] = await ask(harness, params);
    await decide(harness, decision);
    assert.deepEqual(resultOf(await reply), result);
    await harness.end();
  }
});

test('answers that the form does not take, and other kinds of decision, decide nothing', async () => {
  const harness = await calling();
  const [reply] = await ask(harness);
  const { id } = harness.onlyQuestion('elicitation');
  for (const decision of [
    { kind: 'submit', content: {} },
    { kind: 'submit', content: { name: 5 } },
    { kind: 'submit', content: { name: 'me', other: 'x' } },
    { kind: 'allow-once' },
    { kind: 'answer', text: 'x' },
  ] as const)
    assert.equal(harness.host.consent.decide(id, decision), false, JSON.stringify(decision));
  await decide(harness, { kind: 'submit', content: { name: '' } });
  assert.deepEqual(resultOf(await reply), { action: 'accept', content: { name: '' } });
  const [page] = await ask(harness, PAGE);
  const asked = harness.onlyQuestion('elicitation').id;
  assert.equal(harness.host.consent.decide(asked, { kind: 'submit', content: {} }), false);
  await decide(harness, { kind: 'deny' });
  await page;
  await harness.end();
});

test('a question that nobody answers expires as neither yes nor no', async () => {
  const harness = await calling();
  harness.world.samplingExpiryMs = 60_000;
  const [reply] = await ask(harness);
  await harness.pass(60_000);
  assert.deepEqual(resultOf(await reply), { action: 'cancel' });
  await harness.end();
});

test('a server that asks while no call runs is refused, unless the person lets it', async () => {
  const quiet = await HostHarness.open({ one: { command: 'one' } });
  assert.match(
    errorOf(await quiet.start('one').server.request('elicitation/create', FORM)).message,
    /while a call is running/,
  );
  assert.deepEqual(quiet.host.consent.entries(), []);
  await quiet.end();
  const free = await HostHarness.open({ one: { command: 'one', sampling: { outsideCalls: true } } });
  const [reply] = await ask(free);
  await decide(free, { kind: 'deny' });
  assert.deepEqual(resultOf(await reply), { action: 'decline' });
  await free.end();
});

test('an entry of a workspace cannot let its server ask at any time', async () => {
  const harness = await HostHarness.open();
  await harness.edit({ one: { command: 'one', sampling: { outsideCalls: true } } }, { kind: 'workspace' });
  await harness.approve();
  const reply = await harness.start('one').server.request('elicitation/create', FORM);
  assert.match(errorOf(reply).message, /while a call is running/);
  await harness.end();
});

test('one question is put at a time, in order, and a fourth one is refused (T145)', async () => {
  const harness = await calling();
  const { server } = harness.start('one');
  const replies = [1, 2, 3].map((n) => server.request('elicitation/create', { ...FORM, message: String(n) }));
  await harness.settle();
  assert.equal(errorOf(await server.request('elicitation/create', FORM)).code, -32000);
  for (const [index, reply] of replies.entries()) {
    const { request } = harness.onlyQuestion('elicitation').subject;
    assert.equal(request.message, String(index + 1));
    await decide(harness, { kind: 'deny' });
    assert.deepEqual(resultOf(await reply), { action: 'decline' });
  }
  await harness.end();
});

test('a server may ask sixty times an hour', async () => {
  const harness = await HostHarness.open({ one: { command: 'one', sampling: { outsideCalls: true } } });
  for (let round = 0; round < 60; round++) {
    const [reply] = await ask(harness);
    await decide(harness, { kind: 'deny' });
    await reply;
    await harness.pass(1_000);
  }
  const [refused] = await ask(harness);
  assert.match(errorOf(await refused).message, /Too many/);
  await harness.pass(3_600_000);
  const [again] = await ask(harness);
  await decide(harness, { kind: 'deny' });
  await again;
  await harness.end();
});

for (const [what, happen] of WITHDRAWALS)
  test(`a question leaves the queue by itself when ${what}, and a late answer goes nowhere`, async () => {
    const harness = await calling();
    void ask(harness);
    await harness.settle();
    const { id } = harness.onlyQuestion('elicitation');
    const { server } = harness.start('one');
    void happen(harness);
    await harness.settle();
    assert.deepEqual(harness.host.consent.entries(), []);
    const late = { kind: 'submit', content: { name: 'CANARY' } } as const;
    assert.equal(harness.host.consent.decide(id, late), false);
    await harness.settle();
    assert.doesNotMatch(JSON.stringify(server.received), /CANARY/);
    await harness.end();
  });

test('what a person answers is in no log (T143)', async () => {
  const harness = await calling();
  const [reply] = await ask(harness);
  await decide(harness, { kind: 'submit', content: { name: 'CANARY' } });
  await reply;
  const log = harness.world.logLines.join('\n');
  assert.match(log, /A request for your input was answered/);
  assert.doesNotMatch(log, /CANARY/);
  await harness.end();
});

/** A running server of the stateless era whose call asks for these inputs, and then for no more. */
async function callingModern(...rounds: readonly JsonObject[]): Promise<HostHarness> {
  let round = 0;
  const answers = modernAnswers(
    {
      'tools/list': () => ({ resultType: 'complete', tools: [tool('echo')] }),
      'tools/call': () => {
        const inputRequests = rounds[round++];
        return inputRequests
          ? { resultType: 'input_required', inputRequests }
          : { resultType: 'complete', ...(textResult('done') as JsonObject) };
      },
    },
    { capabilities: { tools: {} } },
  );
  return await running(answers);
}

const input = (params: JsonObject): JsonObject => ({ method: 'elicitation/create', params });

test('in the stateless era the call is named, and declining lets it go on', async () => {
  const harness = await callingModern({ a: input(FORM) });
  const call = harness.host.callTool(ID, 'echo', {}, {});
  await harness.settle();
  assert.deepEqual(harness.onlyQuestion('elicitation').subject.cause, {
    kind: 'call',
    callId: 1,
    callTitle: 'echo',
  });
  await decide(harness, { kind: 'deny' });
  assert.equal((await call).isError, false);
  const sent = harness
    .start('one')
    .server.received.filter((message) => 'method' in message && message.method === 'tools/call');
  assert.deepEqual(paramsOf(sent[1])['inputResponses'], { a: { action: 'decline' } });
  await harness.end();
});

test('a call leads to five questions at most; the others are answered as if dismissed (T145)', async () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const harness = await callingModern(Object.fromEntries(keys.map((key) => [key, input(FORM)])));
  const call = harness.host.callTool(ID, 'echo', {}, {});
  await harness.settle();
  let asked = 0;
  for (; harness.host.consent.entries().length > 0; asked++) await decide(harness, { kind: 'deny' });
  assert.equal(asked, 5);
  await call;
  const sent = harness
    .start('one')
    .server.received.filter((message) => 'method' in message && message.method === 'tools/call');
  const responses = paramsOf(sent[1])['inputResponses'] as Record<string, unknown>;
  assert.deepEqual(responses['f'], { action: 'cancel' });
  await harness.end();
});

/** A running server whose call needs a page opened first. */
async function callingForPage(): Promise<{ harness: HostHarness; call: Promise<unknown> }> {
  let round = 0;
  const answers = everyday({
    'tools/call': () => {
      if (round++ === 0) throw new ScriptedError(-32042, 'x', { elicitations: [PAGE] });
      return textResult('done');
    },
  });
  const harness = await running(answers);
  const call = harness.host.callTool(ID, 'echo', {}, {}).then(
    ({ isError }) => isError,
    (error: unknown) => String(error),
  );
  await harness.settle();
  return { harness, call };
}

test('a call that needs a page waits for consent, then for the person, and is made again', async () => {
  const { harness, call } = await callingForPage();
  await decide(harness, { kind: 'allow-once' });
  const { subject } = harness.onlyQuestion('elicitation-wait');
  assert.deepEqual(subject, {
    kind: 'elicitation-wait',
    urls: ['https://a.example/'],
    cause: { kind: 'call', callId: 1, callTitle: 'echo' },
  });
  await decide(harness, { kind: 'allow-once' }, 'elicitation-wait');
  assert.equal(await call, false);
  await harness.end();
});

test('the server ends the wait by itself, and then nothing is left to decide', async () => {
  const { harness, call } = await callingForPage();
  await decide(harness, { kind: 'allow-once' });
  harness.onlyQuestion('elicitation-wait');
  harness.start('one').server.notify('notifications/elicitation/complete', { elicitationId: 'e1' });
  await harness.settle();
  assert.equal(await call, false);
  assert.deepEqual(harness.host.consent.entries(), []);
  await harness.end();
});

test('giving up, cancelling the call and waiting in vain end the call, and the page is not asked about again', async () => {
  const ends: readonly ((harness: HostHarness) => unknown)[] = [
    (harness) => decide(harness, { kind: 'deny' }, 'elicitation-wait'),
    (harness) => harness.host.calls.cancel(1),
    (harness) => harness.pass(harness.world.samplingExpiryMs),
  ];
  for (const end of ends) {
    const { harness, call } = await callingForPage();
    await decide(harness, { kind: 'allow-once' });
    await end(harness);
    assert.match(String(await call), /given up|cancelled/);
    await harness.settle();
    assert.deepEqual(harness.host.consent.entries(), []);
    await harness.end();
  }
});
