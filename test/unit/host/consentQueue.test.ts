import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import {
  ConsentQueue,
  type ConsentChange,
  type ConsentOutcome,
  type ConsentSubject,
} from '../../../src/host/consentQueue';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import { FakeClock } from '../../support/fakeClock';
import { launchReview } from './subjects';

const WHO = { serverId: 'user/x', serverName: 'x' };
const SAMPLING = {
  kind: 'sampling',
  request: { messages: [], maxTokens: 1, stopSequences: [], preferences: { hints: [] }, ignored: [] },
  cause: { kind: 'while-running', callTitles: [] },
  model: { kind: 'none', reason: 'none' },
} as const satisfies ConsentSubject;
const ANSWER: ConsentSubject = {
  kind: 'sampling-answer',
  answer: { role: 'assistant', text: 'a', model: 'm' },
  request: SAMPLING.request,
  edited: false,
  cause: SAMPLING.cause,
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

type Step =
  | { readonly kind: 'ask'; readonly launch: boolean; readonly expires?: number | undefined }
  | { readonly kind: 'allow-once' | 'deny' | 'answer' | 'abort'; readonly which: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'dispose' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      launch: fc.boolean(),
      expires: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('allow-once', 'deny', 'answer', 'abort'),
      which: fc.integer({ min: 0, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'dispose' as const }) },
);

/** What the queue should have made of each entry, from the steps alone. */
interface Expected {
  readonly launch: boolean;
  readonly due: number;
  outcome: ConsentOutcome['kind'] | undefined;
}

/** A queue, and beside it what it should have made of each entry. */
class Model {
  readonly expected: Expected[] = [];
  readonly outcomes: Promise<ConsentOutcome>[] = [];
  private readonly aborts: AbortController[] = [];
  private disposed = false;

  constructor(
    private readonly queue: ConsentQueue,
    private readonly clock: FakeClock,
  ) {}

  play(one: Step): void {
    switch (one.kind) {
      case 'ask':
        return this.ask(one.launch, one.expires);
      case 'pass':
        this.clock.advance(one.ms);
        for (const entry of this.expected)
          if (entry.due <= this.clock.monotonic()) entry.outcome ??= 'expired';
        return;
      case 'dispose':
        return this.dispose();
      case 'abort': {
        this.aborts[one.which]?.abort();
        const entry = this.expected[one.which];
        if (entry) entry.outcome ??= 'withdrawn';
        return;
      }
      default:
        return this.decide(one.which, one.kind);
    }
  }

  dispose(): void {
    this.queue.dispose();
    this.disposed = true;
    for (const entry of this.expected) entry.outcome ??= 'withdrawn';
  }

  private ask(launch: boolean, expires: number | undefined): void {
    const abort = new AbortController();
    const options = expires === undefined ? {} : { expiresAfterMs: expires };
    this.aborts.push(abort);
    this.outcomes.push(this.queue.ask(WHO, launch ? LAUNCH : SAMPLING, { signal: abort.signal, ...options }));
    const due = expires === undefined ? Number.POSITIVE_INFINITY : this.clock.monotonic() + expires;
    this.expected.push({ launch, due, outcome: this.disposed ? 'withdrawn' : undefined });
  }

  private decide(which: number, kind: 'allow-once' | 'deny' | 'answer'): void {
    const entry = this.expected[which];
    const takes = entry !== undefined && entry.outcome === undefined && !(entry.launch && kind === 'answer');
    // Entries are numbered in the order in which they were asked.
    const decided = this.queue.decide(which + 1, kind === 'answer' ? { kind, text: 'x' } : { kind });
    assert.equal(decided, takes);
    if (takes) entry.outcome = kind;
  }
}

test('whatever happens in whatever order, each entry settles exactly once, and by the first that settles it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, queue, changes } = setUp();
      const model = new Model(queue, clock);
      for (const one of steps) model.play(one);
      model.dispose();
      assert.deepEqual(
        (await Promise.all(model.outcomes)).map(({ kind }) => kind),
        model.expected.map(({ outcome }) => outcome),
      );
      const settled = changes.flatMap((change) => (change.kind === 'settled' ? [change.entry.id] : []));
      assert.equal(new Set(settled).size, settled.length, 'nobody is told twice');
      assert.equal(clock.waiting, 0);
    }),
    { numRuns: 500 },
  );
});
