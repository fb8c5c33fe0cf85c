import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import type { Failure } from '../../../src/protocol/failure';
import { ClientHarness, idOf, modernAnswers } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';
import { acknowledge, ALL_CHANGED, ALL_LISTS, endNewest, newest, notify } from './listening';

// Every pause is as short as it can be, unless a test says otherwise.
const dice = mock.method(Math, 'random', () => 0);

test('what may have changed while there was no subscription is told when there is one again', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  acknowledge(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [], 'nothing was missed so far');
  await endNewest(harness);
  await harness.pass(1_000);
  assert.deepEqual(harness.heard('listChanged'), [], 'not before it is open');
  acknowledge(harness, { ...ALL_LISTS, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  acknowledge(harness);
  await harness.pass(60_000);
  assert.equal(harness.heard('listChanged').length, 4, 'once');
  await harness.end();
});

test('only what the subscription is about is told, and a new filter meanwhile makes no difference', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {},
      { capabilities: { tools: { listChanged: true }, prompts: {}, resources: { subscribe: true } } },
    ),
  );
  await endNewest(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.settle();
  acknowledge(harness, { toolsListChanged: true, resourceSubscriptions: ['a:b'] });
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }]);
  assert.deepEqual(harness.heard('resourceUpdated'), [{ uri: 'a:b' }]);
  await harness.end();
});

test('a server that does not acknowledge is believed after 5 s', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  await endNewest(harness);
  await harness.pass(1_000 + 4_999);
  assert.deepEqual(harness.heard('listChanged'), []);
  await harness.pass(1);
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await harness.end();
});

test('a subscription that fails for now is asked for again, after the same pauses', async () => {
  let refusals = 2;
  const busy: Answer = () => {
    if (refusals-- > 0) throw new ScriptedError(-32603, 'temporarily busy');
    return undefined;
  };
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': busy }));
  for (const [index, wait] of [1_000, 5_000].entries()) {
    await harness.pass(wait - 1);
    assert.equal(harness.sent('subscriptions/listen').length, index + 1);
    await harness.pass(1);
    assert.equal(harness.sent('subscriptions/listen').length, index + 2);
  }
  assert.deepEqual(
    harness.heard('wire').map(({ message }) => message),
    Array<string>(2).fill('The server ended a subscription with error -32603.'),
  );
  acknowledge(harness);
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await harness.end();
});

/** Lets every subscription fail for as long as it is told, and says after how many seconds each was asked for. */
async function listensWhile(
  failure: Failure,
  seconds: number,
): Promise<{ at: number[]; harness: ClientHarness }> {
  const at: number[] = [];
  let start = 0;
  const answers = modernAnswers({
    'subscriptions/listen': (_params, { id }) => {
      const now = harness.clock.monotonic() / 1_000 - start;
      if (now >= seconds) return undefined;
      at.push(now);
      harness.server.transport.peerHandlers?.onFailed(id, failure);
      return undefined;
    },
  });
  const harness = new ClientHarness(answers);
  start = harness.clock.monotonic() / 1_000;
  await harness.connect();
  for (let second = 0; second < seconds; second++) await harness.pass(1_000);
  return { at, harness };
}

test('a subscription outlasts hours without a network, and what was missed is told then', async () => {
  const failure: Failure = { code: 'network', problem: 'unknown-host', host: 'h' };
  const { at, harness } = await listensWhile(failure, 600);
  assert.deepEqual(at.slice(0, 6), [0, 1, 6, 36, 86, 136]);
  assert.deepEqual(harness.heard('listChanged'), []);
  assert.deepEqual(harness.heard('wire'), []);
  await harness.pass(60_000);
  acknowledge(harness);
  await harness.settle();
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await harness.end();
});

test('subscriptions that one server lost are not all opened again at the same moment, and each within a minute (T062)', async () => {
  dice.mock.mockImplementation(() => 0.999);
  const failure: Failure = { code: 'network', problem: 'refused', host: 'h' };
  const { at, harness } = await listensWhile(failure, 300);
  dice.mock.mockImplementation(() => 0);
  assert.deepEqual(at.slice(0, 6), [0, 2, 8, 44, 104, 164]);
  await harness.end();
});

test('a busy server is asked for a subscription when it wants to be (T071)', async () => {
  const failure: Failure = { code: 'http-error', status: 503, isPage: false, retryAfterMs: 200_000 };
  const { at, harness } = await listensWhile(failure, 700);
  assert.deepEqual(at, [0, 200, 400, 600]);
  await harness.end();
});

test('that a subscription is given up is told', async () => {
  const { at, harness } = await listensWhile({ code: 'answer-lost' }, 300);
  assert.deepEqual(at, [0, 1, 6, 36, 86]);
  assert.deepEqual(
    harness.heard('wire').map(({ message }) => message),
    ['The subscription cannot be kept open; changes of the server are not listened to any more.'],
  );
  assert.deepEqual(harness.heard('unheard'), [{ unheard: { failure: { code: 'answer-lost' } } }]);
  await harness.end();
});

