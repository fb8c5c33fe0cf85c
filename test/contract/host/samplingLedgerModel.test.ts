/** Whatever happens in whatever order, each request ends once, and is counted as what the server was told. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { Deferred } from '../../../src/base/deferred';
import type { SamplingReply } from '../../../src/client/contract';
import { Calls } from '../../../src/host/calls';
import { ConsentQueue, type PersonDecision } from '../../../src/host/consentQueue';
import { ModelError, type ModelAnswer } from '../../../src/host/ports';
import { Sampling } from '../../../src/host/sampling';
import { SamplingGrants } from '../../../src/host/samplingGrants';
import { SamplingLedger } from '../../../src/host/samplingLedger';
import { SamplingRuns } from '../../../src/host/samplingRuns';
import { FailureError } from '../../../src/protocol/failure';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import { FakeClock } from '../../support/fakeClock';
import { silentLogger, TestWorld } from '../../support/testPorts';

const REQUEST: SamplingRequest = {
  messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
  maxTokens: 5,
  stopSequences: [],
  preferences: { hints: [] },
  ignored: [],
};

const SERVERS = ['user/one', 'user/two'];

/** A reply, and what may be counted of it. */
const COUNTED_AS: Readonly<Record<SamplingReply['kind'], RegExp>> = {
  answer: /^(?:answered|edited|by-hand)$/,
  rejected: /^(?:denied|answer-refused)$/,
  unavailable: /^(?:expired|withdrawn|failed|refused-.*)$/,
};

class Scene {
  readonly clock = new FakeClock();
  private readonly calls = new Calls(this.clock);
  private readonly queue = new ConsentQueue(this.clock);
  private readonly world = new TestWorld();
  private readonly models: Deferred<ModelAnswer>[] = [];
  private readonly requests: AbortController[] = [];
  private readonly callIds: number[] = [];
  readonly replies: SamplingReply['kind'][] = [];
  asked = 0;
  readonly ledger: SamplingLedger;
  private readonly sampling: Sampling;

  constructor(reviewAnswers: boolean) {
    this.world.clock = this.clock;
    this.world.answer = () => {
      const answer = new Deferred<ModelAnswer>();
      this.models.push(answer);
      return answer.promise;
    };
    const ports = this.world.ports();
    const settings = { samplingExpiryMs: 60_000, samplingReviewAnswers: reviewAnswers };
    this.ledger = new SamplingLedger(ports, () => ({ kind: 'user' }));
    const grants = new SamplingGrants(ports);
    this.sampling = new Sampling(
      this.clock,
      this.calls,
      this.queue,
      ports.models,
      settings,
      grants,
      this.ledger,
      new SamplingRuns(),
    );
  }

  call(serverId: string): void {
    const work = (callId: number, signal: AbortSignal): Promise<never> => {
      this.callIds.push(callId);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new FailureError({ code: 'cancelled' })));
      });
    };
    this.calls.run({ serverId, kind: 'tool', target: 't' }, {}, work).catch(() => undefined);
  }

  ask(serverId: string, off: boolean): void {
    this.asked++;
    const request = new AbortController();
    this.requests.push(request);
    const rule = off ? ({ kind: 'off' } as const) : ({ kind: 'ask', outsideCalls: false } as const);
    void this.sampling
      .serve(
        { serverId, serverName: serverId, rule, isOwn: true, fingerprint: serverId },
        REQUEST,
        { kind: 'unattributed' },
        silentLogger,
        request.signal,
      )
      .then(({ kind }) => this.replies.push(kind));
  }

  decide(index: number, decision: PersonDecision): void {
    const entries = this.queue.entries();
    const entry = entries[index % Math.max(1, entries.length)];
    if (entry) this.queue.decide(entry.id, decision);
  }

  model(index: number, works: boolean): void {
    const [answer] = this.models.splice(index % Math.max(1, this.models.length), 1);
    if (works)
      answer?.resolve({ role: 'assistant', text: 'yes', model: 'm', usage: { input: 7, output: 2 } });
    else answer?.reject(new ModelError('No.'));
  }

  cancel(index: number): void {
    this.requests[index % Math.max(1, this.requests.length)]?.abort();
  }

  endCall(index: number): void {
    const id = this.callIds[index % Math.max(1, this.callIds.length)];
    if (id !== undefined) this.calls.cancel(id);
  }

  async end(): Promise<void> {
    for (const request of this.requests) request.abort();
    for (const id of this.callIds) this.calls.cancel(id);
    this.queue.dispose();
    await turns(20);
  }
}

