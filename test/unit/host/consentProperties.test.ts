/** The queue under whatever happens in whatever order, for every kind of question: answers, late clicks, time, ends of servers, a window that closes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { ConsentQueue, type ConsentOutcome } from '../../../src/host/consentQueue';
import { FakeClock } from '../../support/fakeClock';
import { DECISIONS, FITTING } from './subjects';

const SERVERS = ['user/one', 'user/two', 'user/three'] as const;

/** `which` is a question by its number; there may be none. */
type Step =
  | {
      readonly kind: 'ask';
      readonly subject: number;
      readonly server: number;
      readonly expires?: number | undefined;
    }
  | { readonly kind: 'decide'; readonly which: number; readonly decision: number }
  /** The server takes its question back, or the call behind it ends. */
  | { readonly kind: 'take-back'; readonly which: number }
  | { readonly kind: 'crash'; readonly server: number }
  | { readonly kind: 'pass'; readonly ms: number }
  /** The window closes or is loaded anew. */
  | { readonly kind: 'close' };

const which = fc.integer({ min: 0, max: 12 });
const server = fc.integer({ min: 0, max: SERVERS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      subject: fc.integer({ min: 0, max: FITTING.length - 1 }),
      server,
      expires: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      which,
      decision: fc.integer({ min: 0, max: DECISIONS.length - 1 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take-back' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), server }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);

/** What the queue should have made of a question, from the steps alone. */
interface Expected {
  readonly subject: number;
  readonly server: number;
  readonly due: number;
  readonly abort: AbortController;
  /** Absent while it waits. */
  outcome: ConsentOutcome['kind'] | undefined;
}

/** A queue, and beside it what it should have made of each question. */
class Model {
  readonly clock = new FakeClock();
  readonly queue = new ConsentQueue(this.clock);
  readonly expected: Expected[] = [];
  /** How each really ended, and how often that was told. */
  readonly outcomes: ConsentOutcome['kind'][] = [];
  readonly told = new Map<number, number>();
  private readonly ends: Promise<void>[] = [];
  private isClosed = false;

  constructor() {
    this.queue.onDidChange((change) => {
      if (change.kind !== 'settled') return;
      const { id } = change.entry;
      this.told.set(id, (this.told.get(id) ?? 0) + 1);
      for (const decision of DECISIONS)
        assert.equal(this.queue.decide(id, decision), false, 'a click in the moment of the end is late');
    });
  }

  play(one: Step): void {
    switch (one.kind) {
      case 'ask':
        return this.ask(one.subject, one.server, one.expires);
      case 'decide':
        return this.decide(one.which, one.decision);
      case 'take-back':
        return this.withdraw((_, index) => index === one.which);
      case 'crash':
        return this.withdraw((entry) => entry.server === one.server);
      case 'pass':
        this.clock.advance(one.ms);
        for (const entry of this.expected)
          if (entry.due <= this.clock.monotonic()) entry.outcome ??= 'expired';
        return;
      case 'close':
        this.queue.dispose();
        this.isClosed = true;
        for (const entry of this.expected) entry.outcome ??= 'withdrawn';
    }
  }

  /** What should be waiting, by id and server. */
  waiting(): readonly (readonly [number, string])[] {
    return this.expected.flatMap(({ outcome, server: index }, at) =>
      outcome === undefined ? [[at + 1, SERVERS[index] ?? ''] as const] : [],
    );
  }

  async whenAllEnded(): Promise<void> {
    await Promise.all(this.ends);
  }

  private ask(subject: number, from: number, expires: number | undefined): void {
    const [, asked] = FITTING[subject] ?? assert.fail();
    const abort = new AbortController();
    const serverId = SERVERS[from] ?? assert.fail();
    const at = this.expected.length;
    const due = expires === undefined ? Number.POSITIVE_INFINITY : this.clock.monotonic() + expires;
    this.expected.push({
      subject,
      server: from,
      due,
      abort,
      outcome: this.isClosed ? 'withdrawn' : undefined,
    });
    const outcome = this.queue.ask({ serverId, serverName: serverId }, asked, {
      signal: abort.signal,
      ...(expires === undefined ? {} : { expiresAfterMs: expires }),
    });
    this.ends.push(outcome.then(({ kind }) => void (this.outcomes[at] = kind)));
  }

  private decide(at: number, decision: number): void {
    const said = DECISIONS[decision] ?? assert.fail();
    const entry = this.expected[at];
    const [, , fitting = ''] = entry ? (FITTING[entry.subject] ?? []) : [];
    const takes = entry?.outcome === undefined && fitting.split(' ').includes(said.kind);
    // Entries are numbered in the order in which they were asked.
    assert.equal(this.queue.decide(at + 1, said), takes);
    if (takes && entry) entry.outcome = said.kind;
  }

  private withdraw(isMeant: (entry: Expected, index: number) => boolean): void {
    for (const entry of this.expected.filter(isMeant)) {
      entry.abort.abort();
      entry.outcome ??= 'withdrawn';
    }
  }
}

test('whatever happens in whatever order, each question settles exactly once, by the first that settles it, and no late click decides', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const model = new Model();
      for (const one of steps) {
        model.play(one);
        assert.deepEqual(
          model.queue.entries().map(({ id, serverId }) => [id, serverId]),
          model.waiting(),
          'what waits is what nothing has settled yet, in its order',
        );
      }
      const waited = model.expected.length;
      model.play({ kind: 'close' });
      await model.whenAllEnded();
      assert.deepEqual(
        model.outcomes,
        model.expected.map(({ outcome }) => outcome),
      );
      assert.equal(model.outcomes.length, waited, 'each one was told how it ended');
      assert.ok(
        [...model.told.values()].every((times) => times === 1),
        'and nobody was told twice',
      );
      assert.equal(model.clock.waiting, 0, 'no timer is left');
    }),
    { numRuns: 500 },
  );
});