test('a subscription that was given up is asked for anew with the next list that the person wants, with all its pauses (T062)', async () => {
  let isEnding = true;
  const listens: number[] = [];
  const harness = new ClientHarness(
    modernAnswers({
      'tools/list': () => ({ resultType: 'complete', tools: [] }),
      'subscriptions/listen': (_params, { id }) => {
        listens.push(harness.clock.monotonic());
        if (isEnding) harness.server.notify('notifications/cancelled', { requestId: id });
        return undefined;
      },
    }),
  );
  const list = async (fresh: boolean): Promise<void> => {
    await harness.host.request('list', { kind: 'tools', fresh });
    await harness.settle();
  };
  const passMinutes = async (): Promise<void> => {
    for (let second = 0; second < 120; second++) await harness.pass(1_000);
  };
  await harness.connect();
  await list(true);
  assert.equal(listens.length, 1, 'one that is still tried is not hurried');
  await passMinutes();
  assert.equal(listens.length, 5);
  await list(false);
  assert.equal(listens.length, 5, 'nobody asked');
  await list(true);
  await list(true);
  assert.equal(listens.length, 6, 'once');
  await passMinutes();
  assert.equal(listens.length, 10);
  assert.equal(harness.heard('unheard').length, 2, 'it is told once for each time');

  isEnding = false;
  await harness.host.request('relist', { kind: 'tools', fresh: true, known: undefined });
  await harness.settle();
  assert.equal(listens.length, 11);
  assert.ok(harness.heard('unheard').at(-1)?.unheard, 'not before it is open');
  acknowledge(harness);
  await harness.settle();
  assert.deepEqual(harness.heard('unheard').slice(2), [{ unheard: undefined }]);
  assert.deepEqual(harness.heard('listChanged'), ALL_CHANGED);
  await list(true);
  assert.equal(listens.length, 11, 'one that is open is left alone');
  await harness.end();
});

test('where nothing is left to be told of, nothing is missed', async () => {
  const harness = await ClientHarness.connected(
    modernAnswers(
      {
        'subscriptions/listen': (_params, { id }) => {
          harness.server.transport.peerHandlers?.onFailed(id, { code: 'answer-lost' });
          return undefined;
        },
      },
      { capabilities: { resources: { subscribe: true } } },
    ),
  );
  await harness.host.request('subscribe', { uri: 'a:b' });
  for (let second = 0; second < 120; second++) await harness.pass(1_000);
  assert.equal(harness.heard('unheard').length, 1);
  await harness.host.request('unsubscribe', { uri: 'a:b' });
  assert.deepEqual(harness.heard('unheard').slice(1), [{ unheard: undefined }]);
  await harness.end();
});

test('a server without subscriptions is not asked for other filters either', async () => {
  const refuses: Answer = () => {
    throw new ScriptedError(-32601, 'no');
  };
  const harness = await ClientHarness.connected(modernAnswers({ 'subscriptions/listen': refuses }));
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.pass(3_600_000);
  assert.equal(harness.sent('subscriptions/listen').length, 1);
  await harness.end();
});

test('a server that agrees to less than it was asked for is noted, once', async () => {
  const harness = await ClientHarness.connected(modernAnswers());
  const { promptsListChanged: _, ...less } = ALL_LISTS;
  acknowledge(harness);
  await harness.host.request('subscribe', { uri: 'a:b' });
  await harness.host.request('subscribe', { uri: 'c:d' });
  await harness.settle();
  assert.deepEqual(harness.heard('wire'), []);
  for (const agreed of [{ ...less, resourceSubscriptions: ['c:d', 'e:f'] }, {}]) {
    acknowledge(harness, agreed);
    await harness.settle();
    assert.deepEqual(
      harness.heard('wire').map(({ message }) => message),
      [
        'The server does not tell of all changes it was asked about, it left out: promptsListChanged, resourceSubscriptions (1).',
      ],
    );
  }
  await harness.end();
});

test('an acknowledgement in no form agrees to nothing', async () => {
  for (const notifications of [
    undefined,
    null,
    'all',
    [],
    { toolsListChanged: 'yes', resourceSubscriptions: 'a:b' },
  ]) {
    const harness = await ClientHarness.connected(
      modernAnswers({}, { capabilities: { tools: { listChanged: true } } }),
    );
    notify(
      harness,
      'notifications/subscriptions/acknowledged',
      idOf(newest(harness)),
      notifications === undefined ? {} : { notifications },
    );
    await harness.settle();
    assert.match(harness.heard('wire')[0]?.message ?? '', /left out: toolsListChanged\.$/);
    await harness.end();
  }
});