async function turns(count = 3): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

const decisions: readonly PersonDecision[] = [
  { kind: 'allow-once' },
  { kind: 'allow-once' },
  { kind: 'deny' },
  { kind: 'answer', text: 'mine' },
  { kind: 'answer', text: 'yes' },
  { kind: 'allow-edited', request: { ...REQUEST, maxTokens: 4 } },
];

const index = fc.nat(9);
const server = fc.constantFrom(...SERVERS);
const step = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), server, off: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ do: fc.constant('call' as const), server }),
  fc.record({ do: fc.constant('decide' as const), index, decision: fc.constantFrom(...decisions) }),
  fc.record({ do: fc.constant('model' as const), index, works: fc.boolean() }),
  fc.record({ do: fc.constant('cancel' as const), index }),
  fc.record({ do: fc.constant('end-call' as const), index }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 30_000, 61_000) }),
  fc.record({ do: fc.constant('settle' as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const ask: Step = { do: 'ask', server: 'user/one', off: 1 };
const settle: Step = { do: 'settle' };
const decide = (decision: PersonDecision): Step => ({ do: 'decide', index: 0, decision });
/** One of each that random runs may happen to miss: answered, by hand, denied, refused as busy, withdrawn. */
const ONE_OF_EACH: readonly Step[] = [
  ...[
    ask,
    settle,
    decide({ kind: 'allow-once' }),
    settle,
    { do: 'model', index: 0, works: true } as const,
    settle,
  ],
  ...[ask, settle, decide({ kind: 'answer', text: 'mine' }), settle],
  ...[ask, settle, decide({ kind: 'deny' }), settle],
  ...[ask, ask, ask, ask, ask, settle],
];

async function take(scene: Scene, each: Step): Promise<void> {
  switch (each.do) {
    case 'ask':
      return scene.ask(each.server, each.off === 0);
    case 'call':
      return scene.call(each.server);
    case 'decide':
      return scene.decide(each.index, each.decision);
    case 'model':
      return scene.model(each.index, each.works);
    case 'cancel':
      return scene.cancel(each.index);
    case 'end-call':
      return scene.endCall(each.index);
    case 'pass':
      return scene.clock.advance(each.ms);
    case 'settle':
      return await turns();
  }
}

test('each request is counted once, as what the server was told, whatever happens in whatever order', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
      async (reviewed, steps) => {
        const scene = new Scene(reviewed);
        for (const id of SERVERS) scene.call(id);
        for (const each of steps) await take(scene, each);
        await scene.end();
        assert.equal(scene.replies.length, scene.asked, 'every request has ended');
        const { outcomes, tokensIn, tokensOut } = scene.ledger.summary('year').total;
        const counted = Object.entries(outcomes);
        for (const [name] of counted) seen.add(name);
        for (const [kind, names] of Object.entries(COUNTED_AS))
          assert.equal(
            counted.reduce((sum, [name, count]) => sum + (names.test(name) ? count : 0), 0),
            scene.replies.filter((reply) => reply === kind).length,
            `${kind}: ${JSON.stringify(outcomes)}`,
          );
        assert.ok(tokensOut * 7 <= tokensIn * 2, 'nothing comes out of what did not go in');
        for (const id of SERVERS)
          assert.deepEqual(scene.ledger.of(id).today, scene.ledger.of(id).week, 'of this day alone');
        scene.ledger.dispose();
        assert.equal(scene.clock.waiting, 0, 'no timer is left');
      },
    ),
    { numRuns: 150, examples: [[false, [...ONE_OF_EACH]]] },
  );
  for (const name of ['answered', 'by-hand', 'denied', 'withdrawn', 'refused-busy'])
    assert.ok(seen.has(name), `no run had one that was ${name}`);
});
