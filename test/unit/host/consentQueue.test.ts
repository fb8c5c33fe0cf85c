import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConsentQueue, type ConsentChange, type ConsentSubject } from '../../../src/host/consentQueue';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import { FakeClock } from '../../support/fakeClock';
import { launchReview } from './subjects';

const WHO = { serverId: 'user/x', serverName: 'x' };
const SAMPLING = {
  kind: 'sampling',
  conversation: 1,
  request: { messages: [], maxTokens: 1, stopSequences: [], preferences: { hints: [] }, ignored: [] },
  cause: { kind: 'while-running', callTitles: [] },
  model: { kind: 'none', reason: 'none' },
} as const satisfies ConsentSubject;
const ANSWER: ConsentSubject = {
  kind: 'sampling-answer',
  conversation: 1,
  answer: { role: 'assistant', text: 'a', model: 'm' },
  request: SAMPLING.request,
  edited: false,
  cause: SAMPLING.cause,
  model: { kind: 'model', id: 'm', name: 'm', vendor: 'v', why: 'w', allowedByEditor: true },
  asksLeft: 4,
};
const LAUNCH: ConsentSubject = { kind: 'launch', review: launchReview(), changed: false };

interface Setup {
  readonly clock: FakeClock;
  readonly queue: ConsentQueue;
  readonly changes: ConsentChange[];
}

function setUp(): Setup {
  const clock = new FakeClock();
  const queue = new ConsentQueue(clock);
  const changes: ConsentChange[] = [];
  queue.onDidChange((change) => changes.push(change));
  return { clock, queue, changes };
}

test('an entry says who asks what, since when and until when, and waits in order', () => {
  const { clock, queue } = setUp();
  const signal = new AbortController().signal;
  void queue.ask(WHO, LAUNCH, { signal });
  clock.advance(5);
  void queue.ask(WHO, SAMPLING, { signal, expiresAfterMs: 10 });
  const since = clock.wall();
  assert.deepEqual(queue.entries(), [
    { id: 1, ...WHO, since: since - 5, subject: LAUNCH },
    { id: 2, ...WHO, since, expiresAt: since + 10, subject: SAMPLING },
  ]);
  assert.equal(queue.get(2), queue.entries()[1]);
  queue.dispose();
});

for (const decision of [{ kind: 'allow-once' }, { kind: 'deny' }, { kind: 'answer', text: 'x' }] as const)
  test(`a decision (${decision.kind}) settles the entry everywhere, and a second one finds nothing`, async () => {
    const { clock, queue, changes } = setUp();
    const outcome = queue.ask(WHO, SAMPLING, { signal: new AbortController().signal, expiresAfterMs: 10 });
    assert.equal(queue.decide(1, decision), true);
    assert.equal(queue.decide(1, { kind: 'allow-once' }), false);
    assert.deepEqual(await outcome, decision);
    assert.deepEqual(queue.entries(), []);
    assert.equal(clock.waiting, 0, 'its timer is gone');
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ['added', 'settled'],
    );
  });

test('an unknown entry is decided by nothing', () => {
  const { queue } = setUp();
  void queue.ask(WHO, LAUNCH, { signal: new AbortController().signal });
  for (const id of [0, 2, -1, Number.NaN]) assert.equal(queue.decide(id, { kind: 'allow-once' }), false);
  queue.dispose();
});

test('an edited request is taken only for a request, and only when it holds nothing that could not be edited', () => {
  const { queue } = setUp();
  const signal = new AbortController().signal;
  const image = { type: 'image', mimeType: 'image/png', data: Uint8Array.of(1) } as const;
  const request: SamplingRequest = {
    ...SAMPLING.request,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }, image] }],
    maxTokens: 10,
  };
  void queue.ask(WHO, { ...SAMPLING, request }, { signal });
  void queue.ask(WHO, ANSWER, { signal });
  void queue.ask(WHO, LAUNCH, { signal });
  const foreign = { ...image, data: Uint8Array.of(1) };
  for (const edited of [
    { ...request, maxTokens: 11 },
    { ...request, messages: [] },
    { ...request, messages: [{ role: 'user', content: [foreign] }] },
    { ...request, messages: [{ role: 'system', content: request.messages[0]?.content }] },
    { ...request, stopSequences: [''] },
  ] as SamplingRequest[])
    assert.equal(queue.decide(1, { kind: 'allow-edited', request: edited }), false);
  for (const id of [2, 3]) assert.equal(queue.decide(id, { kind: 'allow-edited', request }), false);
  assert.equal(queue.entries().length, 3);
  assert.equal(queue.decide(1, { kind: 'allow-edited', request: { ...request, maxTokens: 9 } }), true);
  queue.dispose();
});

test('nothing that happens without the person lets anything happen', async () => {
  const { clock, queue } = setUp();
  const abort = new AbortController();
  const aborted = queue.ask(WHO, LAUNCH, { signal: abort.signal });
  const expired = queue.ask(WHO, SAMPLING, { signal: new AbortController().signal, expiresAfterMs: 10 });
  const disposed = queue.ask(WHO, SAMPLING, { signal: new AbortController().signal });
  abort.abort();
  clock.advance(10);
  queue.dispose();
  const late = [
    queue.ask(WHO, LAUNCH, { signal: new AbortController().signal, expiresAfterMs: 10 }),
    queue.ask(WHO, LAUNCH, { signal: AbortSignal.abort() }),
  ];
  assert.deepEqual(
    (await Promise.all([aborted, expired, disposed, ...late])).map(({ kind }) => kind),
    ['withdrawn', 'expired', 'withdrawn', 'withdrawn', 'withdrawn'],
  );
  assert.equal(clock.waiting, 0);
});

test('a launch question does not expire', () => {
  const { clock, queue } = setUp();
  void queue.ask(WHO, LAUNCH, { signal: new AbortController().signal });
  clock.advance(365 * 86_400_000);
  assert.equal(queue.entries().length, 1);
  queue.dispose();
});

test('a listener that decides while it is told settles the entry once', async () => {
  const { queue } = setUp();
  queue.onDidChange((change) => {
    if (change.kind === 'added') queue.decide(change.entry.id, { kind: 'deny' });
    else queue.decide(change.entry.id, { kind: 'allow-once' });
  });
  assert.deepEqual(await queue.ask(WHO, LAUNCH, { signal: new AbortController().signal }), { kind: 'deny' });
});
